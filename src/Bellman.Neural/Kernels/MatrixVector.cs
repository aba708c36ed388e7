using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>Products with so few rows that a tile would wait for its own sums.</summary>
/// <remarks>Invariant: all pointers lie in the caller's pinned memory and hold the shapes named.</remarks>
internal static unsafe class MatrixVector
{
    // Rows of the right matrix that are summed at once, enough to hide the latency of their sums.
    private const int Group = 8;

    /// <summary>c[n] = start[n] + b[n, k] · a[k], each a dot product in <see cref="Reductions"/>' pattern of sixteen lanes.</summary>
    /// <param name="start">Null for zeros; may be c.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots<V>(float* a, float* b, float* start, float* c, nint k, nint n, nint stride)
        where V : struct, ISimd<V>
    {
        float* lanes = stackalloc float[Group * Lanes16.Count];
        nint row = 0;
        for (; row + Group <= n; row += Group)
        {
            for (nint lane = 0; lane < Lanes16.Count; lane += V.Count)
            {
                SumLanes<V>(a + lane, b + (row * stride) + lane, stride, k - lane, lanes + lane);
            }

            Fold(lanes, start == null ? null : start + row, c + row);
            Fold(lanes + (4 * Lanes16.Count), start == null ? null : start + row + 4, c + row + 4);
        }

        for (; row < n; row++)
        {
            float dot = Reductions.Reduce<Reductions.Product, V>(new ReadOnlySpan<float>(a, (int)k), new ReadOnlySpan<float>(b + (row * stride), (int)k));
            c[row] = start == null ? dot : start[row] + dot;
        }
    }

