using System.Runtime.CompilerServices;

namespace Bellman.Neural.Kernels;

/// <summary>
/// A product C[row, column] = start + Σ A[row, k] · B[k, column] whose A is never written out: row r of it is read from an image, from
/// Offsets[r] on, in three nested loops of equal steps.
/// </summary>
/// <remarks>
/// With the kernel's channels, rows and columns as loops and places as rows this is a convolution; with the places as loops and the
/// numbers under the kernel as rows it is its weights' gradient. Invariant: every address that rows, loops and columns reach lies in the
/// caller's pinned memory.
/// </remarks>
internal unsafe struct ImageProduct
{
    public float* Image;
    public int* Offsets;
    public nint Outer;
    public nint OuterStep;
    public nint Middle;
    public nint MiddleStep;
    public nint Inner;
    public nint InnerStep;

    /// <summary>B[k, column] = B[k·Columns + column]; C lies likewise.</summary>
    public float* B;
    public float* C;

    /// <summary>A multiple of the vector's lanes.</summary>
    public nint Columns;
    public nint Rows;

    /// <summary>What the sums start from: the result itself to add to it (with a step of Columns), or a bias (with none).</summary>
    public float* Start;
    public nint StartRow;
    public bool Relu;
}

/// <summary>The inner loops of <see cref="ImageProduct"/>: a tile of the result stays in registers while they run.</summary>
internal static unsafe class ConvolutionTile
{
    /// <summary>The whole product.</summary>
    public static void Multiply<V>(in ImageProduct product)
        where V : struct, ISimd<V>
    {
        ImageProduct panel = product;
        for (nint column = 0; column < product.Columns; column += 2 * V.Count)
        {
            if (product.Columns - column >= 2 * V.Count) MultiplyPanel<V, DoubleColumns<V>>(panel);
            else MultiplyPanel<V, SingleColumns<V>>(panel);
            panel.B += 2 * V.Count;
            panel.C += 2 * V.Count;
            panel.Start += 2 * V.Count;
        }
    }

    /// <summary>Eight rows at once with vectors of 512 bits, four with narrower ones, which have fewer registers.</summary>
    private static void MultiplyPanel<V, TColumns>(ImageProduct panel)
        where V : struct, ISimd<V>
        where TColumns : struct, ITileColumns<TColumns>
    {
        nint rows = panel.Rows;
        if (V.Count == Simd512.Count)
        {
            for (; rows >= 8; rows -= 8)
            {
                Multiply<TColumns, EightRows>(in panel);
                Advance(ref panel, 8);
            }
        }

        for (; rows >= 4; rows -= 4)
        {
            Multiply<TColumns, FourRows>(in panel);
            Advance(ref panel, 4);
        }

        for (; rows > 0; rows--)
        {
            Multiply<TColumns, OneRow>(in panel);
            Advance(ref panel, 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(ref ImageProduct panel, nint rows)
    {
        panel.Offsets += rows;
        panel.C += rows * panel.Columns;
        panel.Start += rows * panel.StartRow;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TColumns, TRows>(in ImageProduct product)
        where TColumns : struct, ITileColumns<TColumns>
        where TRows : struct, ITileRows
    {
        nint row = product.StartRow;
        float* start = product.Start;
        TColumns c0 = TColumns.Load(start);
        TColumns c1 = TRows.Count > 2 ? TColumns.Load(start += row) : c0;
        TColumns c2 = TRows.Count > 2 ? TColumns.Load(start += row) : c0;
        TColumns c3 = TRows.Count > 2 ? TColumns.Load(start += row) : c0;
        TColumns c4 = TRows.Count > 4 ? TColumns.Load(start += row) : c0;
        TColumns c5 = TRows.Count > 4 ? TColumns.Load(start += row) : c0;
        TColumns c6 = TRows.Count > 4 ? TColumns.Load(start += row) : c0;
        TColumns c7 = TRows.Count > 4 ? TColumns.Load(start += row) : c0;

        int* offsets = product.Offsets;
        float* a0 = product.Image + offsets[0];
        float* a1 = TRows.Count > 2 ? product.Image + offsets[1] : a0;
        float* a2 = TRows.Count > 2 ? product.Image + offsets[2] : a0;
        float* a3 = TRows.Count > 2 ? product.Image + offsets[3] : a0;
        float* a4 = TRows.Count > 4 ? product.Image + offsets[4] : a0;
        float* a5 = TRows.Count > 4 ? product.Image + offsets[5] : a0;
        float* a6 = TRows.Count > 4 ? product.Image + offsets[6] : a0;
        float* a7 = TRows.Count > 4 ? product.Image + offsets[7] : a0;
        float* b = product.B;
        nint step = product.InnerStep;
        nint bStep = product.Columns;
        for (nint outer = 0; outer < product.Outer; outer++)
        {
            for (nint middle = 0; middle < product.Middle; middle++)
            {
                nint at = (outer * product.OuterStep) + (middle * product.MiddleStep);
                for (nint inner = product.Inner; inner > 0; inner--)
                {
                    TColumns right = TColumns.Load(b);
                    c0 = TColumns.MultiplyAdd(a0[at], right, c0);
                    if (TRows.Count > 2) c1 = TColumns.MultiplyAdd(a1[at], right, c1);
                    if (TRows.Count > 2) c2 = TColumns.MultiplyAdd(a2[at], right, c2);
                    if (TRows.Count > 2) c3 = TColumns.MultiplyAdd(a3[at], right, c3);
                    if (TRows.Count > 4) c4 = TColumns.MultiplyAdd(a4[at], right, c4);
                    if (TRows.Count > 4) c5 = TColumns.MultiplyAdd(a5[at], right, c5);
                    if (TRows.Count > 4) c6 = TColumns.MultiplyAdd(a6[at], right, c6);
                    if (TRows.Count > 4) c7 = TColumns.MultiplyAdd(a7[at], right, c7);
                    b += bStep;
                    at += step;
                }
            }
        }

        if (product.Relu)
        {
            c0 = TColumns.Positive(c0);
            if (TRows.Count > 2) c1 = TColumns.Positive(c1);
            if (TRows.Count > 2) c2 = TColumns.Positive(c2);
            if (TRows.Count > 2) c3 = TColumns.Positive(c3);
            if (TRows.Count > 4) c4 = TColumns.Positive(c4);
            if (TRows.Count > 4) c5 = TColumns.Positive(c5);
            if (TRows.Count > 4) c6 = TColumns.Positive(c6);
            if (TRows.Count > 4) c7 = TColumns.Positive(c7);
        }

        float* c = product.C;
        c0.Store(c);
        if (TRows.Count > 2) c1.Store(c += bStep);
        if (TRows.Count > 2) c2.Store(c += bStep);
        if (TRows.Count > 2) c3.Store(c += bStep);
        if (TRows.Count > 4) c4.Store(c += bStep);
        if (TRows.Count > 4) c5.Store(c += bStep);
        if (TRows.Count > 4) c6.Store(c += bStep);
        if (TRows.Count > 4) c7.Store(c + bStep);
    }
}
