using Bellman.Neural.Nn.Distributions;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Nn.Distributions;

public sealed class StateDependentNoiseTests
{
    private static readonly float[] HalfAndQuarter = [MathF.Log(0.5f), MathF.Log(0.25f)];

    [Fact]
    public void Density_entropy_and_gradients_are_those_of_a_variance_summed_over_the_features()
    {
        // z = (1, 2), σ = (½, ¼): variance 1·¼ + 4·(1/16) = ½. At a distance of 0.7: −0.49 / (2·½) − ½·ln ½ − ½·ln 2π.
        Tensor mean = Tensor.From([0.3f], 1, 1).RequireGradient();
        Tensor parameter = Tensor.From(HalfAndQuarter, 2, 1).RequireGradient();
        Tensor features = Tensor.From([1, 2], 1, 2).RequireGradient();
        DiagonalGaussian distribution = StateDependentNoise.Distribution(mean, features, StateDependentNoise.Deviation(parameter));
        Tensor density = distribution.LogProbability(Tensor.From([1], 1, 1));
        Assert.Equal(-0.49 + 0.3465736 - 0.9189385, density[0], 1e-5);
        Assert.Equal(0.5 - 0.3465736 + 0.9189385, distribution.Entropy()[0], 1e-5);
        Assert.Equal(0.3f, distribution.Mode()[0]);

        // With v the variance: d/dμ = 0.7 / v; d/dv = 0.49 / 2v² − 1 / 2v = −0.02; dv/d ln σ = 2z²σ² = ½ for both; dv/dz = 2zσ².
        density.Sum().Backward();
        Assert.Equal(1.4, mean.Gradient[0], 1e-4);
        Assert.Equal(-0.01, parameter.Gradient[0], 1e-4);
        Assert.Equal(-0.01, parameter.Gradient[1], 1e-4);
        Assert.Equal(-0.02 * 0.5, features.Gradient[0], 1e-4);
        Assert.Equal(-0.02 * 0.25, features.Gradient[1], 1e-4);
    }

    [Fact]
    public void The_same_state_meets_the_same_noise_until_it_is_drawn_anew()
    {
        var random = new Pcg64(1);
        var noise = new StateDependentNoise(features: 2, actions: 3, copies: 1, random);
        Tensor features = Tensor.From([1, 2, 1, 2, 2, 4], 3, 2);
        Tensor deviation = Tensor.Full(new Shape(2, 3), 0.1f);
        float[] first = noise.Of(features, deviation).ToArray();
        Assert.Equal(first[..3], first[3..6]);
        Assert.Equal(2 * first[1], first[7], 1e-6);
        Assert.Equal(first, noise.Of(features, deviation).ToArray());
        noise.Draw(random);
        Assert.NotEqual(first, noise.Of(features, deviation).ToArray());
    }

