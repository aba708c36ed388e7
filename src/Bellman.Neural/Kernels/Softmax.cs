using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>Softmax, its logarithm and ln Σ eˣ over the rows of [rows, columns], with gradients.</summary>
/// <remarks>What is fully optimised at once is not profiled: inlined by a profile into its caller, it would call the vector's operators one by one.</remarks>
internal static class Softmax
{
    /// <summary>y = eˣ / Σ eˣ per row.</summary>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, int rows, int columns)
    {
        Debug.Assert(x.Length >= rows * columns && y.Length >= rows * columns, "Both are [rows, columns].");
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> source = x.Slice(row * columns, columns);
            Span<float> destination = y.Slice(row * columns, columns);
            float sum = ExpAndSum(source, destination, Reductions.Max(source));
            Elementwise.Forward(new DivideByNumber(sum), destination, destination);
        }
    }

    /// <summary>dx = or += y·(dy − Σ y·dy) per row.</summary>
    public static void Backward(
        ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, int rows, int columns, bool accumulate)
    {
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> value = y.Slice(row * columns, columns);
            ReadOnlySpan<float> upstream = dy.Slice(row * columns, columns);
            var function = new SoftmaxGradient(Reductions.Dot(value, upstream));
            Elementwise.Backward(function, value, value, upstream, dx.Slice(row * columns, columns), accumulate);
        }
    }

    /// <summary>y = x − ln Σ eˣ per row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void LogForward(ReadOnlySpan<float> x, Span<float> y, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> source = x.Slice(row * columns, columns);
            Span<float> destination = y.Slice(row * columns, columns);
            float max = Reductions.Max(source);
            float logarithm = LogOf(ExpAndSum(source, destination, max));

            // Two subtractions, because max + logarithm would lose the logarithm's low bits.
            Elementwise.Forward(new SubtractTwice(max, logarithm), source, destination);
        }
    }

    /// <summary>dx = or += dy − e^y · Σ dy per row.</summary>
    public static void LogBackward(
        ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, int rows, int columns, bool accumulate)
    {
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> value = y.Slice(row * columns, columns);
            ReadOnlySpan<float> upstream = dy.Slice(row * columns, columns);
            var function = new LogSoftmaxGradient(Reductions.Sum(upstream));
            Elementwise.Backward(function, value, value, upstream, dx.Slice(row * columns, columns), accumulate);
        }
    }

    /// <summary>y[rows] = ln Σ eˣ per row; −∞ for a row of −∞.</summary>
    /// <param name="scratch">[columns]</param>
    public static void LogSumExp(ReadOnlySpan<float> x, Span<float> y, Span<float> scratch, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> source = x.Slice(row * columns, columns);
            float max = Reductions.Max(source);
            float shift = float.IsInfinity(max) ? 0 : max;
            y[row] = LogOf(ExpAndSum(source, scratch[..columns], shift)) + shift;
        }
    }

    /// <summary>dx[rows, columns] = or += e^(x − y)·dy with y and dy [rows].</summary>
    public static void LogSumExpBackward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, int rows, int columns, bool accumulate)
    {
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> source = x.Slice(row * columns, columns);
            var function = new LogSumExpGradient(y[row], dy[row]);
            Elementwise.Backward(function, source, source, source, dx.Slice(row * columns, columns), accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float LogOf(float x) => VectorMath.Log(new Simd1(x)).Value;

    /// <summary>y = e^(x − shift); returns Σ y.</summary>
    private static float ExpAndSum(ReadOnlySpan<float> x, Span<float> y, float shift)
    {
        if (Vector512.IsHardwareAccelerated) return ExpAndSum<Simd512>(x, y, shift);
        return Vector256.IsHardwareAccelerated ? ExpAndSum<Simd256>(x, y, shift) : ExpAndSum<Simd128>(x, y, shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float ExpAndSum<V>(ReadOnlySpan<float> x, Span<float> y, float shift)
        where V : struct, ISimd<V>
    {
        ref float source = ref MemoryMarshal.GetReference(x);
        ref float destination = ref MemoryMarshal.GetReference(y);
        nuint i = 0;
        for (; i + (nuint)V.Count <= (nuint)x.Length; i += (nuint)V.Count)
        {
            VectorMath.Exp(V.Load(in source, i) - V.Create(shift)).Store(ref destination, i);
        }

        int rest = x.Length - (int)i;
        if (rest > 0) VectorMath.Exp(V.LoadPartial(in source, i, rest) - V.Create(shift)).StorePartial(ref destination, i, rest);
        return Reductions.Sum(y);
    }

    private readonly struct SubtractTwice(float first, float second) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Forward<V>(V x)
            where V : struct, ISimd<V> => x - V.Create(first) - V.Create(second);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Backward<V>(V x, V y, V dy)
            where V : struct, ISimd<V> => dy;
    }

    private readonly struct SoftmaxGradient(float dot) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Forward<V>(V x)
            where V : struct, ISimd<V> => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Backward<V>(V x, V y, V dy)
            where V : struct, ISimd<V> => y * (dy - V.Create(dot));
    }

    private readonly struct LogSoftmaxGradient(float sum) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Forward<V>(V x)
            where V : struct, ISimd<V> => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Backward<V>(V x, V y, V dy)
            where V : struct, ISimd<V> => V.FusedMultiplyAdd(VectorMath.Exp(y), V.Create(-sum), dy);
    }

    private readonly struct LogSumExpGradient(float logarithm, float upstream) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Forward<V>(V x)
            where V : struct, ISimd<V> => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Backward<V>(V x, V y, V dy)
            where V : struct, ISimd<V> => VectorMath.Exp(x - V.Create(logarithm)) * V.Create(upstream);
    }
}
