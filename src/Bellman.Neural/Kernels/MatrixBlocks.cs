using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>A product C[m, n] = start + A · B on pinned memory, in any layout.</summary>
/// <remarks>Strides are in floats. Invariant: every element that m, k and n reach lies in the caller's pinned memory.</remarks>
internal unsafe struct ProductOperands
{
    /// <summary>A[i, p] = A[i·ARow + p·AStep]</summary>
    public float* A;
    public nint ARow;
    public nint AStep;

    /// <summary>B[p, j] = B[p·BStride + j], or B[j·BStride + p] where it is transposed.</summary>
    public float* B;
    public nint BStride;
    public bool BTransposed;

    public float* C;
    public nint CRow;

    /// <summary>A bias per column; null for zeros, or C itself where <see cref="Accumulate"/> is set.</summary>
    public float* Bias;
    public bool Accumulate;
    public bool Relu;

    public nint M;
    public nint K;
    public nint N;
}

/// <summary>Divides a product into panels of columns and tiles of rows, and k into blocks whose panels stay in the nearest cache.</summary>
/// <remarks>
/// An element is one chain of fused multiply-adds over ascending k that starts from the bias, from C or from zero, whatever the division.
/// The one exception, chosen by shape alone: a single row times a transposed matrix is dot products of sixteen lanes.
/// </remarks>
internal static unsafe class MatrixBlocks
{
    // A panel of 256 × 32 floats is 32 KiB.
    private const int Depth = 256;

    // Fewer rows than this do not repay copying the right matrix.
    private const int RowsToCopy = 24;

    // From this stride on, the rows of a panel in place compete for the same sets of the nearest cache.
    private const int StrideToCopy = 128;

    // The widest vector's two.
    private const int MaxWidth = 32;
    private const int MaxRows = 8;

    private static readonly float* Zeros = Scratch.Zeros(MaxWidth);

    public static void Multiply(
        ReadOnlySpan<float> a, int rowStep, int columnStep, ReadOnlySpan<float> b, int bStride, bool rightTransposed,
        Span<float> c, ReadOnlySpan<float> bias, bool relu, int m, int k, int n, bool accumulate)
    {
        if (m == 0 || n == 0) return;
        fixed (float* pa = a, pb = b, pc = c, pbias = bias)
        {
            ProductOperands product = new()
            {
                A = pa,
                ARow = rowStep,
                AStep = columnStep,
                B = pb,
                BStride = bStride,
                BTransposed = rightTransposed,
                C = pc,
                CRow = n,
                Bias = pbias,
                Accumulate = accumulate,
                Relu = relu,
                M = m,
                K = k,
                N = n,
            };
            Multiply(in product);
        }
    }

    public static void Multiply(in ProductOperands product)
    {
        if (Vector512.IsHardwareAccelerated) Multiply<Simd512>(in product);
        else if (Vector256.IsHardwareAccelerated) Multiply<Simd256>(in product);
        else Multiply<Simd128>(in product);
    }

    internal static void Multiply<V>(in ProductOperands product)
        where V : struct, ISimd<V>
    {
        if (product.M == 1)
        {
            MultiplyRow<V>(in product);
        }
        else if (Workers.ShareProducts((long)product.M * product.K * product.N))
        {
            MatrixParts<V> parts = new(in product);
            Workers.Run(ref parts, parts.Count, share: true);
        }
        else
        {
            MultiplyBlocks<V>(in product);
        }
    }

    /// <summary>The product of two rows or more, by the calling thread.</summary>
    internal static void MultiplyBlocks<V>(in ProductOperands product)
        where V : struct, ISimd<V>
    {
        // Blocks of equal depth; the sums of all but the first start from the result so far.
        nint blocks = Math.Max(1, (product.K + Depth - 1) / Depth);
        nint depth = (product.K + blocks - 1) / blocks;
        ProductOperands block = product;
        nint k = 0;
        do
        {
            block.K = Math.Min(depth, product.K - k);
            block.A = product.A + (k * product.AStep);
            block.B = product.B + (product.BTransposed ? k : k * product.BStride);
            block.Accumulate = product.Accumulate || k > 0;
            k += block.K;
            block.Relu = product.Relu && k == product.K;
            MultiplyBlock<V>(in block);
        }
        while (k < product.K);
    }

    private static void MultiplyRow<V>(in ProductOperands product)
        where V : struct, ISimd<V>
    {
        float* start = product.Accumulate ? product.C : product.Bias;
        if (product.BTransposed) MatrixVector.Dots<V>(product.A, product.B, start, product.C, product.K, product.N, product.BStride);
        else MatrixVector.Chains<V>(product.A, product.AStep, product.B, start, product.C, product.K, product.N, product.BStride);
        if (product.Relu)
        {
            var y = new Span<float>(product.C, (int)product.N);
            Elementwise.Forward<Relu>(y, y);
        }
    }

