using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>The elementwise part of recurrent cells: from sums of gates to states, and back. Everything is [batch, …], row-major.</summary>
/// <remarks>Invariant of every loop: the spans hold batch rows of their widths, asserted at the public entries.</remarks>
internal static class RecurrentCells
{
    /// <summary>c = f·c′ + i·g, h = o·tanh c with i, f, o through σ and g through tanh. Hochreiter &amp; Schmidhuber 1997.</summary>
    /// <param name="gates">[batch, 4 · hidden], sums for i, f, g, o; their activations replace them.</param>
    /// <param name="before">c′, [batch, hidden]</param>
    /// <param name="cell">c, [batch, hidden]</param>
    /// <param name="squashed">tanh c, [batch, hidden]</param>
    /// <param name="output">h, [batch, hidden]</param>
    public static void Lstm(
        Span<float> gates, ReadOnlySpan<float> before, Span<float> cell, Span<float> squashed, Span<float> output, int batch, int hidden)
    {
        int length = batch * hidden;
        Debug.Assert(gates.Length >= 4 * length && before.Length >= length && cell.Length >= length, "A state for every row.");
        Debug.Assert(squashed.Length >= length && output.Length >= length, "A state for every row.");
        if (Vector512.IsHardwareAccelerated) Lstm<Simd512>(gates, before, cell, squashed, output, batch, hidden);
        else if (Vector256.IsHardwareAccelerated) Lstm<Simd256>(gates, before, cell, squashed, output, batch, hidden);
        else Lstm<Simd128>(gates, before, cell, squashed, output, batch, hidden);
    }

    /// <summary>The gradients of <see cref="Lstm(Span{float}, ReadOnlySpan{float}, Span{float}, Span{float}, Span{float}, int, int)"/>.</summary>
    /// <param name="gates">Activations of i, f, g, o.</param>
    /// <param name="dOutput">By h, [batch, hidden].</param>
    /// <param name="dCell">By c, [batch, hidden]; the gradient by c′ replaces it.</param>
    /// <param name="dGates">By the sums of the gates, [batch, 4 · hidden].</param>
    public static void LstmBackward(
        ReadOnlySpan<float> gates, ReadOnlySpan<float> before, ReadOnlySpan<float> squashed, ReadOnlySpan<float> dOutput,
        Span<float> dCell, Span<float> dGates, int batch, int hidden)
    {
        int length = batch * hidden;
        Debug.Assert(gates.Length >= 4 * length && before.Length >= length && squashed.Length >= length, "A state for every row.");
        Debug.Assert(dOutput.Length >= length && dCell.Length >= length && dGates.Length >= 4 * length, "A gradient for every row.");
        if (Vector512.IsHardwareAccelerated) LstmBackward<Simd512>(gates, before, squashed, dOutput, dCell, dGates, batch, hidden);
        else if (Vector256.IsHardwareAccelerated) LstmBackward<Simd256>(gates, before, squashed, dOutput, dCell, dGates, batch, hidden);
        else LstmBackward<Simd128>(gates, before, squashed, dOutput, dCell, dGates, batch, hidden);
    }

    /// <summary>h = n + z·(h′ − n) with r, z through σ and n = tanh(nˣ + r·nʰ). Cho et al. 2014, with PyTorch's place of r.</summary>
    /// <param name="gates">[batch, 3 · hidden], sums from the input for r, z, n; the activations replace them.</param>
    /// <param name="recurrent">[batch, 3 · hidden], sums from h′ for r, z, n.</param>
    /// <param name="before">h′, [batch, hidden]</param>
    /// <param name="output">h, [batch, hidden]</param>
    public static void Gru(
        Span<float> gates, ReadOnlySpan<float> recurrent, ReadOnlySpan<float> before, Span<float> output, int batch, int hidden)
    {
        int length = batch * hidden;
        Debug.Assert(gates.Length >= 3 * length && recurrent.Length >= 3 * length, "Sums for every row.");
        Debug.Assert(before.Length >= length && output.Length >= length, "A state for every row.");
        if (Vector512.IsHardwareAccelerated) Gru<Simd512>(gates, recurrent, before, output, batch, hidden);
        else if (Vector256.IsHardwareAccelerated) Gru<Simd256>(gates, recurrent, before, output, batch, hidden);
        else Gru<Simd128>(gates, recurrent, before, output, batch, hidden);
    }

