using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tests.Kernels;

public sealed unsafe class WorkerPoolTests
{
    [Fact]
    public void Every_item_is_done_once_in_every_turn()
    {
        using var pool = new WorkerPool(3);
        int[] counts = new int[97];
        fixed (int* work = counts)
        {
            for (int turn = 0; turn < 2000; turn++)
            {
                Assert.True(pool.TryRun(&Count, work, 1 + (turn % counts.Length)));
            }
        }

        for (int item = 0; item < counts.Length; item++)
        {
            Assert.Equal(Enumerable.Range(0, 2000).Count(turn => turn % counts.Length >= item), counts[item]);
        }
    }

    [Fact]
    public void Helpers_work_beside_the_caller()
    {
        using var pool = new WorkerPool(1);
        int* arrived = stackalloc int[1];
        *arrived = 0;

        // Each of the two items ends only when the other has begun: one thread alone would never come back.
        Assert.True(pool.TryRun(&Meet, arrived, 2));
        Assert.Equal(2, *arrived);
    }

    [Fact]
    public void Helpers_wake_up_after_a_pause()
    {
        using var pool = new WorkerPool(2);
        int* arrived = stackalloc int[1];
        for (int turn = 0; turn < 3; turn++)
        {
            *arrived = 0;
            Thread.Sleep(20);
            Assert.True(pool.TryRun(&MeetThree, arrived, 3));
        }
    }

    [Fact]
    public void A_second_caller_is_refused()
    {
        using var pool = new WorkerPool(1);
        shared = pool;
        int refused = 0;
        Assert.True(pool.TryRun(&CallAgain, &refused, 2));
        Assert.Equal(2, refused);
        shared = null;
    }

    private static WorkerPool? shared;

    private static void Count(void* work, int item) => Interlocked.Increment(ref ((int*)work)[item]);

    private static void Meet(void* work, int item) => Await((int*)work, 2);

    private static void MeetThree(void* work, int item) => Await((int*)work, 3);

    private static void CallAgain(void* work, int item)
    {
        if (!shared!.TryRun(&Count, work, 1)) Interlocked.Increment(ref *(int*)work);
    }

    private static void Await(int* arrived, int expected)
    {
        Interlocked.Increment(ref *arrived);
        SpinWait.SpinUntil(Arrived(arrived, expected));
    }

    private static Func<bool> Arrived(int* arrived, int expected)
    {
        var address = (nint)arrived;
        return () => Volatile.Read(ref *(int*)address) >= expected;
    }
}
