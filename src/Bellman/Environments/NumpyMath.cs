using System.Diagnostics;

namespace Bellman.Environments;

/// <summary>
/// Sine and cosine with the bits of NumPy's on processors with AVX-512, where it computes them by Intel's vector library. The C
/// library's differ in the last places for every other number, and an unstable system makes a visible difference of that within
/// some hundred steps: environments that Gymnasium writes with <c>np.sin</c> use these, those with <c>math.sin</c> use
/// <see cref="Math.Sin"/>.
/// </summary>
/// <remarks>
/// Both subtract the nearest multiple of π in three parts (Cody &amp; Waite 1980) and evaluate sin r = r + r · r² · p(r²), with p of
/// degree six, by fused multiply-adds. Numbers too large for that go to the C library.
/// </remarks>
internal static class NumpyMath
{
    private const double InversePi = 0.3183098861837907;
    private const double Pi1 = 3.141592653589793;
    private const double Pi2 = 1.224646799147353e-16;
    private const double Pi3 = 2.165713347843828e-32;
    private const double MaxSineArgument = 16777216;
    private const double MaxCosineArgument = 26353589;

    // Adding it to a number below 2⁵¹ leaves the nearest whole number in the lowest bits.
    private const double Round = 6755399441055744;
    private const double TwoTo52 = 4503599627370496;

    public static double Sin(double x)
    {
        if (!(Math.Abs(x) <= MaxSineArgument) || x == 0) return Math.Sin(x);
        double shifted = Math.FusedMultiplyAdd(x, InversePi, Round);
        double n = shifted - Round;
        double r = Math.FusedMultiplyAdd(-n, Pi1, x);
        r = Math.FusedMultiplyAdd(-n, Pi2, r);
        double square = r * r;
        r = Math.FusedMultiplyAdd(-n, Pi3, r);
        double p = Math.FusedMultiplyAdd(square, -7.373344533110665e-13, 1.6048095404959637e-10);
        p = Math.FusedMultiplyAdd(square, p, -2.505188027386288e-08);
        p = Math.FusedMultiplyAdd(square, p, 2.7557316600552628e-06);
        p = Math.FusedMultiplyAdd(square, p, -0.00019841269825056256);
        p = Math.FusedMultiplyAdd(square, p, 0.008333333333285542);
        p = Math.FusedMultiplyAdd(square, p, -0.16666666666666186);
        double result = Math.FusedMultiplyAdd(square * r, p, r);
        return IsOdd(shifted) ? -result : result;
    }

    public static double Cos(double x)
    {
        double size = Math.Abs(x);
        if (!(size <= MaxCosineArgument)) return Math.Cos(x);
        if (size < 1.0 / (1 << 27)) return 1;

        // cos x = ± sin(x − (n + ½)π) with n the whole multiples of π in x: the sum is rounded to nearest here, down there.
        double shifted = Math.FusedMultiplyAdd(size, InversePi, TwoTo52);
        if (Math.FusedMultiplyAdd(size, InversePi, TwoTo52 - shifted) < 0) shifted--;
        double n = shifted - (TwoTo52 - 0.5);
        double r = Math.FusedMultiplyAdd(n, Pi1, -size);
        r = Math.FusedMultiplyAdd(n, Pi2, r);
        double square = r * r;
        r = Math.FusedMultiplyAdd(n, Pi3, r);
        double p = Math.FusedMultiplyAdd(square, -7.37280909726507e-13, 1.6048055576979365e-10);
        p = Math.FusedMultiplyAdd(square, p, -2.505187912674299e-08);
        p = Math.FusedMultiplyAdd(square, p, 2.755731658449074e-06);
        p = Math.FusedMultiplyAdd(square, p, -0.00019841269824944275);
        p = Math.FusedMultiplyAdd(square, p, 0.00833333333328519);
        p = Math.FusedMultiplyAdd(square, p, -0.16666666666666183);
        if (IsOdd(shifted)) r = -r;
        return Math.FusedMultiplyAdd(r * square, p, r);
    }

    /// <summary>The single-precision sine of a number of at most π/4.</summary>
    public static float Sin(float x)
    {
        Debug.Assert(MathF.Abs(x) <= MathF.PI / 4, "Larger numbers need a reduction.");
        float square = x * x;
        float p = MathF.FusedMultiplyAdd(2.84040971e-06f, square, -0.000198564915f);
        p = MathF.FusedMultiplyAdd(p, square, 0.0083333971f);
        p = MathF.FusedMultiplyAdd(p, square, -0.16666667163f);
        return MathF.FusedMultiplyAdd(p * square, x, x);
    }

    /// <summary>The single-precision cosine of a number of at most π/4.</summary>
    public static float Cos(float x)
    {
        Debug.Assert(MathF.Abs(x) <= MathF.PI / 4, "Larger numbers need a reduction.");
        float square = x * x;
        float p = MathF.FusedMultiplyAdd(2.43722661e-05f, square, -0.00138865202f);
        p = MathF.FusedMultiplyAdd(p, square, 0.0416666195f);
        p = MathF.FusedMultiplyAdd(p, square, -0.5f);
        return MathF.FusedMultiplyAdd(p, square, 1);
    }

    private static bool IsOdd(double shifted) => (BitConverter.DoubleToInt64Bits(shifted) & 1) != 0;
}
