using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Bellman.Cli.Benchmarks;

/// <summary>What one core can do at most: fused multiply-adds on registers alone, in vectors of the hardware's full width.</summary>
internal static class PeakSpeed
{
    // Two instructions a cycle with a latency of up to five cycles want ten chains; twelve leave registers for the factors.
    private const int Chains = 12;
    private const int Steps = 4096;

    private interface IVector<TSelf>
        where TSelf : struct, IVector<TSelf>
    {
        static abstract TSelf Create(float value);

        static abstract TSelf FusedMultiplyAdd(TSelf left, TSelf right, TSelf addend);
    }

    /// <summary>Billions of multiplications and additions per second; null where no instruction fuses them.</summary>
    public static double? Measure(TimeProvider clock)
    {
        if (!Fma.IsSupported && !AdvSimd.IsSupported) return null;
        if (Vector512.IsHardwareAccelerated) return Measure<Wide>(Vector512<float>.Count, clock);
        if (Vector256.IsHardwareAccelerated) return Measure<Middle>(Vector256<float>.Count, clock);
        return Measure<Narrow>(Vector128<float>.Count, clock);
    }

    private static double Measure<V>(int lanes, TimeProvider clock)
        where V : struct, IVector<V>
    {
        V[] results = new V[1];
        return 2e-3 * lanes * Chains * Steps / Measurement.Of(() => results[0] = Run<V>(), clock).Microseconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Run<V>()
        where V : struct, IVector<V>
    {
        // Every chain tends to 1, so no number is out of the ordinary.
        V x = V.Create(0.5f);
        V c0 = x, c1 = x, c2 = x, c3 = x, c4 = x, c5 = x, c6 = x, c7 = x, c8 = x, c9 = x, c10 = x, c11 = x;
        for (int step = 0; step < Steps; step++)
        {
            c0 = V.FusedMultiplyAdd(c0, x, x);
            c1 = V.FusedMultiplyAdd(c1, x, x);
            c2 = V.FusedMultiplyAdd(c2, x, x);
            c3 = V.FusedMultiplyAdd(c3, x, x);
            c4 = V.FusedMultiplyAdd(c4, x, x);
            c5 = V.FusedMultiplyAdd(c5, x, x);
            c6 = V.FusedMultiplyAdd(c6, x, x);
            c7 = V.FusedMultiplyAdd(c7, x, x);
            c8 = V.FusedMultiplyAdd(c8, x, x);
            c9 = V.FusedMultiplyAdd(c9, x, x);
            c10 = V.FusedMultiplyAdd(c10, x, x);
            c11 = V.FusedMultiplyAdd(c11, x, x);
        }

        // All of them are used, or the compiler would leave some out.
        V even = V.FusedMultiplyAdd(c0, c2, V.FusedMultiplyAdd(c4, c6, V.FusedMultiplyAdd(c8, c10, x)));
        V odd = V.FusedMultiplyAdd(c1, c3, V.FusedMultiplyAdd(c5, c7, V.FusedMultiplyAdd(c9, c11, x)));
        return V.FusedMultiplyAdd(even, odd, x);
    }

    private readonly struct Wide(Vector512<float> value) : IVector<Wide>
    {
        private readonly Vector512<float> value = value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Wide Create(float value) => new(Vector512.Create(value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Wide FusedMultiplyAdd(Wide left, Wide right, Wide addend) =>
            new(Vector512.FusedMultiplyAdd(left.value, right.value, addend.value));
    }

    private readonly struct Middle(Vector256<float> value) : IVector<Middle>
    {
        private readonly Vector256<float> value = value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Middle Create(float value) => new(Vector256.Create(value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Middle FusedMultiplyAdd(Middle left, Middle right, Middle addend) =>
            new(Vector256.FusedMultiplyAdd(left.value, right.value, addend.value));
    }

    private readonly struct Narrow(Vector128<float> value) : IVector<Narrow>
    {
        private readonly Vector128<float> value = value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Narrow Create(float value) => new(Vector128.Create(value));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Narrow FusedMultiplyAdd(Narrow left, Narrow right, Narrow addend) =>
            new(Vector128.FusedMultiplyAdd(left.value, right.value, addend.value));
    }
}
