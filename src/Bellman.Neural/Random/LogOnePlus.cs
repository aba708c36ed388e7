namespace Bellman.Neural.Random;

/// <summary>
/// The natural logarithm of 1 + x for −1 &lt; x ≤ 0, with the rounding of the C library that NumPy was recorded with:
/// glibc 2.36 on a machine with fused multiply-adds (Ng's method of 1993). The platform offers none, and the tails of
/// the ziggurats must not differ in the last bit.
/// </summary>
internal static class LogOnePlus
{
    // ln 2 in two parts: multiples of the first are exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    // The minimax polynomial of (ln(1 + s) − ln(1 − s) − 2s) / s over s² on [0, 0.1716].
    private const double P1 = 6.666666666666735130e-01;
    private const double P2 = 3.999999999940941908e-01;
    private const double P3 = 2.857142874366239149e-01;
    private const double P4 = 2.222219843214978396e-01;
    private const double P5 = 1.818357216161805012e-01;
    private const double P6 = 1.531383769920937332e-01;
    private const double P7 = 1.479819860511658591e-01;

    // The borders of the ranges, as upper halves of doubles.
    private const uint Ulp54 = 0x3C900000;        // 2⁻⁵⁴
    private const uint Ulp29 = 0x3E200000;        // 2⁻²⁹
    private const uint Unreduced = 0x3FD2BEC3;    // 1 − √½
    private const uint RootOfTwo = 0x6A09E;       // the fraction of √2
    private const uint One = 0x3FF00000;
    private const uint Half = 0x3FE00000;
    private const uint Fraction = 0xFFFFF;

    /// <param name="x">In (−1, 0].</param>
    public static double Of(double x)
    {
        uint size = High(x) & 0x7FFFFFFF;
        if (size < Ulp54) return x;
        if (size < Ulp29) return x - (x * x * 0.5);
        if (size <= Unreduced) return Series(x, exponent: 0, correction: 0, isTiny: false);

        // 1 + x = 2^exponent · scaled with scaled in [√½, √2); the correction is what 1 + x lost in rounding.
        double sum = 1 + x;
        uint high = High(sum);
        int exponent = (int)(high >> 20) - 1023;
        double correction = (exponent > 0 ? 1 - (sum - x) : x - (sum - 1)) / sum;
        uint fraction = high & Fraction;
        if (fraction < RootOfTwo)
        {
            return Series(WithHigh(sum, fraction | One) - 1, exponent, correction, isTiny: fraction == 0);
        }

        bool isTiny = (0x100000 - fraction) >> 2 == 0;
        return Series(WithHigh(sum, fraction | Half) - 1, exponent + 1, correction, isTiny);
    }

    /// <summary>exponent · ln 2 + ln(1 + f) + correction</summary>
    private static double Series(double f, int exponent, double correction, bool isTiny)
    {
        double halfSquare = 0.5 * f * f;
        double low = Math.FusedMultiplyAdd(exponent, Ln2Low, correction);
        if (isTiny)
        {
            if (f == 0) return Math.FusedMultiplyAdd(exponent, Ln2High, low);
            double rest = halfSquare * Math.FusedMultiplyAdd(-0.66666666666666666, f, 1);
            return exponent == 0 ? f - rest : Math.FusedMultiplyAdd(exponent, Ln2High, -(rest - low - f));
        }

        double s = f / (2 + f);
        double z = s * s;
        double z2 = z * z;
        double z4 = z2 * z2;
        double z6 = z4 * z2;
        double series = Math.FusedMultiplyAdd(z, P1, z2 * Math.FusedMultiplyAdd(z, P3, P2));
        series = Math.FusedMultiplyAdd(z4, Math.FusedMultiplyAdd(z, P5, P4), series);
        series = Math.FusedMultiplyAdd(z6, Math.FusedMultiplyAdd(z, P7, P6), series);
        double product = s * (halfSquare + series);
        return exponent == 0
            ? f - (halfSquare - product)
            : Math.FusedMultiplyAdd(exponent, Ln2High, -(halfSquare - (product + low) - f));
    }

    private static uint High(double value) => (uint)(BitConverter.DoubleToUInt64Bits(value) >> 32);

    private static double WithHigh(double value, uint high) =>
        BitConverter.UInt64BitsToDouble(((ulong)high << 32) | (uint)BitConverter.DoubleToUInt64Bits(value));
}
