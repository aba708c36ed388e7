using Bellman.Statistics;

namespace Bellman.Tests.Statistics;

public sealed class CurveTests
{
    [Fact]
    public void A_window_averages_what_came_before() =>
        Assert.Equal([2, 3, 4, 7], new Curve([1, 2, 3, 4], [2, 4, 6, 11]).Smooth(3).Y);

    [Fact]
    public void Between_its_values_a_curve_is_straight_and_beyond_them_level() =>
        Assert.Equal([5, 5, 6, 8, 8, 2, 2], new Curve([10, 20, 30], [5, 8, 2]).At([0, 10, 10 + (10 / 3.0), 20, 20, 30, 99]), Near);

    [Fact]
    public void Curves_meet_from_where_the_last_begins_to_where_the_longest_ends()
    {
        Curve[] curves = [new([0, 100], [1, 1]), new([10, 50], [1, 1])];
        Assert.Equal([10, 40, 70, 100], Curve.CommonPlaces(curves, count: 4));
        Assert.Equal([100], Curve.CommonPlaces(curves, count: 1));
        Assert.Equal([7], Curve.CommonPlaces([new Curve([7], [1])]));
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-12;
}
