using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Environments.Wrappers;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;
using Bellman.Training;

namespace Bellman.Tests.Training;

public sealed class EvaluatorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public void Exactly_the_episodes_of_their_seeds_are_counted_whatever_the_number_of_copies(int copies)
    {
        var evaluator = new Evaluator(() => new Countdown(), copies);
        Evaluation evaluation = evaluator.Run(new Idle(), episodes: 10, seed: 3);

        // The episode of seed s lasts 1 + s mod 7 steps and each step brings its seed.
        Assert.Equal([4L, 5, 6, 7, 1, 2, 3, 4, 5, 6], evaluation.Lengths);
        Assert.Equal([12.0, 20, 30, 42, 7, 16, 27, 40, 55, 72], evaluation.Returns);
    }

    public static TheoryData<string> Ids => new(Registry.All.Select(spec => spec.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Returns_do_not_depend_on_the_number_of_copies(string id)
    {
        const int Episodes = 8;
        Evaluation[] evaluations = [.. new[] { 1, 3, Episodes }.Select(copies =>
        {
            var evaluator = new Evaluator(() => new TimeLimit(Registry.Find(id).Make(), 150), copies);
            return evaluator.Run(new Fidgety(Registry.Find(id).Make().ActionSpace), Episodes, seed: 5);
        })];
        Assert.All(evaluations, evaluation => Assert.Equal(evaluations[0].Returns, evaluation.Returns));
    }

    [Fact]
    public void Films_do_not_depend_on_the_ones_before()
    {
        string folder = Directory.CreateTempSubdirectory("bellman-").FullName;
        IEnvironment walker = Registry.Find("BipedalWalker-v3").Make();
        var film = new EpisodeFilm(new TimeLimit(walker, 60));
        byte[][] films = [.. Enumerable.Range(0, 4).Select(i =>
        {
            string path = Path.Combine(folder, $"{i}.gif");
            film.Shoot(new Fidgety(walker.ActionSpace), seed: 5, path);
            return File.ReadAllBytes(path);
        })];
        Assert.All(films, bytes => Assert.Equal(films[0], bytes));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Mean_and_deviation_are_over_all_episodes()
    {
        var evaluation = new Evaluation([2, 4, 4, 4, 5, 5, 7, 9], [1, 1, 1, 1, 1, 1, 1, 3]);
        Assert.Equal(5, evaluation.MeanReturn);
        Assert.Equal(2, evaluation.StandardDeviation);
        Assert.Equal(1.25, evaluation.MeanLength);
    }

    private sealed class Idle : IPolicy
    {
        public void Act(Tensor observations, Tensor actions) => actions.Values.Clear();
    }

    /// <summary>Acts by a mixture of the bits that it sees.</summary>
    private sealed class Fidgety(Space space) : IPolicy
    {
        public void Act(Tensor observations, Tensor actions)
        {
            for (int i = 0; i < actions.Shape[0]; i++)
            {
                ulong seed = 0;
                foreach (float number in observations.Row(i))
                {
                    seed = (seed * 31) + BitConverter.SingleToUInt32Bits(number);
                }

                space.Sample(new Pcg64(seed), actions.Row(i));
            }
        }
    }

    private sealed class Countdown : IEnvironment
    {
        private ulong seed;
        private ulong left;

        public Space ObservationSpace { get; } = new Box(0, 100, new Shape(1));

        public Space ActionSpace { get; } = new Discrete(2);

        public void Reset(Span<float> observation, ulong? seed = null)
        {
            this.seed = seed ?? throw new InvalidOperationException("Evaluation gives each episode its seed.");
            left = 1 + (this.seed % 7);
            observation[0] = left;
        }

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            left--;
            observation[0] = left;
            return new StepResult(seed, Terminated: left == 0);
        }
    }
}
