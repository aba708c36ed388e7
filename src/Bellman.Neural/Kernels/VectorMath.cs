using System.Runtime.CompilerServices;

namespace Bellman.Neural.Kernels;

/// <summary>Elementary functions as polynomials, the same bits at every vector width, within about two units in the last place.</summary>
/// <remarks>
/// The coefficients are our own minimax fits, rounded to float one by one from the constant term on. Infinities, zeros, numbers below the
/// normal range and not-a-number give what IEEE 754 recommends, except that the sign of a zero result is not kept.
/// </remarks>
internal static class VectorMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts; the first has few enough bits that its product with an exponent is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // 1.5 · 2²³: adding it rounds a float to an integer and leaves that integer in the low bits.
    private const float RoundingMagic = 12582912f;

    private const int ExponentBias = 127;
    private const int MantissaBits = 23;

    /// <summary>eˣ</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : struct, ISimd<V>
    {
        // Beyond these limits the result is 0 or ∞ anyway; not-a-number passes both comparisons.
        x = V.Select(V.LessThan(V.Create(89f), x), V.Create(89f), x);
        x = V.Select(V.LessThan(x, V.Create(-104f)), V.Create(-104f), x);
        Reduce(x, out V r, out V n);
        V p = V.FusedMultiplyAdd(ExpTail(r), r * r, r) + V.Create(1);

        // 2ⁿ in two factors, because n reaches from −150 to 128; only the last product rounds.
        V half = V.ShiftRight(n, 1);
        return p * PowerOfTwo(half) * PowerOfTwo(V.SubtractBits(n, half));
    }

    /// <summary>eˣ − 1, accurate also near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<V>(V x)
        where V : struct, ISimd<V>
    {
        x = V.Select(V.LessThan(V.Create(89f), x), V.Create(89f), x);
        x = V.Select(V.LessThan(x, V.Create(-18f)), V.Create(-18f), x);
        Reduce(x, out V r, out V n);
        V p = V.FusedMultiplyAdd(ExpTail(r), r * r, r);

        // 2ⁿ·p + (2ⁿ − 1) with half of 2ⁿ, because 2¹²⁸ is not a float.
        V scale = PowerOfTwo(V.SubtractBits(n, V.CreateBits(1)));
        V half = V.FusedMultiplyAdd(p, scale, scale - V.Create(0.5f));
        return half + half;
    }

    /// <summary>The natural logarithm; not a number below 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : struct, ISimd<V>
    {
        // Numbers below the normal range are brought into it.
        V small = V.LessThan(x, V.Create(1.17549435e-38f));
        V scaled = V.Select(small, x * V.Create(8388608f), x);
        V shift = V.And(small, V.CreateBits(MantissaBits));

        V e = Exponent(scaled);
        V m = V.SubtractBits(scaled, V.ShiftLeft(e, MantissaBits));
        V result = LogOfFraction(m - V.Create(1), V.FloatFromInteger(V.SubtractBits(e, shift)));
        return LogLimits(x, x, result);
    }

    /// <summary>ln(1 + x), accurate also near 0; not a number below −1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p<V>(V x)
        where V : struct, ISimd<V>
    {
        V sum = x + V.Create(1);
        V e = Exponent(sum);

        // With 1 + x = 2ᵉ · (1 + f), f = x·2⁻ᵉ + (2⁻ᵉ − 1) has no rounding error of 1 + x in it. Where x is large, it does not matter.
        V scale = PowerOfTwo(V.SubtractBits(V.Zero, e));
        V f = V.FusedMultiplyAdd(x, scale, scale - V.Create(1));
        V fraction = V.SubtractBits(sum, V.ShiftLeft(e, MantissaBits)) - V.Create(1);
        f = V.Select(V.LessThan(V.Create(1e9f), sum), fraction, f);
        return LogLimits(sum, x, LogOfFraction(f, V.FloatFromInteger(e)));
    }

    /// <summary>1 / (1 + e⁻ˣ)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : struct, ISimd<V> =>
        V.Create(1) / (V.Create(1) + Exp(-x));

    /// <summary>The hyperbolic tangent, accurate also near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : struct, ISimd<V>
    {
        V magnitude = V.Abs(x);
        magnitude = V.Select(V.LessThan(V.Create(10f), magnitude), V.Create(10f), magnitude);
        V e = Expm1(magnitude + magnitude);
        return Simd.CopySign(e / (e + V.Create(2)), x);
    }

    /// <summary>ln(1 + eˣ)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus<V>(V x)
        where V : struct, ISimd<V>
    {
        V positive = V.Select(V.LessThan(x, V.Zero), V.Zero, x);
        return positive + Log1p(Exp(-V.Abs(x)));
    }

    /// <summary>The error function 2/√π · ∫₀ˣ e^(−t²) dt.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : struct, ISimd<V>
    {
        V a = V.Abs(x);
        V z = x * x;
        V near = V.Create(-5.5618526e-4f);
        near = V.FusedMultiplyAdd(near, z, V.Create(4.899644e-3f));
        near = V.FusedMultiplyAdd(near, z, V.Create(-2.6695084e-2f));
        near = V.FusedMultiplyAdd(near, z, V.Create(1.1279576e-1f));
        near = V.FusedMultiplyAdd(near, z, V.Create(-3.7612247e-1f));
        near = V.FusedMultiplyAdd(near, z, V.Create(1.2837915e-1f));
        near = V.FusedMultiplyAdd(near, a, a);

        // 1 − e^(−p(a)); beyond 4 the result is 1.
        V b = V.Select(V.LessThan(V.Create(4f), a), V.Create(4f), a);
        V far = V.Create(2.1696835e-5f);
        far = V.FusedMultiplyAdd(far, b, V.Create(-4.4146233e-4f));
        far = V.FusedMultiplyAdd(far, b, V.Create(4.20523e-3f));
        far = V.FusedMultiplyAdd(far, b, V.Create(-2.5210192e-2f));
        far = V.FusedMultiplyAdd(far, b, V.Create(1.08421884e-1f));
        far = V.FusedMultiplyAdd(far, b, V.Create(6.3321656e-1f));
        far = V.FusedMultiplyAdd(far, b, V.Create(1.1295803f));
        far = V.FusedMultiplyAdd(far, b, V.Create(-1.8846599e-4f));
        far = V.Create(1) - Exp(-far);

        return Simd.CopySign(V.Select(V.LessThan(a, V.Create(1)), near, far), x);
    }

    /// <summary>The sine; |x| up to 30 000 radians.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin<V>(V x)
        where V : struct, ISimd<V> => SineOfQuadrant(x, V.Zero);

    /// <summary>The cosine; |x| up to 30 000 radians.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos<V>(V x)
        where V : struct, ISimd<V> => SineOfQuadrant(x, V.CreateBits(1));

    /// <summary>x = n·ln 2 + r with n an integer, as bits, and |r| at most ln 2 / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce<V>(V x, out V r, out V n)
        where V : struct, ISimd<V>
    {
        V magic = V.FusedMultiplyAdd(x, V.Create(Log2E), V.Create(RoundingMagic));
        V rounded = magic - V.Create(RoundingMagic);
        r = V.FusedMultiplyAdd(rounded, V.Create(-Ln2High), x);
        r = V.FusedMultiplyAdd(rounded, V.Create(-Ln2Low), r);
        n = V.SubtractBits(magic, V.Create(RoundingMagic));
    }

    /// <summary>(eʳ − 1 − r) / r² for |r| at most ln 2 / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpTail<V>(V r)
        where V : struct, ISimd<V>
    {
        V p = V.Create(1.3870696e-3f);
        p = V.FusedMultiplyAdd(p, r, V.Create(8.366272e-3f));
        p = V.FusedMultiplyAdd(p, r, V.Create(4.1667435e-2f));
        p = V.FusedMultiplyAdd(p, r, V.Create(1.6666546e-1f));
        return V.FusedMultiplyAdd(p, r, V.Create(4.9999997e-1f));
    }

    /// <summary>2ⁿ for n from −126 to 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V PowerOfTwo<V>(V n)
        where V : struct, ISimd<V> =>
        V.ShiftLeft(V.AddBits(n, V.CreateBits(ExponentBias)), MantissaBits);

    /// <summary>The e, as bits, for which x / 2ᵉ lies in [√½, √2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exponent<V>(V x)
        where V : struct, ISimd<V> =>
        V.ShiftRight(V.SubtractBits(x, V.Create(0.70710678f)), MantissaBits);

    /// <summary>e·ln 2 + ln(1 + f) for f in [√½ − 1, √2 − 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfFraction<V>(V f, V e)
        where V : struct, ISimd<V>
    {
        V p = V.Create(6.749556e-2f);
        p = V.FusedMultiplyAdd(p, f, V.Create(-1.1670192e-1f));
        p = V.FusedMultiplyAdd(p, f, V.Create(1.18834704e-1f));
        p = V.FusedMultiplyAdd(p, f, V.Create(-1.24062076e-1f));
        p = V.FusedMultiplyAdd(p, f, V.Create(1.4220363e-1f));
        p = V.FusedMultiplyAdd(p, f, V.Create(-1.666799e-1f));
        p = V.FusedMultiplyAdd(p, f, V.Create(2.0002072e-1f));
        p = V.FusedMultiplyAdd(p, f, V.Create(-2.500001e-1f));
        p = V.FusedMultiplyAdd(p, f, V.Create(3.3333313e-1f));
        V z = f * f;
        V tail = V.FusedMultiplyAdd(p * f, z, e * V.Create(Ln2Low));
        tail = V.FusedMultiplyAdd(z, V.Create(-0.5f), tail);
        return V.FusedMultiplyAdd(e, V.Create(Ln2High), f + tail);
    }

    /// <summary>A logarithm's result where its argument is 0, negative or not finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogLimits<V>(V argument, V x, V result)
        where V : struct, ISimd<V>
    {
        result = V.Select(V.LessThan(argument, V.Create(float.PositiveInfinity)), result, x);
        result = V.Select(V.LessThan(argument, V.Zero), V.Create(float.NaN), result);
        return V.Select(V.Equal(argument, V.Zero), V.Create(float.NegativeInfinity), result);
    }

    /// <summary>sin(x + shift·π/2)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SineOfQuadrant<V>(V x, V shift)
        where V : struct, ISimd<V>
    {
        V magic = V.FusedMultiplyAdd(x, V.Create(0.636619772f), V.Create(RoundingMagic));
        V n = magic - V.Create(RoundingMagic);

        // π/2 in three parts.
        V r = V.FusedMultiplyAdd(n, V.Create(-1.57079637f), x);
        r = V.FusedMultiplyAdd(n, V.Create(4.37113883e-8f), r);
        r = V.FusedMultiplyAdd(n, V.Create(1.71512451e-15f), r);
        V quadrant = V.AddBits(magic, shift);

        V z = r * r;
        V sine = V.FusedMultiplyAdd(V.Create(-1.9517909e-4f), z, V.Create(8.332187e-3f));
        sine = V.FusedMultiplyAdd(sine, z, V.Create(-1.6666655e-1f));
        sine = V.FusedMultiplyAdd(sine, z * r, r);
        V cosine = V.FusedMultiplyAdd(V.Create(2.4432336e-5f), z, V.Create(-1.388731e-3f));
        cosine = V.FusedMultiplyAdd(cosine, z, V.Create(4.1666646e-2f));
        cosine = V.FusedMultiplyAdd(cosine, z * z, V.FusedMultiplyAdd(z, V.Create(-0.5f), V.Create(1)));

        V odd = V.Equal(V.FloatFromInteger(V.And(quadrant, V.CreateBits(1))), V.Create(1));
        V sign = V.ShiftLeft(V.And(quadrant, V.CreateBits(2)), 30);
        return V.Xor(V.Select(odd, cosine, sine), sign);
    }
}
