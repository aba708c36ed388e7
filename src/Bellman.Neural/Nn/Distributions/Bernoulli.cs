using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn.Distributions;

/// <summary>Independent bits: each is one with probability σ(logit).</summary>
public readonly struct Bernoulli : IDistribution
{
    /// <param name="logits">[batch, bits]</param>
    public Bernoulli(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Rank != 2) throw new ArgumentException($"Bernoulli expects logits [batch, bits]; got {logits.Shape}.", nameof(logits));
        Logits = logits;
    }

    /// <summary>[batch, bits]</summary>
    public Tensor Logits { get; }

    /// <summary>The probability of a one, [batch, bits].</summary>
    public Tensor Probabilities => Logits.Sigmoid();

    /// <returns>Zeros and ones, [batch, bits].</returns>
    public Tensor Sample(Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(random);
        using Autograd.PauseScope pause = Autograd.Pause();
        ReadOnlySpan<float> probabilities = Probabilities.Values;
        Tensor sample = Tensor.Constant(Logits.Shape);
        Span<float> bits = sample.Values;
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = random.NextDouble() < probabilities[i] ? 1 : 0;
        }

        return sample;
    }

    /// <returns>Zeros and ones, [batch, bits].</returns>
    public Tensor Mode()
    {
        Tensor mode = Tensor.Constant(Logits.Shape);
        ReadOnlySpan<float> logits = Logits.Values;
        Span<float> bits = mode.Values;
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = logits[i] > 0 ? 1 : 0;
        }

        return mode;
    }

    /// <param name="action">Zeros and ones, [batch, bits].</param>
    public Tensor LogProbability(Tensor action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (action.Shape != Logits.Shape) throw new ArgumentException($"Actions {Logits.Shape} were expected; got {action.Shape}.", nameof(action));
        return -CrossEntropy(action).Sum(axis: 1);
    }

    public Tensor Entropy() => CrossEntropy(Probabilities).Sum(axis: 1);

    /// <summary>The Kullback-Leibler divergence of each row.</summary>
    /// <returns>[batch]</returns>
    public Tensor Divergence(Bernoulli other) => (other.CrossEntropy(Probabilities) - CrossEntropy(Probabilities)).Sum(axis: 1);

    /// <summary>The Fisher information in the logits times a change of them: p·(1 − p)·u.</summary>
    /// <param name="change">u, [batch, bits]</param>
    /// <returns>[batch, bits]</returns>
    public Tensor FisherProduct(Tensor change)
    {
        Tensor p = Probabilities;
        return p * (1 - p) * change;
    }

    // −t·ln σ(x) − (1 − t)·ln(1 − σ(x)) = (1 − t)·x + ln(1 + e⁻ˣ)
    private Tensor CrossEntropy(Tensor target) => ((1 - target) * Logits) + (-Logits).Softplus();
}
