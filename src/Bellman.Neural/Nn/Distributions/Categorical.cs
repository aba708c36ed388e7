using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn.Distributions;

/// <summary>One of several classes: p = softmax(logits).</summary>
public readonly struct Categorical : IDistribution
{
    /// <summary>The logit of a forbidden class: its probability is zero, and 0 · ln p still a number.</summary>
    private static readonly Tensor Forbidden = Tensor.Scalar(-1e8f);

    /// <param name="logits">[batch, classes], unnormalised logarithms of probabilities.</param>
    /// <param name="mask">[batch, classes], or what broadcasts to it: zero where a class must not be chosen; null where all may.</param>
    public Categorical(Tensor logits, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Rank != 2) throw new ArgumentException($"Categorical expects logits [batch, classes]; got {logits.Shape}.", nameof(logits));
        LogProbabilities = (mask is null ? logits : Tensor.Where(mask, logits, Forbidden)).LogSoftmax();
    }

    /// <summary>ln p, [batch, classes]</summary>
    public Tensor LogProbabilities { get; }

    /// <summary>p, [batch, classes]</summary>
    public Tensor Probabilities => LogProbabilities.Exp();

    /// <returns>The numbers of the classes, [batch].</returns>
    public Tensor Sample(Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Tensor sample = Tensor.Constant(new Shape(LogProbabilities.Shape[0]));
        Sample(random, sample.Values);
        return sample;
    }

    /// <summary>Writes the number of a class for each row.</summary>
    public void Sample(Pcg64 random, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(random);
        using Autograd.PauseScope pause = Autograd.Pause();
        ReadOnlySpan<float> probabilities = Probabilities.Values;
        int classes = LogProbabilities.Shape[1];
        for (int row = 0; row < destination.Length; row++)
        {
            destination[row] = Draw(probabilities.Slice(row * classes, classes), random.NextDouble());
        }
    }

    /// <returns>The numbers of the classes, [batch].</returns>
    public Tensor Mode() => LogProbabilities.ArgMaxRows();

    /// <param name="action">The numbers of the classes, [batch].</param>
    public Tensor LogProbability(Tensor action) => LogProbabilities.Pick(action);

    public Tensor Entropy()
    {
        // The limit is for logits of −∞, where 0 · −∞ would not be a number.
        Tensor logarithm = LogProbabilities.Clamp(low: float.MinValue);
        return -(logarithm.Exp() * logarithm).Sum(axis: 1);
    }

    /// <summary>The Kullback-Leibler divergence Σ p · (ln p − ln q) of each row.</summary>
    /// <param name="other">q</param>
    /// <returns>[batch]</returns>
    public Tensor Divergence(Categorical other) =>
        (Probabilities * (LogProbabilities - other.LogProbabilities)).Sum(axis: 1);

    /// <summary>The Fisher information in the logits times a change of them: (diag p − p·pᵀ)·u of each row.</summary>
    /// <param name="change">u, [batch, classes]</param>
    /// <returns>[batch, classes]</returns>
    public Tensor FisherProduct(Tensor change)
    {
        Tensor p = Probabilities;
        return p * (change - (p * change).Sum(axis: 1, keep: true));
    }

    // The probabilities may sum to a little less or more than one: the draw is taken as a part of their sum.
    private static int Draw(ReadOnlySpan<float> probabilities, double draw)
    {
        double total = 0;
        foreach (float probability in probabilities)
        {
            total += probability;
        }

        double left = draw * total;
        int chosen = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] <= 0) continue;
            chosen = i;
            left -= probabilities[i];
            if (left < 0) break;
        }

        return chosen;
    }
}