    /// <summary>The gradients of <see cref="Gru(Span{float}, ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, int, int)"/>.</summary>
    /// <param name="gates">Activations of r, z, n.</param>
    /// <param name="dOutput">By h, [batch, hidden]; what passes from it to h′ directly replaces it.</param>
    /// <param name="dGates">By the sums from the input, [batch, 3 · hidden].</param>
    /// <param name="dRecurrent">By the sums from h′, [batch, 3 · hidden].</param>
    public static void GruBackward(
        ReadOnlySpan<float> gates, ReadOnlySpan<float> recurrent, ReadOnlySpan<float> before, Span<float> dOutput,
        Span<float> dGates, Span<float> dRecurrent, int batch, int hidden)
    {
        int length = batch * hidden;
        Debug.Assert(gates.Length >= 3 * length && recurrent.Length >= 3 * length && before.Length >= length, "Sums for every row.");
        Debug.Assert(dOutput.Length >= length && dGates.Length >= 3 * length && dRecurrent.Length >= 3 * length, "A gradient for every row.");
        if (Vector512.IsHardwareAccelerated) GruBackward<Simd512>(gates, recurrent, before, dOutput, dGates, dRecurrent, batch, hidden);
        else if (Vector256.IsHardwareAccelerated) GruBackward<Simd256>(gates, recurrent, before, dOutput, dGates, dRecurrent, batch, hidden);
        else GruBackward<Simd128>(gates, recurrent, before, dOutput, dGates, dRecurrent, batch, hidden);
    }

    private static void Lstm<V>(
        Span<float> gates, ReadOnlySpan<float> before, Span<float> cell, Span<float> squashed, Span<float> output, int batch, int hidden)
        where V : struct, ISimd<V>
    {
        for (int row = 0; row < batch; row++)
        {
            ref float gate = ref Row(gates, row, 4 * hidden);
            for (int j = 0; j < hidden; j += V.Count)
            {
                int count = Math.Min(V.Count, hidden - j);
                V i = VectorMath.Sigmoid(Load<V>(ref gate, j, count));
                V f = VectorMath.Sigmoid(Load<V>(ref gate, hidden + j, count));
                V g = VectorMath.Tanh(Load<V>(ref gate, (2 * hidden) + j, count));
                V o = VectorMath.Sigmoid(Load<V>(ref gate, (3 * hidden) + j, count));
                V c = V.FusedMultiplyAdd(f, Load<V>(ref Row(before, row, hidden), j, count), i * g);
                V t = VectorMath.Tanh(c);
                Store(i, ref gate, j, count);
                Store(f, ref gate, hidden + j, count);
                Store(g, ref gate, (2 * hidden) + j, count);
                Store(o, ref gate, (3 * hidden) + j, count);
                Store(c, ref Row(cell, row, hidden), j, count);
                Store(t, ref Row(squashed, row, hidden), j, count);
                Store(o * t, ref Row(output, row, hidden), j, count);
            }
        }
    }

    private static void LstmBackward<V>(
        ReadOnlySpan<float> gates, ReadOnlySpan<float> before, ReadOnlySpan<float> squashed, ReadOnlySpan<float> dOutput,
        Span<float> dCell, Span<float> dGates, int batch, int hidden)
        where V : struct, ISimd<V>
    {
        V one = V.Create(1);
        for (int row = 0; row < batch; row++)
        {
            ref float gate = ref Row(gates, row, 4 * hidden);
            ref float dGate = ref Row(dGates, row, 4 * hidden);
            for (int j = 0; j < hidden; j += V.Count)
            {
                int count = Math.Min(V.Count, hidden - j);
                V i = Load<V>(ref gate, j, count);
                V f = Load<V>(ref gate, hidden + j, count);
                V g = Load<V>(ref gate, (2 * hidden) + j, count);
                V o = Load<V>(ref gate, (3 * hidden) + j, count);
                V t = Load<V>(ref Row(squashed, row, hidden), j, count);
                V dh = Load<V>(ref Row(dOutput, row, hidden), j, count);
                V dc = Load<V>(ref Row(dCell, row, hidden), j, count);
                dc = V.FusedMultiplyAdd(dh * o, V.FusedMultiplyAdd(-t, t, one), dc);
                V past = Load<V>(ref Row(before, row, hidden), j, count);
                Store(dc * g * i * (one - i), ref dGate, j, count);
                Store(dc * past * f * (one - f), ref dGate, hidden + j, count);
                Store(dc * i * V.FusedMultiplyAdd(-g, g, one), ref dGate, (2 * hidden) + j, count);
                Store(dh * t * o * (one - o), ref dGate, (3 * hidden) + j, count);
                Store(dc * f, ref Row(dCell, row, hidden), j, count);
            }
        }
    }

