using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>Each row less its mean, over its standard deviation, times a weight and plus a bias by feature. Ba et al. 2016.</summary>
public sealed class LayerNorm : Module
{
    private readonly float epsilon;

    /// <param name="features">Length of a row.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public LayerNorm(int features, float epsilon = 1e-5f)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        this.epsilon = epsilon;
        Weight = AddParameter("weight", Tensor.Full(new Shape(features), 1));
        Bias = AddParameter("bias", Tensor.Zeros(features));
    }

    /// <summary>[features]</summary>
    public Tensor Weight { get; }

    /// <summary>[features]</summary>
    public Tensor Bias { get; }

    /// <param name="input">[…, features]</param>
    /// <returns>[…, features]</returns>
    public override Tensor Forward(Tensor input) => LayerNormalised.Apply(input, Weight, Bias, epsilon);
}
