using Bellman.Environments;
using Bellman.Environments.Wrappers;
using Bellman.Experience;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace Bellman.Tests.Experience;

/// <summary>A memory keeps the newest frame of each stack, and gives back the stacks that were seen.</summary>
public sealed class StackedReplayTests
{
    private const int Stack = 4;
    private const int Capacity = 24;

    private static readonly Config Quietly = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);

    [Fact]
    public void Stacks_are_rebuilt_as_they_were_seen_and_never_join_two_episodes() =>
        Check.One(Quietly, Prop.ForAll(
            Gen.Elements(Ending.None, Ending.None, Ending.None, Ending.Terminated, Ending.Truncated).ArrayOf(9).ToArbitrary(),
            Gen.Choose(1, 90).ToArbitrary(), Gen.Choose(1, 3).ToArbitrary(), (endings, length, nSteps) =>
            {
                (double, Ending)[] script = [.. endings.Select((ending, i) => (i + 1.0, ending))];
                using var environments = new VectorEnvironment(() => new FrameStack(new ScriptedEnvironment(pictures: true, script), Stack), count: 2);
                var replay = new ReplayBuffer(Capacity, environments.ObservationSpace, environments.ActionSpace, 2, 0.9, nSteps);
                environments.Reset(seed: 0);
                replay.Begin(environments.Observations);
                HashSet<string> seen = [];
                for (int i = 0; i < length; i++)
                {
                    Note(seen, environments.Observations);
                    environments.Step();
                    Note(seen, environments.NextObservations);
                    replay.Add(environments);
                }

                Batch batch = replay.Sample(64, new Pcg64((ulong)length));
                return Rows(batch.Observations).Concat(Rows(batch.NextObservations)).All(seen.Contains)
                    && (length < Capacity / 2 || replay.Count > Capacity / 3);
            }));

    [Fact]
    public void A_stack_is_kept_as_one_frame()
    {
        using var environments = new VectorEnvironment(() => new FrameStack(new ScriptedEnvironment(pictures: true, (1, Ending.None)), Stack));
        int frame = ((Box)environments.ObservationSpace).FrameSize;
        long whole = Bytes(new FrameStore(1000, environments.ObservationSpace), 1000);
        long single = Bytes(new FrameStore(1000, environments.ObservationSpace, single: true), 1000);
        Assert.Equal(1000 * frame, single);
        Assert.Equal(1000 * frame * Stack, whole);
    }

    [Fact]
    public void Stacks_of_differences_are_rebuilt_too()
    {
        using var environments = new VectorEnvironment(() => Registry.Find("VisualCartPole-v0").Make([KeyValuePair.Create("stack", (object)3)]));
        var replay = new ReplayBuffer(100, environments.ObservationSpace, environments.ActionSpace, 1, 0.9, 2);
        var random = new Pcg64(3);
        environments.Reset(seed: 3);
        replay.Begin(environments.Observations);
        HashSet<string> seen = [];
        for (int i = 0; i < 60; i++)
        {
            Note(seen, environments.Observations);
            environments.ActionSpace.Sample(random, environments.Actions.Values);
            environments.Step();
            Note(seen, environments.NextObservations);
            replay.Add(environments);
        }

        Batch batch = replay.Sample(32, random);
        Assert.All(Rows(batch.Observations).Concat(Rows(batch.NextObservations)), row => Assert.Contains(row, seen));
    }

    private static long Bytes(FrameStore store, int frames)
    {
        var counter = new Neural.State.StateCounter();
        store.Visit(counter, frames);
        return counter.Bytes;
    }

    private static void Note(HashSet<string> seen, Tensor rows)
    {
        foreach (string row in Rows(rows))
        {
            seen.Add(row);
        }
    }

    private static IEnumerable<string> Rows(Tensor rows)
    {
        int count = rows.Shape[0];
        int size = rows.Length / count;
        float[] numbers = rows.IsByte ? [.. rows.Bytes.ToArray().Select(value => (float)value)] : rows.ToArray();
        return Enumerable.Range(0, count).Select(row => string.Join(' ', numbers.AsSpan(row * size, size).ToArray()));
    }
}