    [Fact]
    public void Each_copy_has_a_matrix_of_its_own()
    {
        var noise = new StateDependentNoise(features: 2, actions: 2, copies: 3, new Pcg64(1));
        var drawn = new float[12];
        new Pcg64(1).FillNormal(drawn);
        Tensor result = noise.Of(Tensor.From([1, 0, 0, 1, 1, 1], 3, 2), Tensor.Full(new Shape(2, 2), 0.5f));
        float[] expected =
        [
            0.5f * drawn[0], 0.5f * drawn[1], 0.5f * drawn[6], 0.5f * drawn[7],
            0.5f * (drawn[8] + drawn[10]), 0.5f * (drawn[9] + drawn[11]),
        ];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], result[i], 1e-6);
        }

        ArgumentException error =
            Assert.Throws<ArgumentException>(() => noise.Of(Tensor.Zeros(2, 2), Tensor.Full(new Shape(2, 2), 0.5f)));
        Assert.Contains("[2, 2]", error.Message);
    }

    [Fact]
    public void Over_many_draws_the_noise_has_the_variance_of_the_distribution()
    {
        const int Draws = 20_000;
        var random = new Pcg64(4);
        Tensor features = Tensor.From([1, 2], 1, 2);
        Tensor deviation = StateDependentNoise.Deviation(Tensor.From(HalfAndQuarter, 2, 1));
        var noise = new StateDependentNoise(features: 2, actions: 2, copies: 1, random);
        double sum = 0;
        double squares = 0;
        double product = 0;
        for (int i = 0; i < Draws; i++)
        {
            noise.Draw(random);
            Tensor value = noise.Of(features, deviation);
            sum += value[0];
            squares += value[0] * value[0];
            product += value[0] * value[1];
        }

        Assert.Equal(0, sum / Draws, 0.02);
        Assert.Equal(0.5, squares / Draws, 0.02);
        Assert.Equal(0, product / Draws, 0.02);      // actions draw independently, also where they share a deviation
    }

    [Fact]
    public void Gradients_reach_features_and_deviations_through_the_noise()
    {
        var drawn = new float[2];
        new Pcg64(1).FillNormal(drawn);
        var noise = new StateDependentNoise(features: 2, actions: 1, copies: 1, new Pcg64(1));
        Tensor features = Tensor.From([1, 2], 1, 2).RequireGradient();
        Tensor parameter = Tensor.From(HalfAndQuarter, 2, 1).RequireGradient();
        noise.Of(features, StateDependentNoise.Deviation(parameter)).Sum().Backward();
        Assert.Equal(0.5f * drawn[0], features.Gradient[0], 1e-6);
        Assert.Equal(0.25f * drawn[1], features.Gradient[1], 1e-6);
        Assert.Equal(1 * 0.5f * drawn[0], parameter.Gradient[0], 1e-6);
        Assert.Equal(2 * 0.25f * drawn[1], parameter.Gradient[1], 1e-6);
    }

    [Fact]
    public void The_second_form_of_the_deviation_grows_slowly_above_zero()
    {
        Tensor parameter = Tensor.From([-1, 0, 1], 3, 1).RequireGradient();
        Tensor deviation = StateDependentNoise.Deviation(parameter, expln: true);
        Assert.Equal(0.36787944, deviation[0], 1e-6);
        Assert.Equal(1, deviation[1], 1e-6);
        Assert.Equal(1.6931472, deviation[2], 1e-6);
        deviation.Sum().Backward();
        Assert.Equal(0.36787944, parameter.Gradient[0], 1e-6);
        Assert.Equal(1, parameter.Gradient[1], 1e-6);
        Assert.Equal(0.5, parameter.Gradient[2], 1e-6);
        Assert.Equal(2.7182818, StateDependentNoise.Deviation(parameter)[2], 1e-5);
    }

    [Fact]
    public void Squashed_actions_have_the_density_of_the_squashed_distribution()
    {
        Tensor mean = Tensor.From([0.2f, -0.4f], 1, 2);
        Tensor features = Tensor.From([1, 2], 1, 2);
        Tensor deviation = StateDependentNoise.Deviation(Tensor.From(HalfAndQuarter, 2, 1));
        var squashed = new SquashedGaussian(StateDependentNoise.Distribution(mean, features, deviation));
        Tensor noise = new StateDependentNoise(features: 2, actions: 2, copies: 1, new Pcg64(3)).Of(features, deviation);
        (Tensor action, Tensor density) = squashed.Squash(mean + noise);
        Assert.Equal(MathF.Tanh(0.2f + noise[0]), action[0], 1e-6);
        Assert.Equal(squashed.LogProbability(action)[0], density[0], 1e-4);
    }

    [Fact]
    public void The_matrices_are_state()
    {
        var random = new Pcg64(1);
        var saved = new StateDependentNoise(features: 2, actions: 3, copies: 2, random);
        using var stream = new MemoryStream();
        saved.Visit(new StateWriter(stream));
        var loaded = new StateDependentNoise(features: 2, actions: 3, copies: 2, random);
        Assert.NotEqual(StateHash.Of(saved), StateHash.Of(loaded));
        stream.Position = 0;
        loaded.Visit(new StateReader(stream, stream.Length));
        Assert.Equal(StateHash.Of(saved), StateHash.Of(loaded));
    }

    [Fact]
    public void Nothing_is_allocated_inside_of_a_workspace()
    {
        var random = new Pcg64(1);
        var workspace = new Workspace();
        Tensor parameter = Tensor.Zeros(5, 3).RequireGradient();
        Tensor features = Tensor.Full(new Shape(4, 5), 0.5f);
        Tensor mean = Tensor.Zeros(4, 3);
        var shared = new StateDependentNoise(features: 5, actions: 3, copies: 1, random);
        var own = new StateDependentNoise(features: 5, actions: 3, copies: 4, random);
        for (int i = 0; i < 3; i++) Step();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 4; i++) Step();
        }));

        void Step()
        {
            using Workspace.Scope scope = workspace.Begin();
            parameter.ZeroGradient();
            shared.Draw(random);
            own.Draw(random);
            Tensor deviation = StateDependentNoise.Deviation(parameter, expln: true);
            DiagonalGaussian distribution = StateDependentNoise.Distribution(mean, features, deviation);
            Tensor noise = shared.Of(features, deviation) + own.Of(features, deviation);
            (_, Tensor density) = new SquashedGaussian(distribution).Squash(mean + noise);
            (density.Mean() + distribution.Entropy().Mean()).Backward();
        }
    }
}