    /// <summary>c[n] = start[n] + a[k] · b[k, n], each a chain over k.</summary>
    /// <param name="start">Null for zeros; may be c.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Chains<V>(float* a, nint aStep, float* b, float* start, float* c, nint k, nint n, nint stride)
        where V : struct, ISimd<V>
    {
        nint column = 0;
        for (; column + (4 * V.Count) <= n; column += 4 * V.Count)
        {
            V c0 = Start<V>(start, column, V.Count);
            V c1 = Start<V>(start, column + V.Count, V.Count);
            V c2 = Start<V>(start, column + (2 * V.Count), V.Count);
            V c3 = Start<V>(start, column + (3 * V.Count), V.Count);
            float* right = b + column;
            float* left = a;
            for (nint p = 0; p < k; p++)
            {
                V factor = V.Broadcast(left);
                c0 = V.FusedMultiplyAdd(factor, V.Load(in *right, 0), c0);
                c1 = V.FusedMultiplyAdd(factor, V.Load(in *right, (nuint)V.Count), c1);
                c2 = V.FusedMultiplyAdd(factor, V.Load(in *right, 2 * (nuint)V.Count), c2);
                c3 = V.FusedMultiplyAdd(factor, V.Load(in *right, 3 * (nuint)V.Count), c3);
                right += stride;
                left += aStep;
            }

            c0.Store(ref c[column], 0);
            c1.Store(ref c[column], (nuint)V.Count);
            c2.Store(ref c[column], 2 * (nuint)V.Count);
            c3.Store(ref c[column], 3 * (nuint)V.Count);
        }

        for (; column < n; column += V.Count)
        {
            int count = (int)Math.Min(V.Count, n - column);
            V sum = Start<V>(start, column, count);
            for (nint p = 0; p < k; p++)
            {
                float* right = b + (p * stride) + column;
                V row = count == V.Count ? V.Load(in *right, 0) : V.LoadPartial(in *right, 0, count);
                sum = V.MultiplyAdd(a + (p * aStep), row, sum);
            }

            if (count == V.Count) sum.Store(ref c[column], 0);
            else sum.StorePartial(ref c[column], 0, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Start<V>(float* start, nint column, int count)
        where V : struct, ISimd<V>
    {
        if (start == null) return V.Zero;
        return count == V.Count ? V.Load(in start[column], 0) : V.LoadPartial(in start[column], 0, count);
    }

    /// <summary>The sums of a vector's lanes of eight dot products, each to its sixteen floats of <paramref name="lanes"/>.</summary>
    /// <param name="length">Elements from a's first lane on.</param>
    private static void SumLanes<V>(float* a, float* b, nint stride, nint length, float* lanes)
        where V : struct, ISimd<V>
    {
        float* b4 = b + (4 * stride);
        nint stride3 = 3 * stride;
        V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero, s4 = V.Zero, s5 = V.Zero, s6 = V.Zero, s7 = V.Zero;
        nint i = 0;
        for (; i + V.Count <= length; i += Lanes16.Count)
        {
            V x = V.Load(in a[i], 0);
            s0 = V.FusedMultiplyAdd(x, V.Load(in b[i], 0), s0);
            s1 = V.FusedMultiplyAdd(x, V.Load(in b[i + stride], 0), s1);
            s2 = V.FusedMultiplyAdd(x, V.Load(in b[i + (2 * stride)], 0), s2);
            s3 = V.FusedMultiplyAdd(x, V.Load(in b[i + stride3], 0), s3);
            s4 = V.FusedMultiplyAdd(x, V.Load(in b4[i], 0), s4);
            s5 = V.FusedMultiplyAdd(x, V.Load(in b4[i + stride], 0), s5);
            s6 = V.FusedMultiplyAdd(x, V.Load(in b4[i + (2 * stride)], 0), s6);
            s7 = V.FusedMultiplyAdd(x, V.Load(in b4[i + stride3], 0), s7);
        }

        int rest = (int)(length - i);
        if (rest > 0)
        {
            V x = V.LoadPartial(in a[i], 0, rest);
            s0 = V.FusedMultiplyAdd(x, V.LoadPartial(in b[i], 0, rest), s0);
            s1 = V.FusedMultiplyAdd(x, V.LoadPartial(in b[i + stride], 0, rest), s1);
            s2 = V.FusedMultiplyAdd(x, V.LoadPartial(in b[i + (2 * stride)], 0, rest), s2);
            s3 = V.FusedMultiplyAdd(x, V.LoadPartial(in b[i + stride3], 0, rest), s3);
            s4 = V.FusedMultiplyAdd(x, V.LoadPartial(in b4[i], 0, rest), s4);
            s5 = V.FusedMultiplyAdd(x, V.LoadPartial(in b4[i + stride], 0, rest), s5);
            s6 = V.FusedMultiplyAdd(x, V.LoadPartial(in b4[i + (2 * stride)], 0, rest), s6);
            s7 = V.FusedMultiplyAdd(x, V.LoadPartial(in b4[i + stride3], 0, rest), s7);
        }

        s0.Store(ref lanes[0], 0);
        s1.Store(ref lanes[16], 0);
        s2.Store(ref lanes[32], 0);
        s3.Store(ref lanes[48], 0);
        s4.Store(ref lanes[64], 0);
        s5.Store(ref lanes[80], 0);
        s6.Store(ref lanes[96], 0);
        s7.Store(ref lanes[112], 0);
    }

    /// <summary>Four sums of sixteen lanes each, in the order of <see cref="Lanes16.Sum"/>.</summary>
    private static void Fold(float* lanes, float* start, float* destination)
    {
        Simd128 a = FoldOnce(lanes);
        Simd128 b = FoldOnce(lanes + 16);
        Simd128 c = FoldOnce(lanes + 32);
        Simd128 d = FoldOnce(lanes + 48);
        Simd128.TransposeFours(ref a, ref b, ref c, ref d);
        Vector128<float> sum = (a + c).Value + (b + d).Value;
        if (start != null) sum = Vector128.Load(start) + sum;
        sum.Store(destination);
    }

    private static Simd128 FoldOnce(float* lanes)
    {
        Vector128<float> low = Vector128.Load(lanes) + Vector128.Load(lanes + 8);
        Vector128<float> high = Vector128.Load(lanes + 4) + Vector128.Load(lanes + 12);
        return new(low + high);
    }
}
