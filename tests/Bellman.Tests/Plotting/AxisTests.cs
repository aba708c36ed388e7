using Bellman.Plotting;
using FsCheck;
using FsCheck.Fluent;

namespace Bellman.Tests.Plotting;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0, 500, "0 100 200 300 400 500")]
    [InlineData(12, 497, "0 100 200 300 400 500")]
    [InlineData(-480, -60, "−500 −400 −300 −200 −100 0")]
    [InlineData(0.0123, 0.0171, "0.012 0.013 0.014 0.015 0.016 0.017 0.018")]
    [InlineData(0, 50_000, "0 10k 20k 30k 40k 50k")]
    [InlineData(0, 2_400_000, "0 0.5M 1.0M 1.5M 2.0M 2.5M")]
    [InlineData(-1.5, 0.5, "−1.5 −1.0 −0.5 0 0.5")]
    [InlineData(0, 4e-5, "0 1e−5 2e−5 3e−5 4e−5")]
    public void Ticks_are_round_and_labels_short(double low, double high, string labels) =>
        Assert.Equal(labels, string.Join(' ', Axis.Of([low, double.NaN, high], ticks: 5, isTight: false).Labels()));

    [Fact]
    public void A_tight_axis_ends_at_its_values()
    {
        var axis = Axis.Of([40, 4960], ticks: 5, isTight: true);
        Assert.Equal((0, 4960), (axis.Low, axis.High));
        Assert.Equal([0, 1000, 2000, 3000, 4000], axis.Ticks);
        Assert.Equal(0.5, axis.Place(2480));
    }

    [Fact]
    public void Equal_values_and_none_at_all_have_an_axis_too()
    {
        Assert.Equal("0 0.2 0.4 0.6 0.8 1.0", string.Join(' ', Axis.Of([], ticks: 5, isTight: false).Labels()));
        var axis = Axis.Of([7, 7], ticks: 5, isTight: false);
        Assert.InRange(7, axis.Low + 1e-9, axis.High - 1e-9);
    }

    [Fact]
    public void An_axis_shows_all_values_with_few_different_labels()
    {
        Prop.ForAll(
            ArbMap.Default.GeneratorFor<NormalFloat>().Two().ToArbitrary(),
            ends =>
            {
                double[] values = [ends.Item1.Get, ends.Item2.Get];
                var axis = Axis.Of(values, ticks: 5, isTight: false);
                string[] labels = axis.Labels();
                return values.All(value => axis.Place(value) is >= -1e-6 and <= 1 + 1e-6)
                    && labels.Length is >= 2 and <= 9 && labels.Distinct().Count() == labels.Length;
            }).QuickCheckThrowOnFailure();
    }
}
