namespace Bellman.Neural.Tests;

/// <summary>Bytes that work allocates on the calling thread.</summary>
internal static class Allocation
{
    private const int Tries = 5;

    /// <summary>
    /// The least of several tries: a collection that another thread causes meanwhile counts the rest of this thread's buffer as used, and
    /// code that is compiled again may allocate once; what allocates by itself does so at every try.
    /// </summary>
    public static long Of(Action work)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Tries && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
