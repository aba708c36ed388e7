using Bellman.Neural.Random;
using Bellman.Training.Tuning;

namespace Bellman.Tests.Training.Tuning;

public sealed class SamplerTests
{
    private static readonly SearchSpace Square =
        new([new RangeDimension("x", -5, 5), new RangeDimension("y", 1e-4, 1, isLogarithmic: true)]);

    [Fact]
    public void The_estimator_finds_the_top_of_a_hill_in_fewer_trials_than_chance()
    {
        const int Seeds = 30;
        double chance = Enumerable.Range(0, Seeds).Average(seed => TrialsToReach(new RandomSampler(), -0.02, (ulong)seed));
        double learned = Enumerable.Range(0, Seeds).Average(seed => TrialsToReach(new TpeSampler(), -0.02, (ulong)seed));
        Assert.True(learned < 0.6 * chance, $"{learned} trials against {chance} by chance.");
    }

    [Fact]
    public void The_first_trials_are_those_of_chance_and_failed_ones_are_avoided()
    {
        var space = new SearchSpace([new ChoiceDimension("c", ["a", "b"])]);
        Trial[] few = [.. Enumerable.Range(0, 9).Select(i => SearchSpaceTests.TrialOf(i, ["a"], [0], i))];
        Assert.Equal(new RandomSampler().Sample(space, few, new Pcg64(5)), new TpeSampler().Sample(space, few, new Pcg64(5)));

        // 8 good ones have a; what failed has b: from l = (9/10, 1/10), g = (1/34, 33/34), a draw of a has the higher ratio.
        Trial[] many =
        [
            .. Enumerable.Range(0, 8).Select(i => SearchSpaceTests.TrialOf(i, ["a"], [0], 1)), .. Enumerable.Range(8, 32).Select(Failed),
        ];
        Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal([0.0], new TpeSampler { GoodShare = 0.2 }.Sample(space, many, new Pcg64((ulong)seed))));
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.8413447461)]
    [InlineData(-1.959963985, 0.025)]
    [InlineData(3, 0.9986501020)]
    public void The_normal_distribution_is_as_in_tables(double z, double expected) =>
        Assert.Equal(expected, ParzenDensity.NormalCumulative(z), tolerance: 1e-7);

    [Fact]
    public void A_density_of_kernels_adds_up_to_one_within_its_range()
    {
        var density = new ParzenDensity([-1.9, -1.8, 0.5, 3], low: -2, high: 3);
        const int Cells = 20_000;
        double sum = Enumerable.Range(0, Cells).Sum(i => Math.Exp(density.LogAt(-2 + (5 * (i + 0.5) / Cells))) * 5 / Cells);
        Assert.Equal(1, sum, tolerance: 1e-5);
        var random = new Pcg64(seed: 3);
        double[] draws = [.. Enumerable.Range(0, 4000).Select(_ => density.Draw(random))];
        Assert.All(draws, draw => Assert.InRange(draw, -2, 3));
        double below = Enumerable.Range(0, Cells / 5).Sum(i => Math.Exp(density.LogAt(-2 + (5 * (i + 0.5) / Cells))) * 5 / Cells);
        Assert.Equal(below, draws.Count(draw => draw < -1) / 4000.0, tolerance: 0.03);
    }

    [Fact]
    public void Choices_are_counted_as_if_each_had_been_taken_once_more()
    {
        var density = new CountDensity([0, 0, 2], choices: 3);
        Assert.Equal([3 / 6.0, 1 / 6.0, 2 / 6.0], Enumerable.Range(0, 3).Select(i => Math.Exp(density.LogAt(i))), (a, b) => Math.Abs(a - b) < 1e-12);
        var random = new Pcg64(seed: 4);
        double[] draws = [.. Enumerable.Range(0, 6000).Select(_ => density.Draw(random))];
        Assert.Equal(0.5, draws.Count(draw => draw == 0) / 6000.0, tolerance: 0.03);
        Assert.Equal(1 / 3.0, draws.Count(draw => draw == 2) / 6000.0, tolerance: 0.03);
    }

    private static Trial Failed(int number)
    {
        var trial = new Trial(number, ["b"], [1], rungsOfSeed: 1);
        trial.End(TrialState.Failed, "not possible");
        return trial;
    }

    /// <summary>Trials until −((x − 1)² / 25 + (log₁₀ y + 3)² / 4) is above a value.</summary>
    private static int TrialsToReach(ISampler sampler, double value, ulong seed)
    {
        const int Most = 400;
        Pcg64[] streams = new Pcg64(seed).Spawn(Most);
        List<Trial> ended = [];
        while (ended.Count < Most)
        {
            double[] point = sampler.Sample(Square, ended, streams[ended.Count]);
            double x = (point[0] - 1) / 5;
            double y = ((point[1] / Math.Log(10)) + 3) / 2;
            double height = -((x * x) + (y * y));
            ended.Add(SearchSpaceTests.TrialOf(ended.Count, ["", ""], point, height));
            if (height > value) break;
        }

        return ended.Count;
    }
}
