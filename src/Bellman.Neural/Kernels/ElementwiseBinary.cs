using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>How an operand is spread over a [rows, columns] result.</summary>
internal enum Spread
{
    /// <summary>[rows, columns]: an element for each.</summary>
    Full,

    /// <summary>[columns]: the same row for every row.</summary>
    Row,

    /// <summary>[rows]: one number for each row.</summary>
    Column,

    /// <summary>[1]: one number for all.</summary>
    Scalar,
}

/// <summary>The loops of two-argument functions over [rows, columns], with either operand spread (broadcast).</summary>
/// <remarks>Equal shapes are one row. Gradients of a spread operand are sums in the order that <see cref="Reductions"/> fixes.</remarks>
internal static class ElementwiseBinary
{
    /// <summary>y = f(a, b) for equal lengths.</summary>
    public static void Forward<TOperator>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
        where TOperator : struct, IBinaryOperator =>
        Forward<TOperator>(a, Spread.Full, b, Spread.Full, y, 1, y.Length);

    /// <summary>y[rows, columns] = f(a, b)</summary>
    public static void Forward<TOperator>(
        ReadOnlySpan<float> a, Spread spreadA, ReadOnlySpan<float> b, Spread spreadB, Span<float> y, int rows, int columns)
        where TOperator : struct, IBinaryOperator
    {
        Debug.Assert(Length(spreadA, rows, columns) <= a.Length, "The left operand has its spread's length.");
        Debug.Assert(Length(spreadB, rows, columns) <= b.Length, "The right operand has its spread's length.");
        Debug.Assert(rows * columns <= y.Length, "The result is [rows, columns].");
        bool equal = spreadA == Spread.Full && spreadB == Spread.Full;
        if (equal && Workers.ShareElements((long)rows * columns)) SharedElementwise.Forward<TOperator>(a, b, y[..(rows * columns)]);
        else ForwardHere<TOperator>(a, spreadA, b, spreadB, y, rows, columns);
    }

    /// <summary>y[rows, columns] = f(a, b), by the calling thread.</summary>
    internal static void ForwardHere<TOperator>(
        ReadOnlySpan<float> a, Spread spreadA, ReadOnlySpan<float> b, Spread spreadB, Span<float> y, int rows, int columns)
        where TOperator : struct, IBinaryOperator
    {
        if (Vector512.IsHardwareAccelerated) Forward<TOperator, Simd512>(a, spreadA, b, spreadB, y, rows, columns);
        else if (Vector256.IsHardwareAccelerated) Forward<TOperator, Simd256>(a, spreadA, b, spreadB, y, rows, columns);
        else Forward<TOperator, Simd128>(a, spreadA, b, spreadB, y, rows, columns);
    }

    /// <summary>da = or += ∂f/∂a · dy for equal lengths.</summary>
    public static void BackwardLeft<TOperator>(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> da, bool accumulate)
        where TOperator : struct, IBinaryOperator =>
        Backward<TOperator, Left>(a, Spread.Full, b, Spread.Full, y, dy, da, Spread.Full, 1, dy.Length, accumulate);

    /// <summary>db = or += ∂f/∂b · dy for equal lengths.</summary>
    public static void BackwardRight<TOperator>(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> db, bool accumulate)
        where TOperator : struct, IBinaryOperator =>
        Backward<TOperator, Right>(a, Spread.Full, b, Spread.Full, y, dy, db, Spread.Full, 1, dy.Length, accumulate);

    /// <summary>da = or += ∂f/∂a · dy, summed over what a is spread over.</summary>
    public static void BackwardLeft<TOperator>(
        ReadOnlySpan<float> a, Spread spreadA, ReadOnlySpan<float> b, Spread spreadB, ReadOnlySpan<float> y, ReadOnlySpan<float> dy,
        Span<float> da, int rows, int columns, bool accumulate)
        where TOperator : struct, IBinaryOperator =>
        Backward<TOperator, Left>(a, spreadA, b, spreadB, y, dy, da, spreadA, rows, columns, accumulate);

