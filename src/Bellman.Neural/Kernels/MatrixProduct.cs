using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    [ThreadStatic]
    private static float[]? transposed;

    /// <summary>C[m, n] = or += A[m, k] · B[k, n]</summary>
    public static void NN(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int k, int n, bool accumulate = false)
    {
        Debug.Assert(a.Length >= m * k && b.Length >= k * n && c.Length >= m * n, "The spans hold their matrices.");
        Multiply(a, k, 1, b, c, m, k, n, accumulate);
    }

    /// <summary>C[m, n] = or += A[m, k] · B[n, k]ᵀ</summary>
    public static void NT(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int k, int n, bool accumulate = false)
    {
        Debug.Assert(a.Length >= m * k && b.Length >= k * n && c.Length >= m * n, "The spans hold their matrices.");
        Multiply(a, k, 1, Transpose(b, n, k), c, m, k, n, accumulate);
    }

    /// <summary>C[m, n] = or += A[k, m]ᵀ · B[k, n]</summary>
    public static void TN(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int k, int n, bool accumulate = false)
    {
        Debug.Assert(a.Length >= m * k && b.Length >= k * n && c.Length >= m * n, "The spans hold their matrices.");
        Multiply(a, 1, m, b, c, m, k, n, accumulate);
    }

    /// <summary>y[batch, outputs] = activation(x[batch, inputs] · weight[outputs, inputs]ᵀ + bias[outputs])</summary>
    /// <param name="bias">Empty for none.</param>
    public static void Linear(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> y,
        int batch, int inputs, int outputs, Activation activation)
    {
        if (bias.IsEmpty)
        {
            NT(x, weight, y, batch, inputs, outputs);
        }
        else
        {
            for (int row = 0; row < batch; row++)
            {
                bias[..outputs].CopyTo(y[(row * outputs)..]);
            }

            NT(x, weight, y, batch, inputs, outputs, accumulate: true);
        }

        Activate(y[..(batch * outputs)], activation);
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

    private static ReadOnlySpan<float> Transpose(ReadOnlySpan<float> b, int rows, int columns)
    {
        int length = rows * columns;
        if (transposed is null || transposed.Length < length)
        {
            transposed = GC.AllocateUninitializedArray<float>(length, pinned: true);
        }

        Span<float> result = transposed.AsSpan(0, length);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                result[(column * rows) + row] = b[(row * columns) + column];
            }
        }

        return result;
    }

    private static void Multiply(
        ReadOnlySpan<float> a, int rowStep, int columnStep, ReadOnlySpan<float> b, Span<float> c, int m, int k, int n, bool accumulate)
    {
        ref float pa = ref MemoryMarshal.GetReference(a);
        ref float pb = ref MemoryMarshal.GetReference(b);
        ref float pc = ref MemoryMarshal.GetReference(c);
        if (Vector512.IsHardwareAccelerated) Multiply<Simd512>(ref pa, rowStep, columnStep, ref pb, ref pc, m, k, n, accumulate);
        else if (Vector256.IsHardwareAccelerated) Multiply<Simd256>(ref pa, rowStep, columnStep, ref pb, ref pc, m, k, n, accumulate);
        else Multiply<Simd128>(ref pa, rowStep, columnStep, ref pb, ref pc, m, k, n, accumulate);
    }

    internal static void Multiply<V>(
        ref float a, nint rowStep, nint columnStep, ref float b, ref float c, int m, int k, int n, bool accumulate)
        where V : struct, ISimd<V>
    {
        for (int row = 0; row < m; row += 4)
        {
            // Rows past the end repeat the last one and are not stored.
            int rows = Math.Min(4, m - row);
            for (int column = 0; column < n; column += V.Count)
            {
                int count = Math.Min(V.Count, n - column);
                ref float tile = ref Unsafe.Add(ref c, (row * (nint)n) + column);
                Tile<V>(
                    ref Unsafe.Add(ref a, row * rowStep), rowStep, columnStep, ref Unsafe.Add(ref b, column), ref tile, rows, k, n, count, accumulate);
            }
        }
    }

    private static void Tile<V>(
        ref float a, nint rowStep, nint columnStep, ref float b, ref float c, int rows, int k, int n, int count, bool accumulate)
        where V : struct, ISimd<V>
    {
        nint step1 = rows > 1 ? rowStep : 0;
        nint step2 = rows > 2 ? 2 * rowStep : 0;
        nint step3 = rows > 3 ? 3 * rowStep : 0;
        V c0 = accumulate ? Load<V>(ref c, 0, count) : V.Zero;
        V c1 = accumulate && rows > 1 ? Load<V>(ref c, (nuint)n, count) : V.Zero;
        V c2 = accumulate && rows > 2 ? Load<V>(ref c, 2 * (nuint)n, count) : V.Zero;
        V c3 = accumulate && rows > 3 ? Load<V>(ref c, 3 * (nuint)n, count) : V.Zero;
        for (int p = 0; p < k; p++)
        {
            V right = Load<V>(ref b, (nuint)p * (nuint)n, count);
            ref float left = ref Unsafe.Add(ref a, p * columnStep);
            c0 = V.FusedMultiplyAdd(V.Create(left), right, c0);
            c1 = V.FusedMultiplyAdd(V.Create(Unsafe.Add(ref left, step1)), right, c1);
            c2 = V.FusedMultiplyAdd(V.Create(Unsafe.Add(ref left, step2)), right, c2);
            c3 = V.FusedMultiplyAdd(V.Create(Unsafe.Add(ref left, step3)), right, c3);
        }

        Store(c0, ref c, 0, count);
        if (rows > 1) Store(c1, ref c, (nuint)n, count);
        if (rows > 2) Store(c2, ref c, 2 * (nuint)n, count);
        if (rows > 3) Store(c3, ref c, 3 * (nuint)n, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<V>(ref float source, nuint index, int count)
        where V : struct, ISimd<V> =>
        count == V.Count ? V.Load(in source, index) : V.LoadPartial(in source, index, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V>(V value, ref float destination, nuint index, int count)
        where V : struct, ISimd<V>
    {
        if (count == V.Count) value.Store(ref destination, index);
        else value.StorePartial(ref destination, index, count);
    }
}
