using Bellman.Neural.Kernels;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Nn;

public sealed class QuantileLossTests
{
    [Fact]
    public void The_loss_of_two_quantiles_is_that_computed_by_hand()
    {
        // τ is 0.25, 0.75. With q = 0 and targets 0.5, −2: u = 0.5, −2 and H = 0.125, 1.5, so ½(0.25 · 0.125 + 0.75 · 1.5) = 0.578125.
        // With q = 1: u = −0.5, −3 and H = 0.125, 2.5, so ½(0.25 · 0.125 + 0.25 · 2.5) = 0.328125.
        Tensor quantiles = Tensor.From([0, 1], 1, 2).RequireGradient();
        Tensor loss = Loss.QuantileHuber(quantiles, Tensor.From([0.5f, -2], 1, 2));
        Assert.Equal(0.90625f, loss.Item());
        loss.Backward();

        // −½(0.25 · 0.5 + 0.75 · −1) and −½(0.25 · −0.5 + 0.25 · −1).
        Assert.Equal([0.3125f, 0.1875f], quantiles.Gradient.ToArray());
    }

    [Fact]
    public void A_threshold_scales_and_weights_multiply_rows()
    {
        // One quantile, τ = 0.5. u = 3, κ = 2: H / κ = (3 − 1) = 2, so 0.5 · 2 = 1; u = −1: H / κ = 0.25, so 0.125.
        Tensor quantiles = Tensor.From([0, 0], 2, 1).RequireGradient();
        Tensor loss = Loss.QuantileHuber(quantiles, Tensor.From([3, -1], 2, 1), kappa: 2, Tensor.From([1, 4], 2));
        Assert.Equal(0.75f, loss.Item());
        loss.Backward();
        Assert.Equal([-0.25f, 0.5f], quantiles.Gradient.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(37)]
    public void Every_width_gives_the_same_bits(int count)
    {
        var random = new Pcg64(1);
        float[] quantiles = random.Fill(count);
        float[] fractions = [.. Enumerable.Range(0, count).Select(i => (i + 0.5f) / count)];
        float[] targets = random.Fill(23);
        float[] narrow = Row<Simd1>();
        Assert.Equal(narrow, Row<Simd128>());
        Assert.Equal(narrow, Row<Simd256>());
        Assert.Equal(narrow, Row<Simd512>());

        float[] Row<V>() where V : struct, ISimd<V>
        {
            float[] loss = new float[count];
            float[] slope = new float[count];
            QuantileRegression.Row<V>(quantiles, fractions, targets, 0.5f, loss, slope);
            return [.. loss, .. slope];
        }
    }

    [Fact]
    public void Minimising_it_finds_the_quantiles()
    {
        // Of the numbers 0 … 99, with a threshold so small that the penalty is all but linear.
        Tensor quantiles = Tensor.Zeros(1, 4).RequireGradient();
        Tensor target = Tensor.From([.. Enumerable.Range(0, 100).Select(i => (float)i)], 1, 100);
        for (int i = 0; i < 2000; i++)
        {
            quantiles.ZeroGradient();
            Loss.QuantileHuber(quantiles, target, kappa: 0.01f).Backward();
            for (int j = 0; j < 4; j++)
            {
                quantiles[0, j] -= 2 * quantiles.Gradient[j];
            }
        }

        float[] expected = [12, 37, 62, 87];
        Assert.All(expected.Index(), entry => Assert.Equal(entry.Item, quantiles[0, entry.Index], tolerance: 1.5f));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Loss.QuantileHuber(Tensor.Zeros(2, 3), Tensor.Zeros(3, 3)));
        Assert.Contains("[2, 3], [3, 3]", error.Message);
    }

    [Fact]
    public void Dueling_distributions_have_the_mean_of_V()
    {
        var random = new Pcg64(1);
        var value = new Linear(4, 5, random);
        var dueling = new Dueling(value, new Linear(4, 3 * 5, random), numbers: 5);
        Tensor input = Tensor.From(random.Fill(8), 2, 4);
        Tensor mean = dueling.Forward(input).Reshape(2, 3, 5).Mean(axis: 1);
        Tensor expected = value.Forward(input);
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(expected.Values[i], mean.Values[i], tolerance: 1e-6f));
    }
}

file static class Numbers
{
    public static float[] Fill(this Pcg64 random, int count)
    {
        float[] values = new float[count];
        random.FillNormal(values, 0, 1);
        return values;
    }
}
