using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>Losses averaged over all elements, as PyTorch's with <c>reduction="mean"</c>; all return one number of shape [].</summary>
/// <remarks>Optional weights multiply each element's loss before the mean: the importance weights of prioritized replay.</remarks>
public static class Loss
{
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

    private static float Positive(float value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }
}
