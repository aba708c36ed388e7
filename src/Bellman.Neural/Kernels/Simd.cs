using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>A vector of floats of a fixed number of lanes, so that a loop is written once for 512, 256, 128 and 32 bits.</summary>
/// <remarks>
/// Every member gives the same bits per lane at every width: only operations that IEEE 754 rounds correctly, comparisons, selections and
/// integer operations are offered, never estimates. A comparison gives a mask of all ones or all zeros per lane.
/// </remarks>
internal interface ISimd<TSelf>
    where TSelf : struct, ISimd<TSelf>
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Create(float value);

    /// <summary>One number of memory in every lane; from a variable it would take a shuffle more.</summary>
    static abstract unsafe TSelf Broadcast(float* source);

    /// <summary>left · right + addend, rounded once, with one number of memory on the left, which can be an operand of the instruction.</summary>
    static abstract unsafe TSelf MultiplyAdd(float* left, TSelf right, TSelf addend);

    static abstract TSelf Load(ref readonly float source, nuint index);

    /// <summary>Loads the first <paramref name="count"/> lanes, fewer than <see cref="Count"/>; the others are zero.</summary>
    static abstract TSelf LoadPartial(ref readonly float source, nuint index, int count);

    void Store(ref float destination, nuint index);

    /// <summary>Stores the first <paramref name="count"/> lanes, fewer than <see cref="Count"/>.</summary>
    void StorePartial(ref float destination, nuint index, int count);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf value);

    /// <summary>left · right + addend, rounded once.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf left, TSelf right, TSelf addend);

    static abstract TSelf Sqrt(TSelf value);

    static abstract TSelf Abs(TSelf value);

    /// <summary>Rounded to the nearest integer, halves to even.</summary>
    static abstract TSelf Round(TSelf value);

    static abstract TSelf Floor(TSelf value);

    static abstract TSelf Truncate(TSelf value);

    static abstract TSelf LessThan(TSelf left, TSelf right);

    static abstract TSelf LessThanOrEqual(TSelf left, TSelf right);

    static abstract TSelf Equal(TSelf left, TSelf right);

    /// <summary>Per lane <paramref name="whenTrue"/> where the mask is set, else <paramref name="whenFalse"/>.</summary>
    static abstract TSelf Select(TSelf mask, TSelf whenTrue, TSelf whenFalse);

    static abstract TSelf And(TSelf left, TSelf right);

    static abstract TSelf Or(TSelf left, TSelf right);

    static abstract TSelf Xor(TSelf left, TSelf right);

    /// <summary>The bits of an integer in every lane.</summary>
    static abstract TSelf CreateBits(int value);

    /// <summary>Adds the lanes' bits as 32-bit integers.</summary>
    static abstract TSelf AddBits(TSelf left, TSelf right);

    static abstract TSelf SubtractBits(TSelf left, TSelf right);

    static abstract TSelf ShiftLeft(TSelf value, int count);

    /// <summary>Shifts the lanes' bits to the right, copying the sign.</summary>
    static abstract TSelf ShiftRight(TSelf value, int count);

    /// <summary>The lanes' bits, read as 32-bit integers, as floats of the same value.</summary>
    static abstract TSelf FloatFromInteger(TSelf bits);

    /// <summary>Four lanes each from as many rows as there are fours: lanes 4r … 4r + 3 from source + 4r·stride.</summary>
    static abstract unsafe TSelf LoadFours(float* source, nint stride);

    /// <summary>Transposes the 4 × 4 matrices that lie in lanes 4r … 4r + 3 of four vectors.</summary>
    static abstract void TransposeFours(ref TSelf a, ref TSelf b, ref TSelf c, ref TSelf d);

    /// <summary>The floats of <see cref="Count"/> bytes.</summary>
    static abstract TSelf LoadBytes(ref readonly byte source, nuint index);
}

/// <summary>The choice of a width, made once per process by the hardware; it never changes a result.</summary>
internal static class Simd
{
    /// <summary>Lanes of the widest vector the hardware has.</summary>
    public static int Width => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>The larger per lane; not a number where one of them is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Max<V>(V left, V right)
        where V : struct, ISimd<V> =>
        V.Select(V.LessThanOrEqual(left, right), right, V.Select(V.Equal(right, right), left, right));

    /// <summary>The smaller per lane; not a number where one of them is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Min<V>(V left, V right)
        where V : struct, ISimd<V> =>
        V.Select(V.LessThanOrEqual(right, left), right, V.Select(V.Equal(right, right), left, right));

    /// <summary>The magnitude of one and the sign of the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V CopySign<V>(V magnitude, V sign)
        where V : struct, ISimd<V> =>
        V.Or(V.Abs(magnitude), V.And(sign, V.CreateBits(int.MinValue)));
}
