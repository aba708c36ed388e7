using Bellman.Neural.Nn.Distributions;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Nn.Distributions;

/// <summary>What is drawn, against what should be; densities and gradients are held against PyTorch's elsewhere.</summary>
public sealed class SamplingTests
{
    private const int Count = 20_000;

    [Fact]
    public void Classes_come_as_often_as_they_should()
    {
        var random = new Pcg64(1);
        Tensor logits = Tensor.From([0, 1, -1, 2], 1, 4);
        var distribution = new Categorical(logits.BroadcastTo(new Shape(Count, 4)));
        float[] sample = distribution.Sample(random).ToArray();
        for (int i = 0; i < 4; i++)
        {
            float expected = distribution.Probabilities[0, i];
            Assert.Equal(expected, sample.Count(value => value == i) / (double)Count, 4 * Math.Sqrt(expected / Count));
        }

        Assert.Equal(3, distribution.Mode()[0]);
    }

    [Fact]
    public void Forbidden_classes_never_come_and_have_no_entropy()
    {
        Tensor mask = Tensor.From([0, 1, 1, 0], 4);
        var distribution = new Categorical(Tensor.From([50, 1, 1, 3], 1, 4).BroadcastTo(new Shape(Count, 4)), mask);
        Assert.All(distribution.Sample(new Pcg64(1)).ToArray(), value => Assert.InRange(value, 1, 2));
        Assert.Equal(Math.Log(2), distribution.Entropy()[0], 1e-6);
        Assert.Equal(1, distribution.Mode()[0]);
        Assert.Equal(0, distribution.Probabilities[0, 0]);
    }

    [Fact]
    public void Infinite_logits_forbid_too()
    {
        var distribution = new Categorical(Tensor.From([float.NegativeInfinity, 0, 0], 1, 3));
        Assert.Equal(Math.Log(2), distribution.Entropy()[0], 1e-6);
    }

    [Fact]
    public void Several_choices_are_drawn_each_by_itself()
    {
        var distribution = new MultiCategorical(Tensor.From([0, 30, 30, 0, 0], 1, 5), [2, 3]);
        Assert.Equal([1, 0], distribution.Sample(new Pcg64(3)).ToArray());
        Assert.Equal([1, 0], distribution.Mode().ToArray());
        Assert.Equal(0, distribution.Divergence(distribution)[0], 1e-6);
    }

    [Fact]
    public void Normal_actions_have_their_mean_and_deviation()
    {
        var distribution = new DiagonalGaussian(Tensor.Full(new Shape(Count, 2), 3), Tensor.From([0, MathF.Log(2)], 2));
        Tensor sample = distribution.Sample(new Pcg64(1));
        Assert.False(sample.RequiresGradient);
        Tensor mean = sample.Mean(0);
        Tensor deviation = sample.Std(0);
        Assert.Equal(3, mean[0], 0.03);
        Assert.Equal(3, mean[1], 0.06);
        Assert.Equal(1, deviation[0], 0.03);
        Assert.Equal(2, deviation[1], 0.06);
    }

    [Fact]
    public void Gradients_pass_through_reparametrised_samples()
    {
        Tensor mean = Tensor.Zeros(2, 3).RequireGradient();
        Tensor deviation = Tensor.Zeros(3).RequireGradient();
        Tensor sample = new DiagonalGaussian(mean, deviation).SampleWithGradient(new Pcg64(1));
        sample.Sum().Backward();
        Assert.All(mean.Gradient.ToArray(), gradient => Assert.Equal(1, gradient));
        Assert.Equal(sample[0, 1] + sample[1, 1], deviation.Gradient[1], 1e-6);
    }

    [Fact]
    public void Squashed_densities_of_samples_and_of_actions_agree()
    {
        var distribution = new SquashedGaussian(Tensor.Full(new Shape(50, 2), 0.2f), Tensor.Full(new Shape(2), -0.5f));
        (Tensor action, Tensor density) = distribution.SampleWithGradient(new Pcg64(1));
        Tensor again = distribution.LogProbability(action);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(density[i], again[i], 1e-3);
        }

        Assert.All(distribution.Sample(new Pcg64(2)).ToArray(), value => Assert.InRange(value, -1, 1));
        Assert.Equal(MathF.Tanh(0.2f), distribution.Mode()[0], 1e-6);
        Assert.True(float.IsFinite(distribution.LogProbability(Tensor.Full(new Shape(50, 2), 1))[0]));
    }

    [Fact]
    public void Bits_come_as_often_as_they_should()
    {
        var distribution = new Bernoulli(Tensor.From([-1, 2], 1, 2).BroadcastTo(new Shape(Count, 2)));
        Tensor mean = distribution.Sample(new Pcg64(1)).Mean(0);
        Assert.Equal(distribution.Probabilities[0, 0], mean[0], 0.015);
        Assert.Equal(distribution.Probabilities[0, 1], mean[1], 0.015);
        Assert.Equal([0, 1], distribution.Mode().Slice(0, 0, 1).ToArray());
    }

    [Fact]
    public void Nothing_is_allocated_inside_of_a_workspace()
    {
        var random = new Pcg64(1);
        var workspace = new Workspace();
        Tensor logits = Tensor.Zeros(8, 5).RequireGradient();
        Tensor deviations = Tensor.Zeros(5).RequireGradient();
        int[] sizes = [2, 3];
        for (int i = 0; i < 3; i++) Step();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 4; i++) Step();
        }));

        void Step()
        {
            using Workspace.Scope scope = workspace.Begin();
            logits.ZeroGradient();
            var one = new Categorical(logits);
            var several = new MultiCategorical(logits, sizes);
            var normal = new DiagonalGaussian(logits, deviations);
            var bits = new Bernoulli(logits);
            (Tensor squashed, Tensor density) = new SquashedGaussian(logits, deviations).SampleWithGradient(random);
            Tensor loss = Objective(one, random) + Objective(several, random) + Objective(normal, random) + Objective(bits, random);
            (loss + density.Mean() + squashed.Mean()).Backward();
        }

        static Tensor Objective<T>(T distribution, Pcg64 random)
            where T : struct, IDistribution =>
            distribution.LogProbability(distribution.Sample(random)).Mean() + distribution.Entropy().Mean()
            + distribution.LogProbability(distribution.Mode()).Mean();
    }

    [Fact]
    public void Actions_of_another_shape_are_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => new DiagonalGaussian(Tensor.Zeros(2, 3), Tensor.Zeros(3)).LogProbability(Tensor.Zeros(2, 4)));
        Assert.Contains("[2, 3]", error.Message);
        Assert.Contains("[2, 4]", error.Message);
        Assert.Throws<ArgumentException>(() => new Categorical(Tensor.Zeros(3)));
        Assert.Throws<ArgumentException>(() => new MultiCategorical(Tensor.Zeros(2, 4), [2, 3]));
    }
}
