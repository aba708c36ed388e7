using System.Runtime.CompilerServices;

namespace Bellman.Neural.Kernels;

/// <summary>One lane, in plain scalar arithmetic: the oracle of the tests and the explanation of the vectors.</summary>
internal readonly struct Simd1(float value) : ISimd<Simd1>
{
    public readonly float Value = value;

    public static int Count => 1;

    public static Simd1 Zero => default;

    private int Bits => BitConverter.SingleToInt32Bits(Value);

    public static Simd1 Create(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd1 Broadcast(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd1 MultiplyAdd(float* left, Simd1 right, Simd1 addend) => FusedMultiplyAdd(new(*left), right, addend);

    public static Simd1 Load(ref readonly float source, nuint index) => new(Unsafe.Add(ref Unsafe.AsRef(in source), index));

    public static Simd1 LoadPartial(ref readonly float source, nuint index, int count) => default;

    public void Store(ref float destination, nuint index) => Unsafe.Add(ref destination, index) = Value;

    public void StorePartial(ref float destination, nuint index, int count)
    {
        // Fewer than one lane is none.
    }

    public static Simd1 operator +(Simd1 left, Simd1 right) => new(left.Value + right.Value);

    public static Simd1 operator -(Simd1 left, Simd1 right) => new(left.Value - right.Value);

    public static Simd1 operator *(Simd1 left, Simd1 right) => new(left.Value * right.Value);

    public static Simd1 operator /(Simd1 left, Simd1 right) => new(left.Value / right.Value);

    public static Simd1 operator -(Simd1 value) => new(-value.Value);

    public static Simd1 FusedMultiplyAdd(Simd1 left, Simd1 right, Simd1 addend) =>
        new(MathF.FusedMultiplyAdd(left.Value, right.Value, addend.Value));

    public static Simd1 Sqrt(Simd1 value) => new(MathF.Sqrt(value.Value));

    public static Simd1 Abs(Simd1 value) => new(MathF.Abs(value.Value));

    public static Simd1 Round(Simd1 value) => new(MathF.Round(value.Value, MidpointRounding.ToEven));

    public static Simd1 Floor(Simd1 value) => new(MathF.Floor(value.Value));

    public static Simd1 Truncate(Simd1 value) => new(MathF.Truncate(value.Value));

    public static Simd1 LessThan(Simd1 left, Simd1 right) => Mask(left.Value < right.Value);

    public static Simd1 LessThanOrEqual(Simd1 left, Simd1 right) => Mask(left.Value <= right.Value);

    public static Simd1 Equal(Simd1 left, Simd1 right) => Mask(left.Value == right.Value);

    public static Simd1 Select(Simd1 mask, Simd1 whenTrue, Simd1 whenFalse) => mask.Bits != 0 ? whenTrue : whenFalse;

    public static Simd1 And(Simd1 left, Simd1 right) => CreateBits(left.Bits & right.Bits);

    public static Simd1 Or(Simd1 left, Simd1 right) => CreateBits(left.Bits | right.Bits);

    public static Simd1 Xor(Simd1 left, Simd1 right) => CreateBits(left.Bits ^ right.Bits);

    public static Simd1 CreateBits(int value) => new(BitConverter.Int32BitsToSingle(value));

    public static Simd1 AddBits(Simd1 left, Simd1 right) => CreateBits(left.Bits + right.Bits);

    public static Simd1 SubtractBits(Simd1 left, Simd1 right) => CreateBits(left.Bits - right.Bits);

    public static Simd1 ShiftLeft(Simd1 value, int count) => CreateBits(value.Bits << count);

    public static Simd1 ShiftRight(Simd1 value, int count) => CreateBits(value.Bits >> count);

    public static Simd1 FloatFromInteger(Simd1 bits) => new(bits.Bits);

    public static unsafe Simd1 LoadFours(float* source, nint stride) => throw new NotSupportedException("One lane holds no four.");

    public static void TransposeFours(ref Simd1 a, ref Simd1 b, ref Simd1 c, ref Simd1 d) =>
        throw new NotSupportedException("One lane holds no four.");

    public static Simd1 LoadBytes(ref readonly byte source, nuint index) => new(Unsafe.Add(ref Unsafe.AsRef(in source), index));

    private static Simd1 Mask(bool condition) => CreateBits(condition ? -1 : 0);
}
