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

    // The tiered compiler counts 30 calls before it compiles a method anew; each tier wants its own. Patience has an end, though.
    private const int WarmUpRepetitions = 40;
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(10);

    /// <summary>Repeats something until it is compiled and warm, then for more than a second.</summary>
    public static Measurement Of(Action action, TimeProvider clock)
    {
        int block = (int)Math.Max(1, WarmUpSpeed(action, clock) * BlockTime.TotalSeconds);
        List<double> times = [];
        long count = 0;
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        long allocated = 0;
        long start = clock.GetTimestamp();
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

    /// <summary>Repeats something until it is compiled for good; repetitions per second of the second half.</summary>
    private static double WarmUpSpeed(Action action, TimeProvider clock)
    {
        double speed = 0;
        for (int half = 0; half < 2; half++)
        {
            long start = clock.GetTimestamp();
            int repetitions = 0;
            TimeSpan elapsed = default;
            while (elapsed < WarmUp / 2 || (repetitions < WarmUpRepetitions && elapsed < LongestWarmUp / 2))
            {
                action();
                repetitions++;
                elapsed = clock.GetElapsedTime(start);
            }

            speed = repetitions / elapsed.TotalSeconds;

            // The tiered compiler waits for quiet moments; a pause lets it finish.
            Thread.Sleep(150);
        }

        return speed;
    }
}
