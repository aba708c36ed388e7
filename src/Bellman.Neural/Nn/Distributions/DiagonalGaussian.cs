using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn.Distributions;

/// <summary>Independent normal numbers, N(μ, σ²) for each coordinate.</summary>
public readonly struct DiagonalGaussian : IDistribution
{
    /// <summary>½ · ln 2π</summary>
    private const float HalfLogTwoPi = 0.918938533f;

    /// <param name="mean">μ, [batch, coordinates]</param>
    /// <param name="logDeviation">ln σ, [batch, coordinates] or [coordinates].</param>
    public DiagonalGaussian(Tensor mean, Tensor logDeviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(logDeviation);
        if (mean.Rank != 2 || Broadcast.Common(mean.Shape, logDeviation.Shape) != mean.Shape)
        {
            throw new ArgumentException(
                $"A Gaussian expects means [batch, coordinates] and deviations of that shape or [coordinates]; got {mean.Shape} and {logDeviation.Shape}.",
                nameof(mean));
        }

        Mean = mean;
        LogDeviation = logDeviation;
    }

    /// <summary>μ, [batch, coordinates]</summary>
    public Tensor Mean { get; }

    /// <summary>ln σ, [batch, coordinates] or [coordinates]</summary>
    public Tensor LogDeviation { get; }

    /// <returns>[batch, coordinates]</returns>
    public Tensor Sample(Pcg64 random)
    {
        using Autograd.PauseScope pause = Autograd.Pause();
        return SampleWithGradient(random);
    }

    /// <summary>A sample that is a function of μ and σ, μ + σ·ε with ε standard normal: gradients pass (the reparametrisation trick).</summary>
    /// <returns>[batch, coordinates]</returns>
    public Tensor SampleWithGradient(Pcg64 random) => At(Noise(random, Mean.Shape));

    /// <summary>μ + σ·ε for given noise.</summary>
    /// <param name="noise">ε, [batch, coordinates]</param>
    public Tensor At(Tensor noise) => Mean + (LogDeviation.Exp() * noise);

    public Tensor Mode() => Mean.Detach();

    /// <param name="action">[batch, coordinates]</param>
    public Tensor LogProbability(Tensor action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (action.Shape != Mean.Shape) throw new ArgumentException($"Actions {Mean.Shape} were expected; got {action.Shape}.", nameof(action));

        // −½·((a − μ)/σ)² − ln σ − ½·ln 2π
        Tensor distance = (action - Mean) * (-LogDeviation).Exp();
        return ((distance.Square() * -0.5f) - LogDeviation - HalfLogTwoPi).Sum(axis: 1);
    }

    public Tensor Entropy() => (LogDeviation + (0.5f + HalfLogTwoPi)).BroadcastTo(Mean.Shape).Sum(axis: 1);

    /// <summary>The Kullback-Leibler divergence Σ ln(σ′/σ) + (σ² + (μ − μ′)²) / 2σ′² − ½ of each row.</summary>
    /// <param name="other">μ′ and σ′</param>
    /// <returns>[batch]</returns>
    public Tensor Divergence(DiagonalGaussian other)
    {
        Tensor logRatio = LogDeviation - other.LogDeviation;
        Tensor distance = (Mean - other.Mean) * (-other.LogDeviation).Exp();
        return ((((logRatio * 2).Exp() + distance.Square() - 1) * 0.5f) - logRatio).Sum(axis: 1);
    }

    /// <summary>The Fisher information in the means times a change of them: u / σ². That in ln σ is 2.</summary>
    /// <param name="change">u, [batch, coordinates]</param>
    /// <returns>[batch, coordinates]</returns>
    public Tensor FisherProduct(Tensor change) => change * (LogDeviation * -2).Exp();

    internal static Tensor Noise(Pcg64 random, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(random);
        Tensor noise = Tensor.Constant(shape);
        random.FillNormal(noise.Values);
        return noise;
    }
}
