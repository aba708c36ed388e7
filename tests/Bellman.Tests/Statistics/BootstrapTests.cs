using Bellman.Neural.Random;
using Bellman.Statistics;

namespace Bellman.Tests.Statistics;

/// <summary>
/// Expected intervals were computed once with NumPy 1.24: <c>default_rng(seed)</c>, one <c>integers(0, n)</c> for every run drawn, tasks in
/// order, <c>percentile</c> of the values.
/// </summary>
public sealed class BootstrapTests
{
    private static readonly double[] X = [0.1, 0.7, 0.35, 0.95, 0.5, 0.2, 0.81];
    private static readonly double[][] Tasks = [X, [0.3, 0.4, 0.9, 0.6, 0.05], [1, 2, 4]];

    [Fact]
    public void The_interval_of_one_task_is_that_of_NumPys_draws()
    {
        Estimate estimate = new Bootstrap(new Pcg64(7), resamples: 500).Of(X, runs => Aggregate.InterquartileMean(runs));
        AssertEqual(0.512, 0.24475, 0.794, estimate);
    }

    [Fact]
    public void Several_tasks_are_drawn_each_from_its_own_runs()
    {
        AssertEqual(
            0.6122222222222222, 0.4052777777777778, 0.77625,
            new Bootstrap(new Pcg64(7), resamples: 500).Of(Tasks, Aggregate.InterquartileMean));
        Estimate median = new Bootstrap(new Pcg64(11), resamples: 300).Of(Tasks, Aggregate.Median);
        AssertEqual(3.61 / 7, 0.3755714285714286, 0.7630714285714285, median);
    }

    [Fact]
    public void Curves_are_drawn_whole()
    {
        double[][] curves = [[1, 2, 3], [2, 2, 5], [0, 4, 9], [1, 7, 4], [3, 3, 3]];
        Estimate[] estimates =
            new Bootstrap(new Pcg64(5), resamples: 200).OfCurves(curves, runs => Aggregate.InterquartileMean(runs));
        AssertEqual(4.0 / 3, 1.0 / 3, 7.0 / 3, estimates[0]);
        AssertEqual(3, 2, 5.341666666666669, estimates[1]);
        AssertEqual(4, 3, 7.666666666666667, estimates[2]);
    }

    [Fact]
    public void A_single_run_tells_nothing_of_others()
    {
        Estimate estimate = new Bootstrap(new Pcg64(1)).Of([3], runs => Aggregate.Mean(runs));
        AssertEqual(3, 3, 3, estimate);
    }

    [Fact]
    public void Pairs_that_are_equal_count_half()
    {
        // Of the twelve pairs of the first task eight are won and two are equal; in the second all but the 2 against 9 and 0 are equal.
        double[][] x = [[3, 5, 5, 8], [2, 2]];
        double[][] y = [[5, 4, 1], [2, 9, 0]];
        Assert.Equal(0.75, Improvement.Probability(x[0], y[0]));
        Assert.Equal(0.5, Improvement.Probability(x[1], y[1]));
        Assert.Equal(0.625, Improvement.Probability(x, y));
        AssertEqual(
            0.625, 0.3322916666666667, 0.9166666666666667,
            Improvement.Probability(x, y, new Bootstrap(new Pcg64(3), resamples: 400)));
        Assert.Equal(1, Improvement.Probability([2, 3], [1]));
        Assert.Equal(1, Improvement.Probability(x[0], y[0]) + Improvement.Probability(y[0], x[0]));
    }

    [Fact]
    public void Algorithms_are_compared_on_the_same_tasks() =>
        Assert.Throws<ArgumentException>(() => Improvement.Probability([[1.0]], []));

    private static void AssertEqual(double value, double low, double high, Estimate estimate)
    {
        Assert.Equal(value, estimate.Value, 12);
        Assert.Equal(low, estimate.Interval.Low, 12);
        Assert.Equal(high, estimate.Interval.High, 12);
    }
}
