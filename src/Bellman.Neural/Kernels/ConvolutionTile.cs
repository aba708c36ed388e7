using System.Runtime.CompilerServices;

namespace Bellman.Neural.Kernels;

/// <summary>A product C[row, column] = start + Σ A[row, k] · B[k, column] of rows that lie where tables say.</summary>
/// <remarks>
/// So A, or C, can be an image, and its rows the patches of it that overlap. Invariant: every address that rows, k and columns reach lies in
/// the caller's pinned memory.
/// </remarks>
internal unsafe struct ImageProduct
{
    /// <summary>A[row, k] = A[ARows[row] + Steps[k]]</summary>
    public float* A;
    public int* ARows;
    public int* Steps;

    /// <summary>B[k, column] = B[k · Columns + column]</summary>
    public float* B;

    /// <summary>C[row, column] = C[CRows[row] + column]</summary>
    public float* C;
    public int* CRows;

    /// <summary>What the sums of every row start from; null for C itself, to add to it.</summary>
    public float* Start;
    public bool Relu;

    /// <summary>
    /// The tables repeat the last row up to a multiple of <see cref="ConvolutionTile.LeastRows"/>; a tile reads all that it adds to before it
    /// writes, so that the repeated row is written several times, with the same numbers.
    /// </summary>
    public int Rows;
    public nint K;

    /// <summary>A multiple of the vector's lanes.</summary>
    public nint Columns;
}

/// <summary>The inner loop of <see cref="ImageProduct"/>: a tile of the result stays in registers while it runs.</summary>
internal static unsafe class ConvolutionTile
{
    /// <summary>Rows of the smallest tile.</summary>
    public const int LeastRows = 4;

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
            if (panel.Start != null) panel.Start += 2 * V.Count;
        }
    }

    /// <summary>Eight rows at once with vectors of 512 bits, four with narrower ones, which have fewer registers.</summary>
    private static void MultiplyPanel<V, TColumns>(ImageProduct panel)
        where V : struct, ISimd<V>
        where TColumns : struct, ITileColumns<TColumns>
    {
        nint rows = Convolution.RoundUp(panel.Rows, LeastRows);
        if (V.Count == Simd512.Count)
        {
            for (; rows >= 8; rows -= 8)
            {
                Multiply<TColumns, EightRows>(in panel);
                Advance(ref panel, 8);
            }
        }

        for (; rows > 0; rows -= LeastRows)
        {
            Multiply<TColumns, FourRows>(in panel);
            Advance(ref panel, LeastRows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(ref ImageProduct panel, nint rows)
    {
        panel.ARows += rows;
        panel.CRows += rows;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TColumns, TRows>(in ImageProduct product)
        where TColumns : struct, ITileColumns<TColumns>
        where TRows : struct, ITileRows
    {
        // A start of all rows has no row of its own for each.
        float* start = product.Start == null ? product.C : product.Start;
        nint unit = product.Start == null ? 1 : 0;
        int* rows = product.CRows;
        TColumns c0 = TColumns.Load(start + (rows[0] * unit));
        TColumns c1 = TColumns.Load(start + (rows[1] * unit));
        TColumns c2 = TColumns.Load(start + (rows[2] * unit));
        TColumns c3 = TColumns.Load(start + (rows[3] * unit));
        TColumns c4 = TRows.Count > 4 ? TColumns.Load(start + (rows[4] * unit)) : c0;
        TColumns c5 = TRows.Count > 4 ? TColumns.Load(start + (rows[5] * unit)) : c0;
        TColumns c6 = TRows.Count > 4 ? TColumns.Load(start + (rows[6] * unit)) : c0;
        TColumns c7 = TRows.Count > 4 ? TColumns.Load(start + (rows[7] * unit)) : c0;

        rows = product.ARows;
        float* a0 = product.A + rows[0];
        float* a1 = product.A + rows[1];
        float* a2 = product.A + rows[2];
        float* a3 = product.A + rows[3];
        float* a4 = TRows.Count > 4 ? product.A + rows[4] : a0;
        float* a5 = TRows.Count > 4 ? product.A + rows[5] : a0;
        float* a6 = TRows.Count > 4 ? product.A + rows[6] : a0;
        float* a7 = TRows.Count > 4 ? product.A + rows[7] : a0;
        float* b = product.B;
        int* steps = product.Steps;
        nint step = product.Columns;
        for (nint k = product.K; k > 0; k--)
        {
            nint at = *steps++;
            TColumns right = TColumns.Load(b);
            c0 = TColumns.MultiplyAdd(a0 + at, right, c0);
            c1 = TColumns.MultiplyAdd(a1 + at, right, c1);
            c2 = TColumns.MultiplyAdd(a2 + at, right, c2);
            c3 = TColumns.MultiplyAdd(a3 + at, right, c3);
            if (TRows.Count > 4) c4 = TColumns.MultiplyAdd(a4 + at, right, c4);
            if (TRows.Count > 4) c5 = TColumns.MultiplyAdd(a5 + at, right, c5);
            if (TRows.Count > 4) c6 = TColumns.MultiplyAdd(a6 + at, right, c6);
            if (TRows.Count > 4) c7 = TColumns.MultiplyAdd(a7 + at, right, c7);
            b += step;
        }

        if (product.Relu)
        {
            c0 = TColumns.Positive(c0);
            c1 = TColumns.Positive(c1);
            c2 = TColumns.Positive(c2);
            c3 = TColumns.Positive(c3);
            if (TRows.Count > 4) c4 = TColumns.Positive(c4);
            if (TRows.Count > 4) c5 = TColumns.Positive(c5);
            if (TRows.Count > 4) c6 = TColumns.Positive(c6);
            if (TRows.Count > 4) c7 = TColumns.Positive(c7);
        }

        float* c = product.C;
        rows = product.CRows;
        c0.Store(c + rows[0]);
        c1.Store(c + rows[1]);
        c2.Store(c + rows[2]);
        c3.Store(c + rows[3]);
        if (TRows.Count > 4) c4.Store(c + rows[4]);
        if (TRows.Count > 4) c5.Store(c + rows[5]);
        if (TRows.Count > 4) c6.Store(c + rows[6]);
        if (TRows.Count > 4) c7.Store(c + rows[7]);
    }
}
