using System.Runtime.CompilerServices;

namespace Bellman.Neural.Kernels;

/// <summary>The columns of a tile: one vector or two beside each other.</summary>
internal interface ITileColumns<TSelf>
    where TSelf : struct, ITileColumns<TSelf>
{
    static abstract int Count { get; }

    static abstract TSelf Zero { get; }

    /// <summary>One number in all columns.</summary>
    static abstract TSelf Create(float value);

    static abstract unsafe TSelf Load(float* source);

    /// <summary>Loads the first columns; the others are zero.</summary>
    static abstract unsafe TSelf LoadPartial(float* source, int count);

    unsafe void Store(float* destination);

    unsafe void StorePartial(float* destination, int count);

    /// <summary>left · right + addend with one number on the left.</summary>
    static abstract unsafe TSelf MultiplyAdd(float* left, TSelf right, TSelf addend);

    /// <summary>max(x, 0)</summary>
    static abstract TSelf Positive(TSelf value);
}

/// <summary>One vector of columns.</summary>
internal readonly struct SingleColumns<V>(V value) : ITileColumns<SingleColumns<V>>
    where V : struct, ISimd<V>
{
    private readonly V value = value;

    public static int Count => V.Count;

    public static SingleColumns<V> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(V.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleColumns<V> Create(float value) => new(V.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleColumns<V> Load(float* source) => new(V.Load(in *source, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleColumns<V> LoadPartial(float* source, int count) =>
        count >= V.Count ? Load(source) : new(V.LoadPartial(in *source, 0, count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(float* destination) => value.Store(ref *destination, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void StorePartial(float* destination, int count)
    {
        if (count >= V.Count) value.Store(ref *destination, 0);
        else value.StorePartial(ref *destination, 0, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe SingleColumns<V> MultiplyAdd(float* left, SingleColumns<V> right, SingleColumns<V> addend) =>
        new(V.MultiplyAdd(left, right.value, addend.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SingleColumns<V> Positive(SingleColumns<V> value) => new(default(Relu).Forward(value.value));
}

/// <summary>Two vectors of columns.</summary>
internal readonly struct DoubleColumns<V>(V left, V right) : ITileColumns<DoubleColumns<V>>
    where V : struct, ISimd<V>
{
    private readonly V left = left;
    private readonly V right = right;

    public static int Count => 2 * V.Count;

    public static DoubleColumns<V> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(V.Zero, V.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleColumns<V> Create(float value) => new(V.Create(value), V.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe DoubleColumns<V> Load(float* source) => new(V.Load(in *source, 0), V.Load(in *source, (nuint)V.Count));

    /// <remarks>The left vector is whole: narrower tiles have one vector.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe DoubleColumns<V> LoadPartial(float* source, int count) =>
        new(V.Load(in *source, 0), V.LoadPartial(in *source, (nuint)V.Count, count - V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(float* destination)
    {
        left.Store(ref *destination, 0);
        right.Store(ref *destination, (nuint)V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void StorePartial(float* destination, int count)
    {
        left.Store(ref *destination, 0);
        right.StorePartial(ref *destination, (nuint)V.Count, count - V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe DoubleColumns<V> MultiplyAdd(float* left, DoubleColumns<V> right, DoubleColumns<V> addend)
    {
        V factor = V.Broadcast(left);
        return new(V.FusedMultiplyAdd(factor, right.left, addend.left), V.FusedMultiplyAdd(factor, right.right, addend.right));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DoubleColumns<V> Positive(DoubleColumns<V> value) =>
        new(default(Relu).Forward(value.left), default(Relu).Forward(value.right));
}

/// <summary>The rows of a tile, a constant to the compiler.</summary>
internal interface ITileRows
{
    static abstract int Count { get; }
}

internal readonly struct OneRow : ITileRows
{
    public static int Count => 1;
}

internal readonly struct TwoRows : ITileRows
{
    public static int Count => 2;
}

internal readonly struct FourRows : ITileRows
{
    public static int Count => 4;
}

internal readonly struct EightRows : ITileRows
{
    public static int Count => 8;
}

/// <summary>Where a tile's operands lie: C[row, column] = start + Σ A[row·ARow + k·AStep] · B[k·BStep + column].</summary>
/// <remarks>Invariant: every address that k, the rows and the columns reach lies in the caller's pinned memory.</remarks>
internal unsafe struct TileOperands
{
    public float* A;
    public nint ARow;
    public nint AStep;
    public float* B;
    public nint BStep;
    public float* C;
    public nint CRow;
    public nint K;

    /// <summary>What the sums start from: the result itself to add to it, a bias, or zeros.</summary>
    public float* Start;
    public nint StartRow;
    public bool Relu;
}

/// <summary>The inner loop of all matrix products: a tile of the result stays in registers while k runs.</summary>
internal static unsafe class MatrixTile
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TColumns, TRows>(in TileOperands operands)
        where TColumns : struct, ITileColumns<TColumns>
        where TRows : struct, ITileRows
    {
        nint row = operands.StartRow;
        float* start = operands.Start;
        TColumns c0 = TColumns.Load(start);
        TColumns c1 = TRows.Count > 1 ? TColumns.Load(start += row) : c0;
        TColumns c2 = TRows.Count > 2 ? TColumns.Load(start += row) : c0;
        TColumns c3 = TRows.Count > 2 ? TColumns.Load(start += row) : c0;
        TColumns c4 = TRows.Count > 4 ? TColumns.Load(start += row) : c0;
        TColumns c5 = TRows.Count > 4 ? TColumns.Load(start += row) : c0;
        TColumns c6 = TRows.Count > 4 ? TColumns.Load(start += row) : c0;
        TColumns c7 = TRows.Count > 4 ? TColumns.Load(start += row) : c0;

        row = operands.ARow;
        float* a0 = operands.A;
        float* a1 = a0 + row;
        float* a2 = a1 + row;
        float* a3 = a2 + row;
        float* a4 = a3 + row;
        float* a5 = a4 + row;
        float* a6 = a5 + row;
        float* a7 = a6 + row;
        float* b = operands.B;
        nint step = operands.AStep;
        nint bStep = operands.BStep;
        nint at = 0;
        for (nint k = operands.K; k > 0; k--)
        {
            TColumns right = TColumns.Load(b);
            c0 = TColumns.MultiplyAdd(a0 + at, right, c0);
            if (TRows.Count > 1) c1 = TColumns.MultiplyAdd(a1 + at, right, c1);
            if (TRows.Count > 2) c2 = TColumns.MultiplyAdd(a2 + at, right, c2);
            if (TRows.Count > 2) c3 = TColumns.MultiplyAdd(a3 + at, right, c3);
            if (TRows.Count > 4) c4 = TColumns.MultiplyAdd(a4 + at, right, c4);
            if (TRows.Count > 4) c5 = TColumns.MultiplyAdd(a5 + at, right, c5);
            if (TRows.Count > 4) c6 = TColumns.MultiplyAdd(a6 + at, right, c6);
            if (TRows.Count > 4) c7 = TColumns.MultiplyAdd(a7 + at, right, c7);
            b += bStep;
            at += step;
        }

        if (operands.Relu)
        {
            c0 = TColumns.Positive(c0);
            if (TRows.Count > 1) c1 = TColumns.Positive(c1);
            if (TRows.Count > 2) c2 = TColumns.Positive(c2);
            if (TRows.Count > 2) c3 = TColumns.Positive(c3);
            if (TRows.Count > 4) c4 = TColumns.Positive(c4);
            if (TRows.Count > 4) c5 = TColumns.Positive(c5);
            if (TRows.Count > 4) c6 = TColumns.Positive(c6);
            if (TRows.Count > 4) c7 = TColumns.Positive(c7);
        }

        row = operands.CRow;
        float* c = operands.C;
        c0.Store(c);
        if (TRows.Count > 1) c1.Store(c += row);
        if (TRows.Count > 2) c2.Store(c += row);
        if (TRows.Count > 2) c3.Store(c += row);
        if (TRows.Count > 4) c4.Store(c += row);
        if (TRows.Count > 4) c5.Store(c += row);
        if (TRows.Count > 4) c6.Store(c += row);
        if (TRows.Count > 4) c7.Store(c + row);
    }
}
