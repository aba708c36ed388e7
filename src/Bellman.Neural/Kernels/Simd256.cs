using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bellman.Neural.Kernels;

/// <summary>8 lanes in a vector of 256 bits.</summary>
/// <remarks>Memory is addressed as reference + index; the caller guarantees that index + <see cref="Count"/> elements exist.</remarks>
internal readonly struct Simd256(Vector256<float> value) : ISimd<Simd256>
{
    public readonly Vector256<float> Value = value;

    public static int Count => 8;

    public static Simd256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd256 Broadcast(float* source) => new(Vector256.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd256 MultiplyAdd(float* left, Simd256 right, Simd256 addend) =>
        new(Vector256.FusedMultiplyAdd(right.Value, Vector256.Create(*left), addend.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Load(ref readonly float source, nuint index) => new(Vector256.LoadUnsafe(in source, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LoadPartial(ref readonly float source, nuint index, int count) =>
        new(MaskedLoad(in Unsafe.Add(ref Unsafe.AsRef(in source), index), count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float destination, nuint index) => Value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePartial(ref float destination, nuint index, int count)
    {
        ref float first = ref Unsafe.Add(ref destination, index);
        if (Avx.IsSupported)
        {
            unsafe
            {
                fixed (float* address = &first)
                {
                    Avx.MaskStore(address, Mask(count), Value);
                }
            }

            return;
        }

        Partial.Store(Value, ref first, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator +(Simd256 left, Simd256 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator -(Simd256 left, Simd256 right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator *(Simd256 left, Simd256 right) => new(left.Value * right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator /(Simd256 left, Simd256 right) => new(left.Value / right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator -(Simd256 value) => new(-value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 FusedMultiplyAdd(Simd256 left, Simd256 right, Simd256 addend) =>
        new(Vector256.FusedMultiplyAdd(left.Value, right.Value, addend.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Sqrt(Simd256 value) => new(Vector256.Sqrt(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Abs(Simd256 value) => new(Vector256.Abs(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Round(Simd256 value) => new(Vector256.Round(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Floor(Simd256 value) => new(Vector256.Floor(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Truncate(Simd256 value) => new(Vector256.Truncate(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LessThan(Simd256 left, Simd256 right) => new(Vector256.LessThan(left.Value, right.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LessThanOrEqual(Simd256 left, Simd256 right) =>
        new(Vector256.LessThanOrEqual(left.Value, right.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Equal(Simd256 left, Simd256 right) => new(Vector256.Equals(left.Value, right.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Select(Simd256 mask, Simd256 whenTrue, Simd256 whenFalse) =>
        new(Vector256.ConditionalSelect(mask.Value, whenTrue.Value, whenFalse.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 And(Simd256 left, Simd256 right) => new(left.Value & right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Or(Simd256 left, Simd256 right) => new(left.Value | right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Xor(Simd256 left, Simd256 right) => new(left.Value ^ right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 CreateBits(int value) => new(Vector256.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 AddBits(Simd256 left, Simd256 right) =>
        new((left.Value.AsInt32() + right.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 SubtractBits(Simd256 left, Simd256 right) =>
        new((left.Value.AsInt32() - right.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 ShiftLeft(Simd256 value, int count) => new((value.Value.AsInt32() << count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 ShiftRight(Simd256 value, int count) => new((value.Value.AsInt32() >> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 FloatFromInteger(Simd256 bits) => new(Vector256.ConvertToSingle(bits.Value.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd256 LoadFours(float* source, nint stride) =>
        new(Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * stride))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeFours(ref Simd256 a, ref Simd256 b, ref Simd256 c, ref Simd256 d)
    {
        if (Avx.IsSupported)
        {
            Vector256<double> ab = Avx.UnpackLow(a.Value, b.Value).AsDouble();
            Vector256<double> cd = Avx.UnpackLow(c.Value, d.Value).AsDouble();
            Vector256<double> abHigh = Avx.UnpackHigh(a.Value, b.Value).AsDouble();
            Vector256<double> cdHigh = Avx.UnpackHigh(c.Value, d.Value).AsDouble();
            a = new(Avx.UnpackLow(ab, cd).AsSingle());
            b = new(Avx.UnpackHigh(ab, cd).AsSingle());
            c = new(Avx.UnpackLow(abHigh, cdHigh).AsSingle());
            d = new(Avx.UnpackHigh(abHigh, cdHigh).AsSingle());
            return;
        }

        Simd128 a0 = new(a.Value.GetLower()), b0 = new(b.Value.GetLower()), c0 = new(c.Value.GetLower()), d0 = new(d.Value.GetLower());
        Simd128 a1 = new(a.Value.GetUpper()), b1 = new(b.Value.GetUpper()), c1 = new(c.Value.GetUpper()), d1 = new(d.Value.GetUpper());
        Simd128.TransposeFours(ref a0, ref b0, ref c0, ref d0);
        Simd128.TransposeFours(ref a1, ref b1, ref c1, ref d1);
        a = new(Vector256.Create(a0.Value, a1.Value));
        b = new(Vector256.Create(b0.Value, b1.Value));
        c = new(Vector256.Create(c0.Value, c1.Value));
        d = new(Vector256.Create(d0.Value, d1.Value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LoadBytes(ref readonly byte source, nuint index)
    {
        var bytes = Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(in Unsafe.Add(ref Unsafe.AsRef(in source), index))).AsByte();
        Vector128<ushort> words = Vector128.WidenLower(bytes);
        return new(Vector256.ConvertToSingle(Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(bytes)
            : Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32()));
    }

    private static Vector256<float> Mask(int count) =>
        Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> MaskedLoad(ref readonly float first, int count)
    {
        if (!Avx.IsSupported) return Partial.Load<Vector256<float>>(in first, count);
        unsafe
        {
            fixed (float* address = &first)
            {
                return Avx.MaskLoad(address, Mask(count));
            }
        }
    }
}