    private static void MultiplyBlock<V>(in ProductOperands product)
        where V : struct, ISimd<V>
    {
        int width = 2 * V.Count;
        bool copy = product.BTransposed || (product.M >= RowsToCopy && product.BStride >= StrideToCopy);
        float* panel = Scratch.Rent(ScratchSlot.RightPanel, product.K * MaxWidth);
        TileOperands tile = new()
        {
            ARow = product.ARow,
            AStep = product.AStep,
            CRow = product.CRow,
            K = product.K,
            Relu = product.Relu,
        };
        for (nint column = 0; column < product.N; column += width)
        {
            int count = (int)Math.Min(width, product.N - column);
            tile.C = product.C + column;
            tile.B = product.B + column;
            tile.BStep = product.BStride;
            if (product.BTransposed)
            {
                tile.BStep = count > V.Count ? width : V.Count;
                tile.B = panel;
                MatrixPanel.Transpose<V>(product.B + (column * product.BStride), product.BStride, product.K, count, panel, (int)tile.BStep);
            }
            else if (copy || count < width)
            {
                tile.BStep = count > V.Count ? width : V.Count;
                tile.B = panel;
                MatrixPanel.Copy<V>(product.B + column, product.BStride, product.K, count, panel, (int)tile.BStep);
            }

            tile.Start = product.Accumulate ? tile.C : product.Bias == null ? Zeros : product.Bias + column;
            tile.StartRow = product.Accumulate ? product.CRow : 0;
            tile.A = product.A;
            if (count == width) MultiplyPanel<V, DoubleColumns<V>>(ref tile, product.M);
            else if (count == V.Count) MultiplyPanel<V, SingleColumns<V>>(ref tile, product.M);
            else if (count > V.Count) MultiplyEdge<V, DoubleColumns<V>>(ref tile, product.M, count);
            else MultiplyEdge<V, SingleColumns<V>>(ref tile, product.M, count);
        }
    }

    /// <summary>All rows of a panel: tiles of eight rows with vectors of 512 bits, of four with narrower ones, which have fewer registers.</summary>
    private static void MultiplyPanel<V, TColumns>(ref TileOperands tile, nint rows)
        where V : struct, ISimd<V>
        where TColumns : struct, ITileColumns<TColumns>
    {
        if (V.Count == Simd512.Count)
        {
            for (; rows >= 8; rows -= 8)
            {
                MatrixTile.Multiply<TColumns, EightRows>(in tile);
                Advance(ref tile, 8);
            }
        }

        for (; rows >= 4; rows -= 4)
        {
            MatrixTile.Multiply<TColumns, FourRows>(in tile);
            Advance(ref tile, 4);
        }

        if (rows >= 2)
        {
            MatrixTile.Multiply<TColumns, TwoRows>(in tile);
            Advance(ref tile, 2);
            rows -= 2;
        }

        if (rows > 0) MatrixTile.Multiply<TColumns, OneRow>(in tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(ref TileOperands tile, nint rows)
    {
        tile.A += rows * tile.ARow;
        tile.C += rows * tile.CRow;
        tile.Start += rows * tile.StartRow;
    }

    /// <summary>A panel at the right edge: its tiles are computed in working memory, of which the columns that exist are copied.</summary>
    private static void MultiplyEdge<V, TColumns>(ref TileOperands tile, nint rows, int count)
        where V : struct, ISimd<V>
        where TColumns : struct, ITileColumns<TColumns>
    {
        float* edge = Scratch.Rent(ScratchSlot.Edge, 2 * MaxRows * MaxWidth);
        float* starts = edge + (MaxRows * MaxWidth);
        TileOperands inner = tile;
        inner.C = edge;
        inner.CRow = MaxWidth;
        inner.Start = starts;
        inner.StartRow = tile.StartRow == 0 ? 0 : MaxWidth;
        if (tile.StartRow == 0) MatrixPanel.Copy<V>(tile.Start, 0, 1, count, starts, TColumns.Count);
        for (nint row = 0; row < rows; row += MaxRows)
        {
            nint now = Math.Min(MaxRows, rows - row);
            inner.A = tile.A + (row * tile.ARow);
            inner.C = edge;
            inner.Start = starts;
            if (tile.StartRow != 0) CopyRows<V>(tile.Start + (row * tile.StartRow), tile.StartRow, starts, MaxWidth, now, count);
            MultiplyPanel<V, TColumns>(ref inner, now);
            CopyRows<V>(edge, MaxWidth, tile.C + (row * tile.CRow), tile.CRow, now, count);
        }
    }

    private static void CopyRows<V>(float* source, nint sourceRow, float* destination, nint destinationRow, nint rows, int count)
        where V : struct, ISimd<V>
    {
        for (nint row = 0; row < rows; row++)
        {
            int j = 0;
            for (; j + V.Count <= count; j += V.Count)
            {
                V.Load(in source[j], 0).Store(ref destination[j], 0);
            }

            int rest = count - j;
            if (rest > 0) V.LoadPartial(in source[j], 0, rest).StorePartial(ref destination[j], 0, rest);
            source += sourceRow;
            destination += destinationRow;
        }
    }
}
