using System.Diagnostics;

namespace Bellman.Neural.Kernels;

/// <summary>What a linear layer does to its result.</summary>
internal enum Activation
{
    None,
    Relu,
    Tanh,
}

/// <summary>Products of row-major matrices. An element is one chain of fused multiply-adds over k in ascending order.</summary>
internal static class MatrixProduct
{
    /// <summary>C[m, n] = or += A[m, k] · B[k, n]</summary>
    public static void NN(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int k, int n, bool accumulate = false)
    {
        Debug.Assert(a.Length >= m * k && b.Length >= k * n && c.Length >= m * n, "The spans hold their matrices.");
        MatrixBlocks.Multiply(a, k, 1, b, n, rightTransposed: false, c, default, relu: false, m, k, n, accumulate);
    }

    /// <summary>C[m, n] = or += A[m, k] · B[n, k]ᵀ</summary>
    public static void NT(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int k, int n, bool accumulate = false)
    {
        Debug.Assert(a.Length >= m * k && b.Length >= k * n && c.Length >= m * n, "The spans hold their matrices.");
        MatrixBlocks.Multiply(a, k, 1, b, k, rightTransposed: true, c, default, relu: false, m, k, n, accumulate);
    }

    /// <summary>C[m, n] = or += A[k, m]ᵀ · B[k, n]</summary>
    public static void TN(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int k, int n, bool accumulate = false)
    {
        Debug.Assert(a.Length >= m * k && b.Length >= k * n && c.Length >= m * n, "The spans hold their matrices.");
        MatrixBlocks.Multiply(a, 1, m, b, n, rightTransposed: false, c, default, relu: false, m, k, n, accumulate);
    }

    /// <summary>y[batch, outputs] = activation(x[batch, inputs] · weight[outputs, inputs]ᵀ + bias[outputs])</summary>
    /// <param name="bias">Empty for none.</param>
    public static void Linear(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> y,
        int batch, int inputs, int outputs, Activation activation)
    {
        bool relu = activation == Activation.Relu;
        MatrixBlocks.Multiply(
            x, inputs, 1, weight, inputs, rightTransposed: true, y, bias, relu, batch, inputs, outputs, accumulate: false);
        if (!relu) Activate(y[..(batch * outputs)], activation);
    }

    /// <summary>y ← activation(y)</summary>
    public static void Activate(Span<float> y, Activation activation)
    {
        switch (activation)
        {
            case Activation.Relu:
                Elementwise.Forward<Relu>(y, y);
                break;
            case Activation.Tanh:
                Elementwise.Forward<Tanh>(y, y);
                break;
            default:
                break;
        }
    }

    /// <summary>The three gradients of <see cref="Linear"/>. Empty spans for what is not wanted.</summary>
    /// <param name="y">What <see cref="Linear"/> returned.</param>
    /// <param name="dy">The gradient by y; where there is an activation, it is overwritten with the gradient before it.</param>
    /// <param name="dx">[batch, inputs], written or added to.</param>
    /// <param name="dweight">[outputs, inputs], written or added to.</param>
    /// <param name="dbias">[outputs], written or added to.</param>
    public static void LinearBackward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> y, Span<float> dy,
        Span<float> dx, Span<float> dweight, Span<float> dbias,
        int batch, int inputs, int outputs, Activation activation, bool accumulateInput, bool accumulateWeight, bool accumulateBias)
    {
        int length = batch * outputs;
        if (activation == Activation.Relu) Elementwise.Backward<Relu>(y[..length], y[..length], dy[..length], dy[..length], false);
        if (activation == Activation.Tanh) Elementwise.Backward<Tanh>(y[..length], y[..length], dy[..length], dy[..length], false);
        if (!dbias.IsEmpty) Reductions.SumOfColumns(dy, dbias, batch, outputs, accumulateBias);
        if (!dweight.IsEmpty) TN(dy, x, dweight, outputs, batch, inputs, accumulateWeight);
        if (!dx.IsEmpty) NN(dy, weight, dx, batch, outputs, inputs, accumulateInput);
    }
}