    /// <summary>db = or += ∂f/∂b · dy, summed over what b is spread over.</summary>
    public static void BackwardRight<TOperator>(
        ReadOnlySpan<float> a, Spread spreadA, ReadOnlySpan<float> b, Spread spreadB, ReadOnlySpan<float> y, ReadOnlySpan<float> dy,
        Span<float> db, int rows, int columns, bool accumulate)
        where TOperator : struct, IBinaryOperator =>
        Backward<TOperator, Right>(a, spreadA, b, spreadB, y, dy, db, spreadB, rows, columns, accumulate);

    internal static void Forward<TOperator, V>(
        ReadOnlySpan<float> a, Spread spreadA, ReadOnlySpan<float> b, Spread spreadB, Span<float> y, int rows, int columns)
        where TOperator : struct, IBinaryOperator
        where V : struct, ISimd<V>
    {
        TOperator function = default;
        for (int row = 0; row < rows; row++)
        {
            Operand<V> left = new(ref RowOf(a, spreadA, row, columns), spreadA);
            Operand<V> right = new(ref RowOf(b, spreadB, row, columns), spreadB);
            ref float destination = ref Unsafe.Add(ref MemoryMarshal.GetReference(y), row * (nint)columns);
            nuint i = 0;
            for (; i + (nuint)V.Count <= (nuint)columns; i += (nuint)V.Count)
            {
                function.Forward(left.Load(i), right.Load(i)).Store(ref destination, i);
            }

            int rest = columns - (int)i;
            if (rest > 0) function.Forward(left.LoadPartial(i, rest), right.LoadPartial(i, rest)).StorePartial(ref destination, i, rest);
        }
    }

    private static void Backward<TOperator, TSide>(
        ReadOnlySpan<float> a, Spread spreadA, ReadOnlySpan<float> b, Spread spreadB, ReadOnlySpan<float> y, ReadOnlySpan<float> dy,
        Span<float> gradient, Spread spread, int rows, int columns, bool accumulate)
        where TOperator : struct, IBinaryOperator
        where TSide : struct, ISide
    {
        int length = Length(spread, rows, columns);
        if (!accumulate && spread != Spread.Full) gradient[..length].Clear();
        if (Vector512.IsHardwareAccelerated)
        {
            Backward<TOperator, TSide, Simd512>(a, spreadA, b, spreadB, y, dy, gradient, spread, rows, columns, accumulate);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Backward<TOperator, TSide, Simd256>(a, spreadA, b, spreadB, y, dy, gradient, spread, rows, columns, accumulate);
        }
        else
        {
            Backward<TOperator, TSide, Simd128>(a, spreadA, b, spreadB, y, dy, gradient, spread, rows, columns, accumulate);
        }
    }

    private static void Backward<TOperator, TSide, V>(
        ReadOnlySpan<float> a, Spread spreadA, ReadOnlySpan<float> b, Spread spreadB, ReadOnlySpan<float> y, ReadOnlySpan<float> dy,
        Span<float> gradient, Spread spread, int rows, int columns, bool accumulate)
        where TOperator : struct, IBinaryOperator
        where TSide : struct, ISide
        where V : struct, ISimd<V>
    {
        for (int row = 0; row < rows; row++)
        {
            Operand<V> left = new(ref RowOf(a, spreadA, row, columns), spreadA);
            Operand<V> right = new(ref RowOf(b, spreadB, row, columns), spreadB);
            nint offset = row * (nint)columns;
            ref float value = ref Unsafe.Add(ref MemoryMarshal.GetReference(y), offset);
            ref float upstream = ref Unsafe.Add(ref MemoryMarshal.GetReference(dy), offset);
            ref float sum = ref RowOf(gradient, spread, row, columns);
            if (spread is Spread.Column or Spread.Scalar)
            {
                sum += SumOfGradient<TOperator, TSide, V>(left, right, ref value, ref upstream, columns);
            }
            else
            {
                bool add = accumulate || spread == Spread.Row;
                RowOfGradient<TOperator, TSide, V>(left, right, ref value, ref upstream, ref sum, columns, add);
            }
        }
    }

