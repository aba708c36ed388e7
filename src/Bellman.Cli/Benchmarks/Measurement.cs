namespace Bellman.Cli.Benchmarks;

/// <summary>How long something takes and what it allocates.</summary>
/// <param name="Microseconds">Median over blocks of repetitions.</param>
/// <param name="BytesAllocated">Per repetition, by this thread.</param>
internal readonly record struct Measurement(double Microseconds, double BytesAllocated)
{
    // A block is long against the clock's resolution and short against the machine's changes of mood.
    private static readonly TimeSpan BlockTime = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.7);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1.5);

    /// <summary>Repeats something until it is compiled and warm, then for more than a second.</summary>
    public static Measurement Of(Action action, TimeProvider clock)
    {
        long start = clock.GetTimestamp();
        long repetitions = 0;

        // The tiered compiler waits for quiet moments; a pause between two halves lets it finish.
        foreach (double share in (ReadOnlySpan<double>)[0.5, 1])
        {
            for (; clock.GetElapsedTime(start) < WarmUp * share; repetitions++)
            {
                action();
            }

            Thread.Sleep(150);
            start += clock.TimestampFrequency * 150 / 1000;
        }

        int block = (int)Math.Max(1, repetitions * (BlockTime / WarmUp));
        List<double> times = [];
        long count = 0;
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        long allocated = 0;
        start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start) < Duration)
        {
            long blockStart = clock.GetTimestamp();
            for (int i = 0; i < block; i++)
            {
                action();
            }

            double microseconds = clock.GetElapsedTime(blockStart).TotalMicroseconds / block;
            allocated += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
            count += block;
            times.Add(microseconds);
            allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        }

        times.Sort();
        return new Measurement(times[times.Count / 2], (double)allocated / count);
    }
}