    private static void Gru<V>(
        Span<float> gates, ReadOnlySpan<float> recurrent, ReadOnlySpan<float> before, Span<float> output, int batch, int hidden)
        where V : struct, ISimd<V>
    {
        for (int row = 0; row < batch; row++)
        {
            ref float gate = ref Row(gates, row, 3 * hidden);
            ref float sums = ref Row(recurrent, row, 3 * hidden);
            for (int j = 0; j < hidden; j += V.Count)
            {
                int count = Math.Min(V.Count, hidden - j);
                V r = VectorMath.Sigmoid(Load<V>(ref gate, j, count) + Load<V>(ref sums, j, count));
                V z = VectorMath.Sigmoid(Load<V>(ref gate, hidden + j, count) + Load<V>(ref sums, hidden + j, count));
                V past = Load<V>(ref sums, (2 * hidden) + j, count);
                V n = VectorMath.Tanh(V.FusedMultiplyAdd(r, past, Load<V>(ref gate, (2 * hidden) + j, count)));
                Store(r, ref gate, j, count);
                Store(z, ref gate, hidden + j, count);
                Store(n, ref gate, (2 * hidden) + j, count);
                V h = V.FusedMultiplyAdd(z, Load<V>(ref Row(before, row, hidden), j, count) - n, n);
                Store(h, ref Row(output, row, hidden), j, count);
            }
        }
    }

    private static void GruBackward<V>(
        ReadOnlySpan<float> gates, ReadOnlySpan<float> recurrent, ReadOnlySpan<float> before, Span<float> dOutput,
        Span<float> dGates, Span<float> dRecurrent, int batch, int hidden)
        where V : struct, ISimd<V>
    {
        V one = V.Create(1);
        for (int row = 0; row < batch; row++)
        {
            ref float gate = ref Row(gates, row, 3 * hidden);
            ref float dGate = ref Row(dGates, row, 3 * hidden);
            ref float dSum = ref Row(dRecurrent, row, 3 * hidden);
            for (int j = 0; j < hidden; j += V.Count)
            {
                int count = Math.Min(V.Count, hidden - j);
                V r = Load<V>(ref gate, j, count);
                V z = Load<V>(ref gate, hidden + j, count);
                V n = Load<V>(ref gate, (2 * hidden) + j, count);
                V dh = Load<V>(ref Row(dOutput, row, hidden), j, count);
                V dn = dh * (one - z) * V.FusedMultiplyAdd(-n, n, one);
                V dr = dn * Load<V>(ref Row(recurrent, row, 3 * hidden), (2 * hidden) + j, count) * r * (one - r);
                V dz = dh * (Load<V>(ref Row(before, row, hidden), j, count) - n) * z * (one - z);
                Store(dr, ref dGate, j, count);
                Store(dz, ref dGate, hidden + j, count);
                Store(dn, ref dGate, (2 * hidden) + j, count);
                Store(dr, ref dSum, j, count);
                Store(dz, ref dSum, hidden + j, count);
                Store(dn * r, ref dSum, (2 * hidden) + j, count);
                Store(dh * z, ref Row(dOutput, row, hidden), j, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float Row(ReadOnlySpan<float> matrix, int row, int width) =>
        ref Unsafe.Add(ref MemoryMarshal.GetReference(matrix), row * (nint)width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<V>(ref float source, int index, int count)
        where V : struct, ISimd<V> =>
        count == V.Count ? V.Load(in source, (nuint)index) : V.LoadPartial(in source, (nuint)index, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V>(V value, ref float destination, int index, int count)
        where V : struct, ISimd<V>
    {
        if (count == V.Count) value.Store(ref destination, (nuint)index);
        else value.StorePartial(ref destination, (nuint)index, count);
    }
}
