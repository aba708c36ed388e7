using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>Losses averaged over all elements, as PyTorch's with <c>reduction="mean"</c>; all return one number of shape [].</summary>
/// <remarks>Optional weights multiply each element's loss before the mean: the importance weights of prioritized replay.</remarks>
public static class Loss
{
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>(p − t)²</summary>
    public static Tensor Mse(Tensor prediction, Tensor target, Tensor? weights = null) =>
        MeanPenalty<Squared>.Apply(prediction, target, weights, delta: 0);

    /// <summary>|p − t|</summary>
    public static Tensor L1(Tensor prediction, Tensor target, Tensor? weights = null) =>
        MeanPenalty<Absolute>.Apply(prediction, target, weights, delta: 0);

    /// <summary>½d² for |d| ≤ δ, δ(|d| − ½δ) beyond, d = p − t. Huber 1964.</summary>
    public static Tensor Huber(Tensor prediction, Tensor target, float delta = 1, Tensor? weights = null) =>
        MeanPenalty<HuberPenalty>.Apply(prediction, target, weights, Positive(delta));

    /// <summary>½d²/β for |d| &lt; β, |d| − ½β beyond, d = p − t.</summary>
    public static Tensor SmoothL1(Tensor prediction, Tensor target, float beta = 1, Tensor? weights = null) =>
        MeanPenalty<SmoothL1Penalty>.Apply(prediction, target, weights, Positive(beta));

    /// <summary>−ln softmax(logits)[target], averaged over rows; for targets that are distributions −Σ target · ln softmax(logits).</summary>
    /// <param name="logits">[n, classes]</param>
    /// <param name="target">[n], the numbers of the classes, or probabilities [n, classes].</param>
    /// <param name="weights">[n], multiplied to each row's loss before the mean.</param>
    public static Tensor CrossEntropy(Tensor logits, Tensor target, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(target);
        Tensor logProbabilities = logits.LogSoftmax();
        Tensor fit = target.Shape == logits.Shape
            ? (target * logProbabilities).Sum(axis: -1)
            : logProbabilities.Pick(target);
        return -(weights is null ? fit : fit * weights.Reshape(fit.Shape)).Mean();
    }

    /// <summary>−t · ln σ(x) − (1 − t) · ln(1 − σ(x)) for logits x.</summary>
    /// <param name="logits">Any shape.</param>
    /// <param name="target">Probabilities, of the logits' shape.</param>
    /// <param name="weights">Of the logits' shape.</param>
    public static Tensor BinaryCrossEntropy(Tensor logits, Tensor target, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(target);
        RequireSameShape(logits, target);

        // (1 − t)·x + ln(1 + e⁻ˣ) is the same, and no exponential overflows.
        Tensor losses = ((1 - target) * logits) + (-logits).Softplus();
        return (weights is null ? losses : losses * weights).Mean();
    }

    /// <summary>Σ t · (ln t − ln p) over the classes, averaged over the rows: the Kullback-Leibler divergence of p from t.</summary>
    /// <param name="logProbabilities">ln p, [n, classes]</param>
    /// <param name="target">t, [n, classes]; terms of t = 0 are zero.</param>
    public static Tensor KullbackLeibler(Tensor logProbabilities, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(logProbabilities);
        ArgumentNullException.ThrowIfNull(target);
        RequireSameShape(logProbabilities, target);

        // The limit keeps 0 · ln 0 from being not a number.
        Tensor logTarget = target.Clamp(low: SmallestNormal).Log();
        return (target * (logTarget - logProbabilities)).Sum() / logProbabilities.Shape[0];
    }

    /// <summary>
    /// Σᵢ meanⱼ |τᵢ − 1{u &lt; 0}| · H(u) / κ with u = tⱼ − qᵢ, H the Huber penalty of threshold κ and τᵢ = (i + ½) / n, averaged over the
    /// rows: what makes qᵢ the τᵢ-quantile of the targets. Dabney et al. 2018, equation 10.
    /// </summary>
    /// <param name="quantiles">q, [batch, n]</param>
    /// <param name="target">t, [batch, any number], through which no gradient passes.</param>
    /// <param name="kappa">κ &gt; 0</param>
    /// <param name="weights">[batch], multiplied to each row's loss before the mean.</param>
    public static Tensor QuantileHuber(Tensor quantiles, Tensor target, float kappa = 1, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(quantiles);
        ArgumentNullException.ThrowIfNull(target);
        return QuantilePenalty.Apply(quantiles, target, Positive(kappa), weights);
    }

    private static void RequireSameShape(Tensor a, Tensor b)
    {
        if (a.Shape != b.Shape) throw new ArgumentException($"A loss compares tensors of one shape; got {a.Shape} and {b.Shape}.");
    }

    private static float Positive(float value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }
}
