using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>Sixteen partial results: element i of a reduction goes to lane i mod 16 at every vector width.</summary>
[InlineArray(Count)]
internal struct Lanes16
{
    public const int Count = 16;

    private float first;

    /// <summary>Lane i joins lane i + 8, then i + 4, i + 2, i + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum()
    {
        Vector128<float> low = Vector128.LoadUnsafe(ref first) + Vector128.LoadUnsafe(ref first, 8);
        Vector128<float> high = Vector128.LoadUnsafe(ref first, 4) + Vector128.LoadUnsafe(ref first, 12);
        Vector128<float> sum = low + high;
        return sum[0] + sum[2] + (sum[1] + sum[3]);
    }
}

/// <summary>A term of a sum over one or two sequences.</summary>
internal interface ITerm
{
    /// <summary>sum + term(a, b)</summary>
    static abstract V Accumulate<V>(V sum, V a, V b)
        where V : struct, ISimd<V>;
}

/// <summary>Sums and extremes in a fixed pattern of sixteen lanes, and sums along either axis of a matrix.</summary>
internal static class Reductions
{
    /// <summary>Σ x</summary>
    public static float Sum(ReadOnlySpan<float> x) => Reduce<Plain>(x, x);

    /// <summary>Σ x²</summary>
    public static float SumOfSquares(ReadOnlySpan<float> x) => Reduce<Product>(x, x);

    /// <summary>Σ |x|</summary>
    public static float SumOfMagnitudes(ReadOnlySpan<float> x) => Reduce<Magnitude>(x, x);

    /// <summary>Σ a·b</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => Reduce<Product>(a, b);

    /// <summary>The largest; not a number where one is; −∞ of none.</summary>
    public static float Max(ReadOnlySpan<float> x)
    {
        if (Vector512.IsHardwareAccelerated) return Max<Simd512>(x);
        return Vector256.IsHardwareAccelerated ? Max<Simd256>(x) : Max<Simd128>(x);
    }

    /// <summary>The smallest; not a number where one is; ∞ of none.</summary>
    public static float Min(ReadOnlySpan<float> x)
    {
        float smallest = float.PositiveInfinity;
        foreach (float value in x)
        {
            if (value < smallest || float.IsNaN(value)) smallest = value;
            if (float.IsNaN(value)) break;
        }

        return smallest;
    }

    /// <summary>The index of the first largest, or of the first that is not a number.</summary>
    public static int ArgMax(ReadOnlySpan<float> x)
    {
        int best = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (float.IsNaN(x[i])) return i;
            if (x[i] > x[best]) best = i;
        }

