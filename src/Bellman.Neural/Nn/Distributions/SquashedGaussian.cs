using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn.Distributions;

/// <summary>a = tanh(u) with u from a <see cref="DiagonalGaussian"/>: actions in (−1, 1). Haarnoja et al. 2018, appendix C.</summary>
public readonly struct SquashedGaussian
{
    /// <summary>Keeps the logarithm of 1 − a² finite, as Stable-Baselines3 does.</summary>
    private const float Epsilon = 1e-6f;

    /// <summary>The actions next to ±1 that a float can still tell from it.</summary>
    private const float Limit = 1 - 1.1920929e-7f;

    private readonly DiagonalGaussian gaussian;

    /// <param name="mean">Mean of u, [batch, coordinates]</param>
    /// <param name="logDeviation">ln σ of u, [batch, coordinates] or [coordinates].</param>
    public SquashedGaussian(Tensor mean, Tensor logDeviation)
        : this(new DiagonalGaussian(mean, logDeviation))
    {
    }

    /// <param name="gaussian">The distribution of u.</param>
    public SquashedGaussian(DiagonalGaussian gaussian) => this.gaussian = gaussian;

    /// <summary>Actions without gradient, [batch, coordinates].</summary>
    public Tensor Sample(Pcg64 random)
    {
        using Autograd.PauseScope pause = Autograd.Pause();
        return gaussian.SampleWithGradient(random).Tanh();
    }

    /// <summary>Actions as a function of mean and deviation, with the logarithm of their density: gradients pass through both.</summary>
    public (Tensor Action, Tensor LogProbability) SampleWithGradient(Pcg64 random) =>
        At(DiagonalGaussian.Noise(random, gaussian.Mean.Shape));

    /// <summary>Action [batch, coordinates] and logarithm of its density [batch] for given standard normal noise.</summary>
    public (Tensor Action, Tensor LogProbability) At(Tensor noise) => Squash(gaussian.At(noise));

    /// <summary>The action tanh u [batch, coordinates] and the logarithm of its density [batch].</summary>
    /// <param name="u">[batch, coordinates]</param>
    public (Tensor Action, Tensor LogProbability) Squash(Tensor u)
    {
        ArgumentNullException.ThrowIfNull(u);
        Tensor action = u.Tanh();
        return (action, gaussian.LogProbability(u) - Correction(action));
    }

    /// <summary>tanh of the mean, [batch, coordinates]; without gradient.</summary>
    public Tensor Mode()
    {
        using Autograd.PauseScope pause = Autograd.Pause();
        return gaussian.Mean.Tanh();
    }

    /// <summary>The logarithm of the density of actions that came from elsewhere; near ±1 the inverse of tanh loses digits.</summary>
    /// <param name="action">[batch, coordinates], in [−1, 1].</param>
    /// <returns>[batch]</returns>
    public Tensor LogProbability(Tensor action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Tensor a = action.Clamp(-Limit, Limit);

        // artanh a = ½ · (ln(1 + a) − ln(1 − a))
        Tensor u = (a.Log1p() - (-a).Log1p()) * 0.5f;
        return gaussian.LogProbability(u) - Correction(action);
    }

    // ln |da/du| summed over the coordinates.
    private static Tensor Correction(Tensor action) => (1 - action.Square() + Epsilon).Log().Sum(axis: 1);
}
