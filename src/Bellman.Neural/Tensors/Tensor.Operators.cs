using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <content>The operators, under PyTorch's names.</content>
public sealed partial class Tensor
{
    public static Tensor operator +(Tensor a, Tensor b) => Binary<Add>.Apply(a, b);

    public static Tensor operator -(Tensor a, Tensor b) => Binary<Subtract>.Apply(a, b);

    public static Tensor operator *(Tensor a, Tensor b) => Binary<Multiply>.Apply(a, b);

    public static Tensor operator /(Tensor a, Tensor b) => Binary<Divide>.Apply(a, b);

    public static Tensor operator +(Tensor a, float b) => Parametric<Affine, AffineOf>.Apply(a, 1, b);

    public static Tensor operator +(float a, Tensor b) => Parametric<Affine, AffineOf>.Apply(b, 1, a);

    public static Tensor operator -(Tensor a, float b) => Parametric<Affine, AffineOf>.Apply(a, 1, -b);

    public static Tensor operator -(float a, Tensor b) => Parametric<Affine, AffineOf>.Apply(b, -1, a);

    public static Tensor operator -(Tensor a) => Parametric<Affine, AffineOf>.Apply(a, -1, 0);

    public static Tensor operator *(Tensor a, float b) => Parametric<Affine, AffineOf>.Apply(a, b, 0);

    public static Tensor operator *(float a, Tensor b) => Parametric<Affine, AffineOf>.Apply(b, a, 0);

    public static Tensor operator /(Tensor a, float b) => Parametric<DivideByNumber, DivisorOf>.Apply(a, b);

    public static Tensor operator /(float a, Tensor b) => Parametric<DivideNumber, NumeratorOf>.Apply(b, a);

    /// <summary>[m, k] · [k, n] → [m, n]</summary>
    public static Tensor MatMul(Tensor a, Tensor b) => Product.Apply(a, b);

    /// <summary>x · Wᵀ + b for x […, inputs], W [outputs, inputs], b [outputs].</summary>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null) => LinearLayer.Apply(x, weight, bias, Activation.None);

    internal static Tensor Linear(Tensor x, Tensor weight, Tensor? bias, Activation activation) =>
        LinearLayer.Apply(x, weight, bias, activation);
}
