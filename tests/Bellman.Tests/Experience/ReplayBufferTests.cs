using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace Bellman.Tests.Experience;

public sealed class ReplayBufferTests
{
    private static readonly Config Quietly = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);

    // Observations 0 1 2 3, 4 5 6 7, 8 9 10: an episode that ends, one that is cut off, one that goes on.
    private static readonly (double, Ending)[] ThreeEpisodes =
    [
        (1, Ending.None), (2, Ending.None), (4, Ending.Terminated),
        (8, Ending.None), (16, Ending.None), (32, Ending.Truncated),
        (64, Ending.None), (128, Ending.None),
    ];

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Three_step_returns_end_with_episodes_and_with_the_newest_step(bool pictures, bool prioritized)
    {
        (ReplayBuffer replay, VectorEnvironment environments) = Play(
            pictures, ThreeEpisodes, steps: 8, capacity: 100, nSteps: 3, discount: 0.5, prioritized);
        using (environments)
        {
            // Observation → (Σ 0.5ᵏ rₖ, last observation, 0.5ⁿ or 0 after an end).
            Dictionary<int, (float Reward, int Next, float Discount)> expected = new()
            {
                [0] = (3, 3, 0),
                [1] = (4, 3, 0),
                [2] = (4, 3, 0),
                [4] = (24, 7, 0.125f),
                [5] = (32, 7, 0.25f),
                [6] = (32, 7, 0.5f),
                [8] = (128, 10, 0.25f),
                [9] = (128, 10, 0.5f),
            };
            Batch batch = Draw(replay, 256, new Pcg64(3), prioritized);
            HashSet<int> seen = [];
            for (int row = 0; row < 256; row++)
            {
                int observation = Pixel(batch.Observations, row);
                Assert.Equal(expected[observation], (batch.Rewards[row], Pixel(batch.NextObservations, row), batch.Discounts[row]));
                seen.Add(observation);
            }

            Assert.Equal(expected.Keys.Order(), seen.Order());
        }
    }

    [Fact]
    public void A_memory_that_has_gone_round_holds_the_newest_transitions_and_joins_no_episodes() =>
        Check.One(Quietly, Prop.ForAll(
            Gen.Elements(Ending.None, Ending.None, Ending.None, Ending.Terminated, Ending.Truncated).ArrayOf(11).ToArbitrary(),
            Gen.Choose(1, 120).ToArbitrary(), Gen.Choose(0, 15).ToArbitrary(), (endings, length, choice) =>
            {
                bool pictures = (choice & 1) == 1;
                bool prioritized = (choice & 2) == 2;
                int nSteps = 1 + (choice / 4);
                const int Capacity = 20;
                (double, Ending)[] script = [.. endings.Select((ending, i) => (i + 1.0, ending))];
                (ReplayBuffer replay, VectorEnvironment environments) =
                    Play(pictures, script, length, Capacity, nSteps, discount: 0.5, prioritized);
                using (environments)
                {
                    List<Expected> history = History(script, length, nSteps);
                    Batch batch = Draw(replay, 64, new Pcg64((ulong)length), prioritized);
                    bool fits = replay.Count <= Math.Min(Capacity, length) && replay.Count > Math.Min(Capacity, length) / 3;
                    for (int row = 0; row < 64; row++)
                    {
                        var drawn = new Expected(
                            Pixel(batch.Observations, row), batch.Rewards[row], Pixel(batch.NextObservations, row), batch.Discounts[row]);
                        fits &= history.LastIndexOf(drawn) >= length - replay.Count;
                    }

                    return fits;
                }
            }));

    [Fact]
    public void Priorities_follow_errors_and_weights_correct_for_them()
    {
        (ReplayBuffer replay, VectorEnvironment environments) = Play(
            pictures: false, [(1, Ending.None)], steps: 4, capacity: 4, nSteps: 1, discount: 0.5, prioritized: true);
        using (environments)
        {
            var random = new Pcg64(5);

            // α = 0.5 makes the priorities 3, 1, 1, 1 of errors 9, 1, 1, 1, and the error's sign does not matter.
            SetErrors(replay, observation => observation == 0 ? -9 : 1);
            int[] counts = new int[4];
            for (int i = 0; i < 1000; i++)
            {
                Batch batch = replay.Sample(8, random, beta: 0.5);
                for (int row = 0; row < 8; row++)
                {
                    counts[Pixel(batch.Observations, row)]++;
                    float weight = Pixel(batch.Observations, row) == 0 ? (float)Math.Sqrt(1.0 / 3) : 1;
                    Assert.Equal(weight, batch.Weights![row], tolerance: 1e-5);
                }
            }

            // Of eight equal parts of the total, four are wholly the first transition's.
            Assert.Equal(4000, counts[0], tolerance: 10);
            Assert.All(counts[1..], count => Assert.Equal(1333, count, tolerance: 150));

            // A new transition takes the oldest one's place and the largest priority: again half of the draws.
            Step(replay, environments);
            Batch last = replay.Sample(600, random, beta: 1);
            int[] drawn = [.. Enumerable.Range(0, 600).Select(row => Pixel(last.Observations, row))];
            Assert.DoesNotContain(0, drawn);
            Assert.Equal(300, drawn.Count(observation => observation == 4), tolerance: 2);
        }
    }

    [Fact]
    public void An_error_that_is_not_finite_counts_as_the_largest()
    {
        (ReplayBuffer replay, VectorEnvironment environments) = Play(
            pictures: false, [(1, Ending.None)], steps: 4, capacity: 4, nSteps: 1, discount: 0.5, prioritized: true);
        using (environments)
        {
            SetErrors(replay, observation => observation == 2 ? float.NaN : 0);
            Batch batch = replay.Sample(100, new Pcg64(1), beta: 1);
            Assert.All(Enumerable.Range(0, 100), row => Assert.True(float.IsFinite(batch.Weights![row])));
            Assert.Contains(2, Enumerable.Range(0, 100).Select(row => Pixel(batch.Observations, row)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_loaded_memory_draws_what_the_saved_one_draws(int copies)
    {
        (ReplayBuffer saved, VectorEnvironment environments) =
            Play(pictures: true, ThreeEpisodes, steps: 50, capacity: 24, nSteps: 3, discount: 0.5, prioritized: true, copies);
        using (environments)
        {
            SetErrors(saved, observation => observation);
            using var stream = new MemoryStream();
            saved.Visit(new StateWriter(stream));
            stream.Position = 0;
            ReplayBuffer loaded = Memory(environments, capacity: 24, nSteps: 3, discount: 0.5, prioritized: true);
            loaded.Visit(new StateReader(stream, stream.Length));
            Step(saved, environments);
            loaded.Add(environments);
            Batch first = saved.Sample(32, new Pcg64(9), beta: 0.7);
            Batch second = loaded.Sample(32, new Pcg64(9), beta: 0.7);
            Assert.Equal(first.Observations.Bytes, second.Observations.Bytes);
            Assert.Equal(first.Rewards.ToArray(), second.Rewards.ToArray());
            Assert.Equal(first.Weights!.ToArray(), second.Weights!.ToArray());
        }
    }

    [Fact]
    public void A_memory_without_priorities_refuses_beta()
    {
        (ReplayBuffer replay, VectorEnvironment environments) = Play(
            pictures: false, ThreeEpisodes, steps: 8, capacity: 10, nSteps: 1, discount: 0.5, prioritized: false);
        using (environments)
        {
            Assert.Throws<InvalidOperationException>(() => replay.Sample(4, new Pcg64(1), beta: 1));
            Assert.Null(replay.Sample(4, new Pcg64(1)).Weights);
        }
    }

    private static (ReplayBuffer Replay, VectorEnvironment Environments) Play(
        bool pictures, (double, Ending)[] script, int steps, int capacity, int nSteps, double discount, bool prioritized, int copies = 1)
    {
        var environments = new VectorEnvironment(() => new ScriptedEnvironment(pictures, script), copies);
        ReplayBuffer replay = Memory(environments, capacity, nSteps, discount, prioritized);
        environments.Reset(seed: 1);
        replay.Begin(environments.Observations);
        for (int i = 0; i < steps; i++)
        {
            Step(replay, environments);
        }

        return (replay, environments);
    }

    private static ReplayBuffer Memory(
        VectorEnvironment environments, int capacity, int nSteps, double discount, bool prioritized) =>
        new(
            capacity, environments.ObservationSpace, environments.ActionSpace, environments.Count, discount, nSteps,
            prioritized ? new Prioritization(Alpha: 0.5, Epsilon: 1e-6) : null);

    private static void Step(ReplayBuffer replay, VectorEnvironment environments)
    {
        environments.Step();
        replay.Add(environments);
    }

    private static Batch Draw(ReplayBuffer replay, int size, Pcg64 random, bool prioritized) =>
        prioritized ? replay.Sample(size, random, beta: 0.4) : replay.Sample(size, random);

    // A batch large enough to hold every transition while all priorities are equal.
    private static void SetErrors(ReplayBuffer replay, Func<int, float> error)
    {
        Batch all = replay.Sample(8 * replay.Capacity, new Pcg64(1), beta: 1);
        float[] errors = [.. Enumerable.Range(0, all.Rewards.Length).Select(row => error(Pixel(all.Observations, row)))];
        replay.SetPriorities(all, errors);
    }

    private static int Pixel(Tensor observations, int row)
    {
        int size = observations.Length / observations.Shape[0];
        return observations.IsByte ? observations.Bytes[row * size] : (int)observations.Values[row * size];
    }

    // The plain way: every transition with all that followed it at hand.
    private static List<Expected> History((double Reward, Ending Ending)[] script, int length, int nSteps)
    {
        List<Expected> history = [];
        int[] observationOf = new int[length];
        for (int i = 1; i < length; i++)
        {
            observationOf[i] = observationOf[i - 1] + (script[(i - 1) % script.Length].Ending == Ending.None ? 1 : 2);
        }

        for (int i = 0; i < length; i++)
        {
            double reward = 0;
            int last = i - 1;
            do
            {
                last++;
                reward += Math.Pow(0.5, last - i) * script[last % script.Length].Reward;
            }
            while (last + 1 < length && last + 1 < i + nSteps && script[last % script.Length].Ending == Ending.None);

            double discount = script[last % script.Length].Ending == Ending.Terminated ? 0 : Math.Pow(0.5, last + 1 - i);
            history.Add(new Expected(observationOf[i] % 256, (float)reward, (observationOf[last] + 1) % 256, (float)discount));
        }

        return history;
    }

    private sealed record Expected(int Observation, float Reward, int Next, float Discount);
}
