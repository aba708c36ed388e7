using System.Diagnostics;

namespace Bellman.Neural.Kernels;

/// <summary>Threads that help a caller with the items of its work. They sleep between works, after looking out for the next one briefly.</summary>
/// <remarks>
/// Nothing is allocated per work. The caller takes part and waits only for helpers that have entered, so a helper that the machine has no
/// core for delays nobody.
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    private const int Closed = int.MinValue;

    // The works of an update follow one another within microseconds; the next update may be long in coming.
    private static readonly long LookOut = Stopwatch.Frequency / 20_000;

    private readonly SemaphoreSlim wake = new(0);
    private readonly Thread[] threads;
    private delegate*<void*, int, void> function;
    private void* work;
    private int items;
    private int next;

    /// <summary>The number of helpers inside of the work, plus <see cref="Closed"/> while none may enter.</summary>
    private int gate = Closed;

    /// <summary>Counts the works, so that a helper enters each at most once.</summary>
    private int turn;
    private int sleepers;
    private int isTaken;
    private volatile bool isClosing;

    /// <param name="helpers">Threads beside the caller's.</param>
    public WorkerPool(int helpers)
    {
        threads = new Thread[helpers];
        for (int i = 0; i < helpers; i++)
        {
            threads[i] = new Thread(Serve) { IsBackground = true, Name = $"tensors {i + 1}" };
            threads[i].Start();
        }
    }

    public int Helpers => threads.Length;

    /// <summary>Does all items and returns, or returns false at once if another caller has the helpers.</summary>
    public bool TryRun(delegate*<void*, int, void> function, void* work, int items)
    {
        if (Interlocked.Exchange(ref isTaken, 1) != 0) return false;
        this.function = function;
        this.work = work;
        this.items = items;
        next = 0;
        Volatile.Write(ref gate, 0);

        // A full fence: either this sees who sleeps, or who is about to sleep sees the new turn.
        Interlocked.Increment(ref turn);
        int asleep = Interlocked.Exchange(ref sleepers, 0);
        if (asleep > 0) wake.Release(asleep);
        try
        {
            DoItems();
        }
        finally
        {
            Interlocked.Or(ref gate, Closed);
            SpinWait wait = default;
            while (Volatile.Read(ref gate) != Closed)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }

            Volatile.Write(ref isTaken, 0);
        }

        return true;
    }

    /// <summary>Ends the threads. A work that is under way is finished first; later callers are refused.</summary>
    public void Dispose()
    {
        SpinWait wait = default;
        while (Interlocked.Exchange(ref isTaken, 1) != 0)
        {
            wait.SpinOnce();
        }

        isClosing = true;
        int asleep = Interlocked.Exchange(ref sleepers, 0);
        if (asleep > 0) wake.Release(asleep);
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        wake.Dispose();
    }

    private void Serve()
    {
        int seen = 0;
        while (!isClosing)
        {
            if (!Await(ref seen) || !TryEnter()) continue;
            DoItems();
            Interlocked.Decrement(ref gate);
        }
    }

    /// <summary>Looks out for a new turn, then sleeps until woken. False where there may be none.</summary>
    private bool Await(ref int seen)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            int now = Volatile.Read(ref turn);
            if (now != seen)
            {
                seen = now;
                return true;
            }

            Thread.SpinWait(4);
        }
        while (Stopwatch.GetTimestamp() - start < LookOut);

        Interlocked.Increment(ref sleepers);
        bool stays = Volatile.Read(ref turn) == seen && !isClosing;

        // Every sleeper that is counted away by others gets a permit from them; one that counts itself away does not.
        if (stays || !TryCountAway()) wake.Wait();
        return false;
    }

    private bool TryCountAway()
    {
        while (true)
        {
            int count = Volatile.Read(ref sleepers);
            if (count == 0) return false;
            if (Interlocked.CompareExchange(ref sleepers, count - 1, count) == count) return true;
        }
    }

    private bool TryEnter()
    {
        while (true)
        {
            int inside = Volatile.Read(ref gate);
            if (inside < 0) return false;
            if (Interlocked.CompareExchange(ref gate, inside + 1, inside) == inside) return true;
        }
    }

    private void DoItems()
    {
        while (true)
        {
            int item = Interlocked.Increment(ref next) - 1;
            if (item >= items) return;
            function(work, item);
        }
    }
}