    private static void RowOfGradient<TOperator, TSide, V>(
        Operand<V> left, Operand<V> right, ref float y, ref float dy, ref float gradient, int columns, bool add)
        where TOperator : struct, IBinaryOperator
        where TSide : struct, ISide
        where V : struct, ISimd<V>
    {
        nuint i = 0;
        for (; i + (nuint)V.Count <= (nuint)columns; i += (nuint)V.Count)
        {
            V g = TSide.Gradient<TOperator, V>(left.Load(i), right.Load(i), V.Load(in y, i), V.Load(in dy, i));
            if (add) g = V.Load(in gradient, i) + g;
            g.Store(ref gradient, i);
        }

        int rest = columns - (int)i;
        if (rest > 0)
        {
            V g = TSide.Gradient<TOperator, V>(
                left.LoadPartial(i, rest), right.LoadPartial(i, rest), V.LoadPartial(in y, i, rest), V.LoadPartial(in dy, i, rest));
            if (add) g = V.LoadPartial(in gradient, i, rest) + g;
            g.StorePartial(ref gradient, i, rest);
        }
    }

    private static float SumOfGradient<TOperator, TSide, V>(
        Operand<V> left, Operand<V> right, ref float y, ref float dy, int columns)
        where TOperator : struct, IBinaryOperator
        where TSide : struct, ISide
        where V : struct, ISimd<V>
    {
        Lanes16 sums = default;
        ref float lanes = ref Unsafe.As<Lanes16, float>(ref sums);
        nuint i = 0;
        for (; i + (nuint)V.Count <= (nuint)columns; i += (nuint)V.Count)
        {
            nuint lane = i % Lanes16.Count;
            V g = TSide.Gradient<TOperator, V>(left.Load(i), right.Load(i), V.Load(in y, i), V.Load(in dy, i));
            (V.Load(in lanes, lane) + g).Store(ref lanes, lane);
        }

        int rest = columns - (int)i;
        if (rest > 0)
        {
            V g = TSide.Gradient<TOperator, V>(
                left.LoadPartial(i, rest), right.LoadPartial(i, rest), V.LoadPartial(in y, i, rest), V.LoadPartial(in dy, i, rest));
            nuint lane = i % Lanes16.Count;
            (V.LoadPartial(in lanes, lane, rest) + g).StorePartial(ref lanes, lane, rest);
        }

        return sums.Sum();
    }

    private static int Length(Spread spread, int rows, int columns) => spread switch
    {
        Spread.Full => rows * columns,
        Spread.Row => columns,
        Spread.Column => rows,
        _ => 1,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float RowOf(ReadOnlySpan<float> operand, Spread spread, int row, int columns)
    {
        nint offset = spread switch { Spread.Full => row * (nint)columns, Spread.Column => row, _ => 0 };
        return ref Unsafe.Add(ref MemoryMarshal.GetReference(operand), offset);
    }

    /// <summary>Chooses the derivative by the left or the right argument.</summary>
    private interface ISide
    {
        static abstract V Gradient<TOperator, V>(V a, V b, V y, V dy)
            where TOperator : struct, IBinaryOperator
            where V : struct, ISimd<V>;
    }

    private readonly struct Left : ISide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Gradient<TOperator, V>(V a, V b, V y, V dy)
            where TOperator : struct, IBinaryOperator
            where V : struct, ISimd<V> => default(TOperator).Left(a, b, y, dy);
    }

    private readonly struct Right : ISide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Gradient<TOperator, V>(V a, V b, V y, V dy)
            where TOperator : struct, IBinaryOperator
            where V : struct, ISimd<V> => default(TOperator).Right(a, b, y, dy);
    }

    /// <summary>A row of an operand, or one number in all lanes.</summary>
    private readonly ref struct Operand<V>(ref float row, Spread spread)
        where V : struct, ISimd<V>
    {
        private readonly ref float row = ref row;
        private readonly bool single = spread is Spread.Column or Spread.Scalar;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Load(nuint index) => single ? V.Create(row) : V.Load(in row, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V LoadPartial(nuint index, int count) => single ? V.Create(row) : V.LoadPartial(in row, index, count);
    }
}
