using Bellman.Statistics;
using FsCheck;
using FsCheck.Fluent;

namespace Bellman.Tests.Statistics;

public sealed class AggregateTests
{
    // The values of these were computed once with NumPy 1.24; the trimmed mean sorts, cuts int(0.25 · n) at either end and averages.
    private static readonly double[] X = [0.1, 0.7, 0.35, 0.95, 0.5, 0.2, 0.81];
    private static readonly double[][] Tasks = [X, [0.3, 0.4, 0.9, 0.6, 0.05], [1, 2, 4]];

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(0.025, 0.115)]
    [InlineData(0.3, 0.32)]
    [InlineData(0.5, 0.5)]
    [InlineData(0.9, 0.866)]
    [InlineData(1, 0.95)]
    public void Quantiles_are_those_of_NumPy(double share, double expected) =>
        Assert.Equal(expected, Aggregate.Quantile(X, share), 12);

    [Fact]
    public void The_interquartile_mean_cuts_whole_values_rounded_down()
    {
        Assert.Equal(0.512, Aggregate.InterquartileMean(X), 12);
        Assert.Equal(0.6122222222222222, Aggregate.InterquartileMean(Tasks), 12);

        // Of eight, two at either end: (3 + 4 + 5 + 6) / 4. Of five, one: (2 + 3 + 4) / 3. Of three, none.
        Assert.Equal(4.5, Aggregate.InterquartileMean([8, 1, 2, 3, 4, 5, 6, 100]));
        Assert.Equal(3, Aggregate.InterquartileMean([-50, 3, 2, 4, 900]));
        Assert.Equal(4, Aggregate.InterquartileMean([1, 2, 9]));
    }

    [Fact]
    public void Mean_deviation_and_median_follow_their_definitions()
    {
        Assert.Equal(0.2950475575640134, Aggregate.StandardDeviation(X), 12);
        Assert.Equal(2.5, Aggregate.Mean([1, 2, 3, 4]));
        Assert.Equal(2.5, Aggregate.Median([4, 1, 3, 2]));

        // Task means are 1, 4 and 10.
        double[][] tasks = [[0, 2], [4], [10, 10, 10]];
        Assert.Equal(5, Aggregate.Mean(tasks));
        Assert.Equal(4, Aggregate.Median(tasks));
    }

    [Fact]
    public void What_lies_above_the_target_does_not_make_up_for_what_lies_below()
    {
        Assert.Equal(0.375, Aggregate.OptimalityGap([0.25, 5], target: 1));
        Assert.Equal(0.1875, Aggregate.OptimalityGap([[0.25, 5], [1, 1]], target: 1));
        Assert.Equal(0, Aggregate.OptimalityGap([2, 3], target: 1));
    }

    [Fact]
    public void Nothing_has_no_mean() => Assert.Throws<ArgumentException>(() => Aggregate.Mean(ReadOnlySpan<double>.Empty));

    [Fact]
    public void The_interquartile_mean_lies_between_the_quartiles_and_ignores_order()
    {
        Prop.ForAll(
            ArbMap.Default.GeneratorFor<NormalFloat>().NonEmptyListOf().ToArbitrary(),
            list =>
            {
                double[] values = [.. list.Select(value => value.Get % 1e6)];
                double mean = Aggregate.InterquartileMean(values);
                double[] reversed = [.. values.Reverse()];
                double slack = 1e-9 * (1 + values.Max(Math.Abs));
                return mean == Aggregate.InterquartileMean(reversed)
                    && mean >= values.Min() - slack && mean <= values.Max() + slack
                    && (values.Length % 4 != 0
                        || (mean >= Aggregate.Quantile(values, 0.25) - slack && mean <= Aggregate.Quantile(values, 0.75) + slack));
            }).QuickCheckThrowOnFailure();
    }
}
