using Bellman.Neural.Random;
using Bellman.Training.Tuning;

namespace Bellman.Tests.Training.Tuning;

public sealed class OptionImportanceTests
{
    private static readonly SearchSpace Space =
        new([new RangeDimension("x", 10, 20), new ChoiceDimension("c", ["a", "b"]), new RangeDimension("z", 0, 1)]);

    [Fact]
    public void A_tree_divides_its_variance_exactly()
    {
        // 0 for x < ½; beyond, 1 for the first choice and 3 for the second. The mean is 1, the variance ½·1 + ¼·0 + ¼·4 = 3/2; the means over
        // x are 0 and 2, of variance 1; those over the choices ½ and 3/2, of variance ¼. The rest belongs to both together.
        double[][] points = [[0.2, 0], [0.2, 1], [0.2, 0], [0.2, 1], [0.8, 0], [0.8, 0], [0.8, 1], [0.8, 1]];
        double[] values = [0, 0, 0, 0, 1, 1, 3, 3];
        double[]? shares = RegressionTree.Grow(points, values, [0, 1, 2, 3, 4, 5, 6, 7], choices: [0, 2]).Shares();
        Assert.NotNull(shares);
        Assert.Equal(2 / 3.0, shares[0], tolerance: 1e-12);
        Assert.Equal(1 / 6.0, shares[1], tolerance: 1e-12);
        Assert.Null(RegressionTree.Grow(points, new double[8], [0, 1, 2, 3, 4, 5, 6, 7], choices: [0, 2]).Shares());
    }

    [Fact]
    public void Two_options_of_equal_weight_have_equal_shares_and_an_idle_one_none()
    {
        // A uniform x has variance 1/12, a choice of 0 or h has h²/4: equal for h = 1/√3.
        double[]? shares = Shares(point => ((point[0] - 10) / 10) + (point[1] / Math.Sqrt(3)));
        Assert.NotNull(shares);
        Assert.Equal(0.5, shares[0], tolerance: 0.08);
        Assert.Equal(0.5, shares[1], tolerance: 0.08);
        Assert.InRange(shares[2], 0, 0.02);
    }

    [Fact]
    public void Of_few_trials_or_equal_ones_nothing_is_said()
    {
        Assert.Null(Shares(_ => -500));
        Assert.Null(Shares(point => point[0], count: 3));
    }

    private static double[]? Shares(Func<double[], double> score, int count = 300)
    {
        var random = new Pcg64(seed: 7);
        Trial[] trials =
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                double[] point = new RandomSampler().Sample(Space, [], random);
                return SearchSpaceTests.TrialOf(i, ["", "", ""], point, score(point));
            }),
        ];
        return OptionImportance.Of(Space, trials, new Pcg64(seed: 8));
    }
}
