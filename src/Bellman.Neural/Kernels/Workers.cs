using System.Runtime.CompilerServices;

namespace Bellman.Neural.Kernels;

/// <summary>Work that falls into items, each of which writes memory of its own, so that their order and their threads do not matter.</summary>
internal interface IWork
{
    /// <summary>Does one item; called by several threads at a time.</summary>
    void Do(int item);
}

/// <summary>Divides large work among threads.</summary>
internal static unsafe class Workers
{
    // About 70 µs on a core of 2024: waking a thread costs a tenth of it.
    private const long ManyProducts = 1 << 23;

    // Half a mebibyte: less is in the nearer caches of the thread that wrote it.
    private const int ManyElements = 1 << 17;

    // A quarter of the second cache for two sequences read and one written.
    private const int ElementsOfItem = 1 << 14;

    private static readonly Lock Changing = new();

    private static WorkerPool? pool;

    /// <summary>Threads that share work, the caller's included.</summary>
    public static int Threads
    {
        get => (Volatile.Read(ref pool)?.Helpers ?? 0) + 1;
        set
        {
            lock (Changing)
            {
                if (value == Threads) return;
                WorkerPool? old = Interlocked.Exchange(ref pool, value == 1 ? null : new WorkerPool(value - 1));
                old?.Dispose();
            }
        }
    }

    /// <summary>Whether so many multiply-adds are worth dividing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ShareProducts(long count) => pool is not null && count >= ManyProducts;

    /// <summary>Whether a pass over so many elements is worth dividing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ShareElements(long count) => pool is not null && count >= ManyElements;

    /// <summary>Does items 0 up to, not including, <paramref name="items"/>, on all threads if <paramref name="share"/> says so.</summary>
    /// <param name="work">On the caller's stack, where the other threads read it.</param>
    public static void Run<TWork>(ref TWork work, int items, bool share)
        where TWork : struct, IWork
    {
        if (share && items > 1 && pool is WorkerPool workers && workers.TryRun(&Do<TWork>, Unsafe.AsPointer(ref work), items)) return;
        for (int item = 0; item < items; item++)
        {
            work.Do(item);
        }
    }

    /// <summary>Does a pass over elements, divided into stretches that start on cache lines where the elements do.</summary>
    public static void RunElements<TWork>(ref TWork work, int length)
        where TWork : struct, IElementWork
    {
        ElementItems<TWork> items = new() { Work = Unsafe.AsPointer(ref work), Length = length };
        Run(ref items, (int)(((long)length + ElementsOfItem - 1) / ElementsOfItem), share: true);
    }

    private static void Do<TWork>(void* work, int item)
        where TWork : struct, IWork => Unsafe.AsRef<TWork>(work).Do(item);

    private struct ElementItems<TWork> : IWork
        where TWork : struct, IElementWork
    {
        public void* Work;
        public int Length;

        public readonly void Do(int item)
        {
            int start = item * ElementsOfItem;
            Unsafe.AsRef<TWork>(Work).Do(start, Math.Min(ElementsOfItem, Length - start));
        }
    }
}

/// <summary>A pass over elements that can be divided anywhere.</summary>
internal interface IElementWork
{
    void Do(int start, int count);
}
