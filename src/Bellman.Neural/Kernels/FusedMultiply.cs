using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Bellman.Neural.Kernels;

/// <summary>a · b + c of floats, rounded once, for processors without an instruction for it: the same bits as the instruction's.</summary>
/// <remarks>
/// The product of two floats is exact in double. Its sum with c is rounded to double and then to float, which is wrong only where the
/// first rounding ends halfway between two floats; there the first rounding is done to odd, after which the second one is right. Boldo
/// &amp; Melquiond 2008, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd". What is not a number
/// comes out as some not-a-number; its payload also depends on the form of the instruction.
/// </remarks>
internal static class FusedMultiply
{
    // What a double has and a float has not: the lowest bits of the significand. Halfway is the highest of them alone.
    private const uint DroppedBits = 0x1FFF_FFFF;
    private const uint Halfway = 0x1000_0000;

    private const uint MagnitudeBits = 0x7FFF_FFFF;
    private const uint SmallestNormal = 0x0080_0000;

    /// <summary>Whether the hardware has the instruction.</summary>
    public static bool IsHardwareAccelerated => Fma.IsSupported || AdvSimd.IsSupported;

    /// <summary>a · b + c</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b, Vector128<float> c)
    {
        Vector128<double> lower = (Vector128.WidenLower(a) * Vector128.WidenLower(b)) + Vector128.WidenLower(c);
        Vector128<double> upper = (Vector128.WidenUpper(a) * Vector128.WidenUpper(b)) + Vector128.WidenUpper(c);
        Vector128<float> sum = Vector128.Narrow(lower, upper);

        // Below the normal range more bits are dropped, so halfway lies elsewhere; such sums are rare enough to take the long way. A zero
        // is exact, and less 1 it is the largest integer.
        Vector128<uint> dropped = Vector128.Narrow(lower.AsUInt64(), upper.AsUInt64()) & Vector128.Create(DroppedBits);
        Vector128<uint> magnitude = sum.AsUInt32() & Vector128.Create(MagnitudeBits);
        Vector128<uint> doubtful = Vector128.Equals(dropped, Vector128.Create(Halfway))
            | Vector128.LessThan(magnitude - Vector128<uint>.One, Vector128.Create(SmallestNormal));
        return doubtful == Vector128<uint>.Zero ? sum : AddByOdd(a, b, c);
    }

    /// <summary>a · b + c by rounding to odd, whatever the operands.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector128<float> AddByOdd(Vector128<float> a, Vector128<float> b, Vector128<float> c)
    {
        Vector128<double> lower = AddToOdd(Vector128.WidenLower(a) * Vector128.WidenLower(b), Vector128.WidenLower(c));
        Vector128<double> upper = AddToOdd(Vector128.WidenUpper(a) * Vector128.WidenUpper(b), Vector128.WidenUpper(c));
        return Vector128.Narrow(lower, upper);
    }

    /// <summary>a + b where it is a double; else, of the two doubles around it, the one whose last bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> AddToOdd(Vector128<double> a, Vector128<double> b)
    {
        // Knuth's two-sum: a + b = sum + error, exactly. The error of a sum that is not finite is not a number and compares as false.
        Vector128<double> sum = a + b;
        Vector128<double> z = sum - a;
        Vector128<double> error = (a - (sum - z)) + (b - z);
        Vector128<ulong> inexact = Vector128.LessThan(Vector128<double>.Zero, Vector128.Abs(error)).AsUInt64();

        // One unit back towards zero where the sum was rounded away from it, then the last bit set.
        Vector128<ulong> away = ((sum.AsUInt64() ^ error.AsUInt64()) & inexact) >>> 63;
        return ((sum.AsUInt64() - away) | (inexact >>> 63)).AsDouble();
    }
}
