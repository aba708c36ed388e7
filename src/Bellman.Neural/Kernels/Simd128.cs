using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Bellman.Neural.Kernels;

/// <summary>4 lanes in a vector of 128 bits.</summary>
/// <remarks>Memory is addressed as reference + index; the caller guarantees that index + <see cref="Count"/> elements exist.</remarks>
internal readonly struct Simd128(Vector128<float> value) : ISimd<Simd128>
{
    public readonly Vector128<float> Value = value;

    public static int Count => 4;

    public static Simd128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Create(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd128 Broadcast(float* source) => new(Vector128.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd128 MultiplyAdd(float* left, Simd128 right, Simd128 addend) =>
        FusedMultiplyAdd(right, Broadcast(left), addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Load(ref readonly float source, nuint index) => new(Vector128.LoadUnsafe(in source, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LoadPartial(ref readonly float source, nuint index, int count) =>
        new(PartialLoad(ref Unsafe.Add(ref Unsafe.AsRef(in source), index), count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float destination, nuint index) => Value.StoreUnsafe(ref destination, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePartial(ref float destination, nuint index, int count)
    {
        ref float first = ref Unsafe.Add(ref destination, index);
        if (count == 1) first = Value.ToScalar();
        if (count >= 2) Unsafe.WriteUnaligned(ref Unsafe.As<float, byte>(ref first), Value.AsDouble().ToScalar());
        if (count == 3) Unsafe.Add(ref first, 2) = Value.GetElement(2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator +(Simd128 left, Simd128 right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator -(Simd128 left, Simd128 right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator *(Simd128 left, Simd128 right) => new(left.Value * right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator /(Simd128 left, Simd128 right) => new(left.Value / right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator -(Simd128 value) => new(-value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 FusedMultiplyAdd(Simd128 left, Simd128 right, Simd128 addend) =>
        new(FusedMultiply.IsHardwareAccelerated
            ? Vector128.FusedMultiplyAdd(left.Value, right.Value, addend.Value)
            : FusedMultiply.Add(left.Value, right.Value, addend.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Sqrt(Simd128 value) => new(Vector128.Sqrt(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Abs(Simd128 value) => new(Vector128.Abs(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Round(Simd128 value) => new(Vector128.Round(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Floor(Simd128 value) => new(Vector128.Floor(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Truncate(Simd128 value) => new(Vector128.Truncate(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LessThan(Simd128 left, Simd128 right) => new(Vector128.LessThan(left.Value, right.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LessThanOrEqual(Simd128 left, Simd128 right) =>
        new(Vector128.LessThanOrEqual(left.Value, right.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Equal(Simd128 left, Simd128 right) => new(Vector128.Equals(left.Value, right.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Select(Simd128 mask, Simd128 whenTrue, Simd128 whenFalse) =>
        new(Vector128.ConditionalSelect(mask.Value, whenTrue.Value, whenFalse.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 And(Simd128 left, Simd128 right) => new(left.Value & right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Or(Simd128 left, Simd128 right) => new(left.Value | right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Xor(Simd128 left, Simd128 right) => new(left.Value ^ right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 CreateBits(int value) => new(Vector128.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 AddBits(Simd128 left, Simd128 right) =>
        new((left.Value.AsInt32() + right.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 SubtractBits(Simd128 left, Simd128 right) =>
        new((left.Value.AsInt32() - right.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 ShiftLeft(Simd128 value, int count) => new((value.Value.AsInt32() << count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 ShiftRight(Simd128 value, int count) => new((value.Value.AsInt32() >> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 FloatFromInteger(Simd128 bits) => new(Vector128.ConvertToSingle(bits.Value.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd128 LoadFours(float* source, nint stride) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeFours(ref Simd128 a, ref Simd128 b, ref Simd128 c, ref Simd128 d)
    {
        Vector128<double> ab = Interleave(a.Value, b.Value, out Vector128<double> abHigh);
        Vector128<double> cd = Interleave(c.Value, d.Value, out Vector128<double> cdHigh);
        a = new(Vector128.Create(ab[0], cd[0]).AsSingle());
        b = new(Vector128.Create(ab[1], cd[1]).AsSingle());
        c = new(Vector128.Create(abHigh[0], cdHigh[0]).AsSingle());
        d = new(Vector128.Create(abHigh[1], cdHigh[1]).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Interleave(Vector128<float> a, Vector128<float> b, out Vector128<double> high)
    {
        if (Sse.IsSupported)
        {
            high = Sse.UnpackHigh(a, b).AsDouble();
            return Sse.UnpackLow(a, b).AsDouble();
        }

        high = Vector128.Create(a[2], b[2], a[3], b[3]).AsDouble();
        return Vector128.Create(a[0], b[0], a[1], b[1]).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LoadBytes(ref readonly byte source, nuint index)
    {
        uint bytes = Unsafe.ReadUnaligned<uint>(in Unsafe.Add(ref Unsafe.AsRef(in source), index));
        Vector128<ushort> words = Vector128.WidenLower(Vector128.CreateScalar(bytes).AsByte());
        return new(Vector128.ConvertToSingle(Vector128.WidenLower(words).AsInt32()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PartialLoad(ref float first, int count)
    {
        if (count <= 0) return Vector128<float>.Zero;
        if (count == 1) return Vector128.CreateScalar(first);
        Vector128<float> pair = Vector128.CreateScalar(Unsafe.ReadUnaligned<double>(in Unsafe.As<float, byte>(ref first))).AsSingle();
        return count == 2 ? pair : pair.WithElement(2, Unsafe.Add(ref first, 2));
    }
}
