namespace Bellman.Environments;

/// <summary>Threads that wait for ranges of copies to step. Each copy is stepped by one thread, so the outcome is that of one thread.</summary>
internal sealed class WorkerTeam : IDisposable
{
    private readonly Action<int, int> work;
    private readonly Thread[] threads;
    private readonly SemaphoreSlim[] starts;
    private readonly CountdownEvent running;
    private readonly Exception?[] errors;
    private int count;
    private volatile bool isClosing;

    /// <param name="size">Threads, the caller's included.</param>
    /// <param name="work">Does the items from the first up to, not including, the second.</param>
    public WorkerTeam(int size, Action<int, int> work)
    {
        this.work = work;
        running = new CountdownEvent(size - 1);
        errors = new Exception?[size];
        starts = new SemaphoreSlim[size - 1];
        threads = new Thread[size - 1];
        for (int i = 0; i < threads.Length; i++)
        {
            int index = i;
            starts[i] = new SemaphoreSlim(0);
            threads[i] = new Thread(() => Serve(index)) { IsBackground = true, Name = $"environments {i}" };
            threads[i].Start();
        }
    }

    /// <summary>Does items 0 up to, not including, <paramref name="items"/>, and returns when all are done.</summary>
    public void Run(int items)
    {
        count = items;
        running.Reset();
        foreach (SemaphoreSlim start in starts)
        {
            start.Release();
        }

        Do(starts.Length);
        running.Wait();
        Exception? error = Array.Find(errors, caught => caught is not null);
        if (error is null) return;
        Array.Clear(errors);
        throw new InvalidOperationException($"A copy of the environment failed: {error.Message}", error);
    }

    public void Dispose()
    {
        isClosing = true;
        for (int i = 0; i < threads.Length; i++)
        {
            starts[i].Release();
            threads[i].Join();
            starts[i].Dispose();
        }

        running.Dispose();
    }

    private void Serve(int index)
    {
        while (true)
        {
            starts[index].Wait();
            if (isClosing) return;
            Do(index);
            running.Signal();
        }
    }

    private void Do(int index)
    {
        try
        {
            work((int)((long)count * index / errors.Length), (int)((long)count * (index + 1) / errors.Length));
        }
        catch (Exception error)
        {
            errors[index] = error;
        }
    }
}
