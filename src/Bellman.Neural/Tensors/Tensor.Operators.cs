using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <content>The operators, under PyTorch's names.</content>
public sealed partial class Tensor
{
    public static Tensor operator +(Tensor a, Tensor b) => Binary<Add>.Apply(a, b);

    public static Tensor operator -(Tensor a, Tensor b) => Binary<Subtract>.Apply(a, b);

    public static Tensor operator *(Tensor a, Tensor b) => Binary<Multiply>.Apply(a, b);

    public static Tensor operator /(Tensor a, Tensor b) => Binary<Divide>.Apply(a, b);

    public static Tensor operator +(Tensor a, float b) => Affine.Apply(a, 1, b);

    public static Tensor operator +(float a, Tensor b) => Affine.Apply(b, 1, a);

    public static Tensor operator -(Tensor a, float b) => Affine.Apply(a, 1, -b);

    public static Tensor operator -(float a, Tensor b) => Affine.Apply(b, -1, a);

    public static Tensor operator -(Tensor a) => Affine.Apply(a, -1, 0);

    public static Tensor operator *(Tensor a, float b) => Affine.Apply(a, b, 0);

    public static Tensor operator *(float a, Tensor b) => Affine.Apply(b, a, 0);

    public static Tensor operator /(Tensor a, float b) => a * (1 / b);

    /// <summary>[m, k] · [k, n] → [m, n]</summary>
    public static Tensor MatMul(Tensor a, Tensor b) => Product.Apply(a, b);

    /// <summary>x · Wᵀ + b for x […, inputs], W [outputs, inputs], b [outputs].</summary>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null) => LinearLayer.Apply(x, weight, bias, Activation.None);

    internal static Tensor Linear(Tensor x, Tensor weight, Tensor? bias, Activation activation) =>
        LinearLayer.Apply(x, weight, bias, activation);

    /// <summary>Bytes as floats, multiplied by <paramref name="scale"/>; a float tensor is multiplied only.</summary>
    public Tensor ToFloat(float scale = 1)
    {
        if (!IsByte) return scale == 1 ? this : this * scale;
        Tensor result = Constant(shape);
        ReadOnlySpan<byte> from = Bytes;
        Span<float> to = result.Values;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from[i] * scale;
        }

        return result;
    }

    /// <summary>max(x, 0)</summary>
    public Tensor Relu() => Unary<Relu>.Apply(this);

    public Tensor Tanh() => Unary<Tanh>.Apply(this);

    /// <summary>The sum of all elements, of shape [].</summary>
    public Tensor Sum() => Total.Apply(this, scale: 1);

    /// <summary>The mean of all elements, of shape [].</summary>
    public Tensor Mean() => Total.Apply(this, scale: 1f / Length);

    /// <summary>One element of each row: y[i] = x[i, index[i]].</summary>
    /// <param name="index">[n] or [n, 1], whole numbers.</param>
    /// <returns>[n]</returns>
    public Tensor Pick(Tensor index) => Choice.Apply(this, index);

    /// <summary>The column of the largest value of each row, the first where there are several; without gradient.</summary>
    /// <returns>[n] for this [n, m].</returns>
    public Tensor ArgMaxRows()
    {
        Tensor result = Constant(new Shape(RequireMatrix().Rows));
        ArgMaxRows(result.Values);
        return result;
    }

    /// <summary>Writes the column of the largest value of each row.</summary>
    public void ArgMaxRows(Span<float> destination)
    {
        (int rows, int columns) = RequireMatrix();
        ReadOnlySpan<float> values = Values;
        for (int row = 0; row < rows; row++)
        {
            destination[row] = Reductions.ArgMax(values.Slice(row * columns, columns));
        }
    }

    /// <summary>The largest value of each row: [n, m] → [n]. The gradient goes to the first of several.</summary>
    public Tensor MaxRows() => Pick(ArgMaxRows());

    private (int Rows, int Columns) RequireMatrix() => Rank == 2
        ? (shape[0], shape[1])
        : throw new ArgumentException($"A matrix [rows, columns] was expected; got {shape}.");
}