        return best;
    }

    /// <summary>y[rows] = or += Σ over the columns of x[rows, columns].</summary>
    public static void SumOfRows(ReadOnlySpan<float> x, Span<float> y, int rows, int columns, bool accumulate = false)
    {
        for (int row = 0; row < rows; row++)
        {
            float sum = Sum(x.Slice(row * columns, columns));
            y[row] = accumulate ? y[row] + sum : sum;
        }
    }

    /// <summary>y[columns] = or += Σ over the rows of x[rows, columns], in ascending order of the rows.</summary>
    public static void SumOfColumns(ReadOnlySpan<float> x, Span<float> y, int rows, int columns, bool accumulate = false)
    {
        Debug.Assert(x.Length >= rows * columns && y.Length >= columns, "x is [rows, columns], y is [columns].");
        if (Vector512.IsHardwareAccelerated) SumOfColumns<Simd512>(x, y, rows, columns, accumulate);
        else if (Vector256.IsHardwareAccelerated) SumOfColumns<Simd256>(x, y, rows, columns, accumulate);
        else SumOfColumns<Simd128>(x, y, rows, columns, accumulate);
    }

    private static float Reduce<TTerm>(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        where TTerm : struct, ITerm
    {
        Debug.Assert(a.Length == b.Length, "A reduction of two sequences works on equal lengths.");
        if (Vector512.IsHardwareAccelerated) return Reduce<TTerm, Simd512>(a, b);
        return Vector256.IsHardwareAccelerated ? Reduce<TTerm, Simd256>(a, b) : Reduce<TTerm, Simd128>(a, b);
    }

    internal static float Reduce<TTerm, V>(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        where TTerm : struct, ITerm
        where V : struct, ISimd<V>
    {
        ref float pa = ref MemoryMarshal.GetReference(a);
        ref float pb = ref MemoryMarshal.GetReference(b);
        Lanes16 sums = default;
        ref float lanes = ref Unsafe.As<Lanes16, float>(ref sums);
        nuint length = (nuint)a.Length;
        nuint whole = length - (length % Lanes16.Count);
        for (nuint lane = 0; lane < Lanes16.Count; lane += (nuint)V.Count)
        {
            V sum = V.Zero;
            for (nuint i = lane; i < whole; i += Lanes16.Count)
            {
                sum = TTerm.Accumulate(sum, V.Load(in pa, i), V.Load(in pb, i));
            }

            nuint left = length - whole;
            if (left >= lane + (nuint)V.Count)
            {
                sum = TTerm.Accumulate(sum, V.Load(in pa, whole + lane), V.Load(in pb, whole + lane));
            }
            else if (left > lane)
            {
                int rest = (int)(left - lane);
                sum = TTerm.Accumulate(
                    sum, V.LoadPartial(in pa, whole + lane, rest), V.LoadPartial(in pb, whole + lane, rest));
            }

            sum.Store(ref lanes, lane);
        }

        return sums.Sum();
    }

    internal static float Max<V>(ReadOnlySpan<float> x)
        where V : struct, ISimd<V>
    {
        ref float px = ref MemoryMarshal.GetReference(x);
        V largest = V.Create(float.NegativeInfinity);
        nuint i = 0;
        for (; i + (nuint)V.Count <= (nuint)x.Length; i += (nuint)V.Count)
        {
            largest = Simd.Max(largest, V.Load(in px, i));
        }

        // Which lane an element visits does not matter to a maximum.
        Lanes16 lanes = default;
        largest.Store(ref Unsafe.As<Lanes16, float>(ref lanes), 0);
        float result = float.NegativeInfinity;
        for (int lane = 0; lane < V.Count; lane++)
        {
            result = Larger(result, lanes[lane]);
        }

        for (; i < (nuint)x.Length; i++)
        {
            result = Larger(result, x[(int)i]);
        }

        return result;

        static float Larger(float a, float b) => b > a || float.IsNaN(b) ? b : a;
    }

    private static void SumOfColumns<V>(ReadOnlySpan<float> x, Span<float> y, int rows, int columns, bool accumulate)
        where V : struct, ISimd<V>
    {
        ref float destination = ref MemoryMarshal.GetReference(y);
        ref float source = ref MemoryMarshal.GetReference(x);
        nuint stride = (nuint)columns;
        nuint i = 0;
        for (; i + (nuint)V.Count <= stride; i += (nuint)V.Count)
        {
            V sum = accumulate ? V.Load(in destination, i) : V.Zero;
            nuint end = (nuint)rows * stride;
            for (nuint at = i; at < end; at += stride)
            {
                sum += V.Load(in source, at);
            }

            sum.Store(ref destination, i);
        }

        int rest = columns - (int)i;
        if (rest > 0)
        {
            V sum = accumulate ? V.LoadPartial(in destination, i, rest) : V.Zero;
            for (int row = 0; row < rows; row++)
            {
                sum += V.LoadPartial(in source, ((nuint)row * stride) + i, rest);
            }

            sum.StorePartial(ref destination, i, rest);
        }
    }

    private readonly struct Plain : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Accumulate<V>(V sum, V a, V b)
            where V : struct, ISimd<V> => sum + a;
    }

    internal readonly struct Product : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Accumulate<V>(V sum, V a, V b)
            where V : struct, ISimd<V> => V.FusedMultiplyAdd(a, b, sum);
    }

    private readonly struct Magnitude : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Accumulate<V>(V sum, V a, V b)
            where V : struct, ISimd<V> => sum + V.Abs(a);
    }
}
