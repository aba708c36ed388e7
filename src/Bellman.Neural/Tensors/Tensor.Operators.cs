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

    /// <summary>Weights ∗ images + bias.</summary>
    /// <param name="x">[batch, channels, height, width]; bytes are multiplied by <paramref name="scale"/> on their way.</param>
    /// <param name="weight">[outputs, channels, kernel height, kernel width]</param>
    /// <param name="bias">[outputs]</param>
    /// <param name="padding">Zeros put around the images on each side.</param>
    /// <returns>[batch, outputs, (height + 2·padding − kernel height) / stride + 1, …]</returns>
    public static Tensor Conv2d(Tensor x, Tensor weight, Tensor? bias = null, int stride = 1, int padding = 0, float scale = 1) =>
        Convolved.Apply(x, weight, bias, stride, padding, relu: false, scale);

    internal static Tensor Conv2d(Tensor x, Tensor weight, Tensor? bias, int stride, int padding, float scale, bool relu) =>
        Convolved.Apply(x, weight, bias, stride, padding, relu, scale);

    /// <summary>The largest number under a square window.</summary>
    /// <param name="kernel">Side of the window.</param>
    /// <param name="stride">How far it moves; by its side if null.</param>
    /// <param name="padding">Places around the images that never win.</param>
    /// <returns>[batch, channels, (height + 2·padding − kernel) / stride + 1, …]</returns>
    public Tensor MaxPool2d(int kernel, int? stride = null, int padding = 0) => MaxPooled.Apply(this, kernel, stride ?? kernel, padding);
}
