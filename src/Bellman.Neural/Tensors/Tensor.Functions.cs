using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <content>Functions of one number, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>max(x, 0)</summary>
    public Tensor Relu() => Unary<Relu>.Apply(this);

    /// <summary>x where positive, else slope·x.</summary>
    public Tensor LeakyRelu(float slope = 0.01f) => Parametric<LeakyRelu, LeakyReluOf>.Apply(this, slope);

    /// <summary>x where positive, else α·(eˣ − 1).</summary>
    public Tensor Elu(float alpha = 1) => Parametric<Elu, EluOf>.Apply(this, alpha);

    /// <summary>x · σ(x), also called swish.</summary>
    public Tensor Silu() => Unary<Silu>.Apply(this);

    /// <summary>x · Φ(x), Φ the distribution function of the standard normal.</summary>
    public Tensor Gelu() => Unary<Gelu>.Apply(this);

    /// <summary>½x · (1 + tanh(√(2/π) · (x + 0.044715·x³))), the approximation of <see cref="Gelu"/> that BERT made common.</summary>
    public Tensor GeluTanh() => Unary<GeluTanh>.Apply(this);

    /// <summary>ln(1 + eˣ)</summary>
    public Tensor Softplus() => Unary<Softplus>.Apply(this);

    /// <summary>1 / (1 + e⁻ˣ)</summary>
    public Tensor Sigmoid() => Unary<Sigmoid>.Apply(this);

    public Tensor Tanh() => Unary<Tanh>.Apply(this);

    /// <summary>eˣ</summary>
    public Tensor Exp() => Unary<Exp>.Apply(this);

    /// <summary>eˣ − 1, accurate near 0.</summary>
    public Tensor Expm1() => Unary<Expm1>.Apply(this);

    /// <summary>The natural logarithm.</summary>
    public Tensor Log() => Unary<Log>.Apply(this);

    /// <summary>ln(1 + x), accurate near 0.</summary>
    public Tensor Log1p() => Unary<Log1p>.Apply(this);

    public Tensor Sqrt() => Unary<Sqrt>.Apply(this);

    public Tensor Square() => Unary<Square>.Apply(this);

    public Tensor Abs() => Unary<Abs>.Apply(this);

    public Tensor Sin() => Unary<Sine>.Apply(this);

    public Tensor Cos() => Unary<Cosine>.Apply(this);

    /// <summary>x limited to [low, high]; the gradient passes where x lies within, limits included.</summary>
    public Tensor Clamp(float low = float.NegativeInfinity, float high = float.PositiveInfinity) =>
        Parametric<Clamp, ClampOf>.Apply(this, low, high);

    /// <summary>The smaller of both, with broadcasting; not a number where one is.</summary>
    public static Tensor Minimum(Tensor a, Tensor b) => Binary<Minimum>.Apply(a, b);

    /// <summary>The larger of both, with broadcasting; not a number where one is.</summary>
    public static Tensor Maximum(Tensor a, Tensor b) => Binary<Maximum>.Apply(a, b);

    /// <summary>a where the condition is not zero, else b, with broadcasting.</summary>
    public static Tensor Where(Tensor condition, Tensor a, Tensor b) => Selection.Apply(condition, a, b);

    /// <summary>Bytes as floats, multiplied by <paramref name="scale"/>; a float tensor is multiplied only.</summary>
    public Tensor ToFloat(float scale = 1)
    {
        if (!IsByte) return scale == 1 ? this : this * scale;
        Tensor result = Constant(shape);
        Kernels.Bytes.Scale(Bytes, result.Values, scale);
        return result;
    }
}
