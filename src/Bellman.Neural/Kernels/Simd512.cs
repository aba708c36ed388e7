using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bellman.Neural.Kernels;

/// <summary>16 lanes in a vector of 512 bits.</summary>
/// <remarks>Memory is addressed as reference + index; the caller guarantees that index + <see cref="Count"/> elements exist.</remarks>
internal readonly struct Simd512(Vector512<float> value) : ISimd<Simd512>
{
    public readonly Vector512<float> Value = value;

    public static int Count => 16;

    public static Simd512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd512 Broadcast(float* source) => new(Vector512.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd512 MultiplyAdd(float* left, Simd512 right, Simd512 addend) =>
        new(Vector512.FusedMultiplyAdd(right.Value, Vector512.Create(*left), addend.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Load(ref readonly float source, nuint index) => new(Vector512.LoadUnsafe(in source, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LoadPartial(ref readonly float source, nuint index, int count) =>
        new(MaskedLoad(in Unsafe.Add(ref Unsafe.AsRef(in source), index), count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float destination, nuint index) => Value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePartial(ref float destination, nuint index, int count)
    {
        ref float first = ref Unsafe.Add(ref destination, index);
        if (Avx512F.IsSupported)
        {
            unsafe
            {
                // The reference is not tracked while in use as a pointer; the masked store is a single instruction on it.
                fixed (float* address = &first)
                {
                    Avx512F.MaskStore(address, Mask(count), Value);
                }
            }

            return;
        }

        Partial.Store(Value, ref first, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator +(Simd512 left, Simd512 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator -(Simd512 left, Simd512 right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator *(Simd512 left, Simd512 right) => new(left.Value * right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator /(Simd512 left, Simd512 right) => new(left.Value / right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator -(Simd512 value) => new(-value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 FusedMultiplyAdd(Simd512 left, Simd512 right, Simd512 addend) =>
        new(Vector512.FusedMultiplyAdd(left.Value, right.Value, addend.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Sqrt(Simd512 value) => new(Vector512.Sqrt(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Abs(Simd512 value) => new(Vector512.Abs(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Round(Simd512 value) => new(Vector512.Round(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Floor(Simd512 value) => new(Vector512.Floor(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Truncate(Simd512 value) => new(Vector512.Truncate(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LessThan(Simd512 left, Simd512 right) => new(Vector512.LessThan(left.Value, right.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LessThanOrEqual(Simd512 left, Simd512 right) =>
        new(Vector512.LessThanOrEqual(left.Value, right.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Equal(Simd512 left, Simd512 right) => new(Vector512.Equals(left.Value, right.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Select(Simd512 mask, Simd512 whenTrue, Simd512 whenFalse) =>
        new(Vector512.ConditionalSelect(mask.Value, whenTrue.Value, whenFalse.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 And(Simd512 left, Simd512 right) => new(left.Value & right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Or(Simd512 left, Simd512 right) => new(left.Value | right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Xor(Simd512 left, Simd512 right) => new(left.Value ^ right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 CreateBits(int value) => new(Vector512.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 AddBits(Simd512 left, Simd512 right) =>
        new((left.Value.AsInt32() + right.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 SubtractBits(Simd512 left, Simd512 right) =>
        new((left.Value.AsInt32() - right.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 ShiftLeft(Simd512 value, int count) => new((value.Value.AsInt32() << count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 ShiftRight(Simd512 value, int count) => new((value.Value.AsInt32() >> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 FloatFromInteger(Simd512 bits) => new(Vector512.ConvertToSingle(bits.Value.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd512 LoadFours(float* source, nint stride)
    {
        Vector256<float> lower = Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * stride)));
        Vector256<float> upper = Vector256.Create(Vector128.Load(source + (8 * stride)), Vector128.Load(source + (12 * stride)));
        return new(Vector512.Create(lower, upper));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeFours(ref Simd512 a, ref Simd512 b, ref Simd512 c, ref Simd512 d)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<double> ab = Avx512F.UnpackLow(a.Value, b.Value).AsDouble();
            Vector512<double> cd = Avx512F.UnpackLow(c.Value, d.Value).AsDouble();
            Vector512<double> abHigh = Avx512F.UnpackHigh(a.Value, b.Value).AsDouble();
            Vector512<double> cdHigh = Avx512F.UnpackHigh(c.Value, d.Value).AsDouble();
            a = new(Avx512F.UnpackLow(ab, cd).AsSingle());
            b = new(Avx512F.UnpackHigh(ab, cd).AsSingle());
            c = new(Avx512F.UnpackLow(abHigh, cdHigh).AsSingle());
            d = new(Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle());
            return;
        }

        Simd256 a0 = new(a.Value.GetLower()), b0 = new(b.Value.GetLower()), c0 = new(c.Value.GetLower()), d0 = new(d.Value.GetLower());
        Simd256 a1 = new(a.Value.GetUpper()), b1 = new(b.Value.GetUpper()), c1 = new(c.Value.GetUpper()), d1 = new(d.Value.GetUpper());
        Simd256.TransposeFours(ref a0, ref b0, ref c0, ref d0);
        Simd256.TransposeFours(ref a1, ref b1, ref c1, ref d1);
        a = new(Vector512.Create(a0.Value, a1.Value));
        b = new(Vector512.Create(b0.Value, b1.Value));
        c = new(Vector512.Create(c0.Value, c1.Value));
        d = new(Vector512.Create(d0.Value, d1.Value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LoadBytes(ref readonly byte source, nuint index)
    {
        Vector128<byte> bytes = Vector128.LoadUnsafe(in source, index);
        (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(bytes);
        Vector256<int> first = Vector256.Create(Vector128.WidenLower(lower), Vector128.WidenUpper(lower)).AsInt32();
        Vector256<int> second = Vector256.Create(Vector128.WidenLower(upper), Vector128.WidenUpper(upper)).AsInt32();
        return new(Vector512.ConvertToSingle(Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int32(bytes)
            : Vector512.Create(first, second)));
    }

    private static Vector512<float> Mask(int count) =>
        Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> MaskedLoad(ref readonly float first, int count)
    {
        if (!Avx512F.IsSupported) return Partial.Load<Vector512<float>>(in first, count);
        unsafe
        {
            fixed (float* address = &first)
            {
                return Avx512F.MaskLoad(address, Mask(count), Vector512<float>.Zero);
            }
        }
    }
}
