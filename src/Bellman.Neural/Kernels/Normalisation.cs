using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>What normalising layers need of stretches of numbers: sums around a mean, and straight lines through them.</summary>
/// <remarks>Invariant of every loop: the spans have one length, asserted by those who slice them.</remarks>
internal static class Normalisation
{
    /// <summary>Σ (x − centre)²</summary>
    public static float SquaresAround(ReadOnlySpan<float> x, float centre) => Around<Squares>(x, x, centre);

    /// <summary>Σ a · (x − centre)</summary>
    public static float ProductsAround(ReadOnlySpan<float> a, ReadOnlySpan<float> x, float centre) => Around<Products>(a, x, centre);

    /// <summary>y = scale·x + shift, or the larger of that and zero.</summary>
    public static void Scale(ReadOnlySpan<float> x, Span<float> y, float scale, float shift, bool relu)
    {
        if (relu) Elementwise.Forward(new AffineRelu(scale, shift), x, y);
        else Elementwise.Forward(new Affine(scale, shift), x, y);
    }

    /// <summary>y = (x − centre) · scale · weight + bias, with weight and bias by element.</summary>
    public static void ScaleRow(
        ReadOnlySpan<float> x, Span<float> y, float centre, float scale, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        Elementwise.Forward(new Standardised(centre, scale), x, y);
        ElementwiseBinary.Forward<Multiply>(y, weight, y);
        ElementwiseBinary.Forward<Add>(y, bias, y);
    }

    /// <summary>dx = or += a·dy + b·(x − centre) + c</summary>
    public static void Combine(
        ReadOnlySpan<float> dy, ReadOnlySpan<float> x, Span<float> dx, float a, float b, float centre, float c, bool accumulate) =>
        Elementwise.Backward(new Combination<Plain>(default, a, b, centre, c), x, x, dy, dx, accumulate);

    /// <summary>dweight += dy · (x − centre) · scale</summary>
    public static void AddProducts(ReadOnlySpan<float> dy, ReadOnlySpan<float> x, Span<float> dweight, float centre, float scale) =>
        Elementwise.Backward(new Standardised(centre, scale), x, x, dy, dweight, accumulate: true);

    /// <summary>Σ g and Σ g · (x − centre), where g is what a gate lets pass of dy.</summary>
    public static (float Sum, float Products) Sums<TGate>(TGate gate, ReadOnlySpan<float> dy, ReadOnlySpan<float> x, float centre)
        where TGate : struct, IGate
    {
        if (Vector512.IsHardwareAccelerated) return Sums<TGate, Simd512>(gate, dy, x, centre);
        return Vector256.IsHardwareAccelerated ? Sums<TGate, Simd256>(gate, dy, x, centre) : Sums<TGate, Simd128>(gate, dy, x, centre);
    }

    private static (float Sum, float Products) Sums<TGate, V>(TGate gate, ReadOnlySpan<float> dy, ReadOnlySpan<float> x, float centre)
        where TGate : struct, IGate
        where V : struct, ISimd<V>
    {
        ref float pdy = ref MemoryMarshal.GetReference(dy);
        ref float px = ref MemoryMarshal.GetReference(x);
        Lanes16 sums = default;
        Lanes16 products = default;
        V middle = V.Create(centre);
        nuint length = (nuint)x.Length;
        nuint whole = length - (length % Lanes16.Count);
        for (nuint lane = 0; lane < Lanes16.Count; lane += (nuint)V.Count)
        {
            V sum = V.Zero;
            V product = V.Zero;
            for (nuint i = lane; i < whole; i += Lanes16.Count)
            {
                V value = V.Load(in px, i);
                V g = gate.Pass(value, V.Load(in pdy, i));
                sum += g;
                product = V.FusedMultiplyAdd(g, value - middle, product);
            }

            sum.Store(ref Unsafe.As<Lanes16, float>(ref sums), lane);
            product.Store(ref Unsafe.As<Lanes16, float>(ref products), lane);
        }

        for (nuint i = whole; i < length; i++)
        {
            var value = new Simd1(Unsafe.Add(ref px, i));
            Simd1 g = gate.Pass(value, new Simd1(Unsafe.Add(ref pdy, i)));
            sums[(int)(i - whole)] += g.Value;
            ref float product = ref products[(int)(i - whole)];
            product = Simd1.FusedMultiplyAdd(g, value - new Simd1(centre), new Simd1(product)).Value;
        }

        return (sums.Sum(), products.Sum());
    }

    private static float Around<TTerm>(ReadOnlySpan<float> a, ReadOnlySpan<float> x, float centre)
        where TTerm : struct, ICentredTerm
    {
        if (Vector512.IsHardwareAccelerated) return Around<TTerm, Simd512>(a, x, centre);
        return Vector256.IsHardwareAccelerated ? Around<TTerm, Simd256>(a, x, centre) : Around<TTerm, Simd128>(a, x, centre);
    }

    // Element i joins lane i mod 16, as in every reduction.
    private static float Around<TTerm, V>(ReadOnlySpan<float> a, ReadOnlySpan<float> x, float centre)
        where TTerm : struct, ICentredTerm
        where V : struct, ISimd<V>
    {
        ref float pa = ref MemoryMarshal.GetReference(a);
        ref float px = ref MemoryMarshal.GetReference(x);
        Lanes16 sums = default;
        ref float lanes = ref Unsafe.As<Lanes16, float>(ref sums);
        V middle = V.Create(centre);
        nuint length = (nuint)x.Length;
        nuint whole = length - (length % Lanes16.Count);
        for (nuint lane = 0; lane < Lanes16.Count; lane += (nuint)V.Count)
        {
            V sum = V.Zero;
            for (nuint i = lane; i < whole; i += Lanes16.Count)
            {
                sum = TTerm.Accumulate(sum, V.Load(in pa, i), V.Load(in px, i) - middle);
            }

            sum.Store(ref lanes, lane);
        }

        for (nuint i = whole; i < length; i++)
        {
            ref float lane = ref Unsafe.Add(ref lanes, i - whole);
            lane = TTerm.Accumulate(new Simd1(lane), new Simd1(Unsafe.Add(ref pa, i)), new Simd1(Unsafe.Add(ref px, i) - centre)).Value;
        }

        return sums.Sum();
    }

    /// <summary>A term of a sum over a and d = x − centre.</summary>
    private interface ICentredTerm
    {
        static abstract V Accumulate<V>(V sum, V a, V d)
            where V : struct, ISimd<V>;
    }

    private readonly struct Squares : ICentredTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Accumulate<V>(V sum, V a, V d)
            where V : struct, ISimd<V> => V.FusedMultiplyAdd(d, d, sum);
    }

    private readonly struct Products : ICentredTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Accumulate<V>(V sum, V a, V d)
            where V : struct, ISimd<V> => V.FusedMultiplyAdd(a, d, sum);
    }

    /// <summary>What passes of the gradient after a normalisation to that of the normalisation itself.</summary>
    internal interface IGate
    {
        V Pass<V>(V x, V dy)
            where V : struct, ISimd<V>;
    }

    /// <summary>All of it.</summary>
    internal readonly struct Plain : IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Pass<V>(V x, V dy)
            where V : struct, ISimd<V> => dy;
    }

    /// <summary>What stands where the line through x is above zero: the ReLU after it.</summary>
    internal readonly struct Rectified(float scale, float shift) : IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Pass<V>(V x, V dy)
            where V : struct, ISimd<V> =>
            V.Select(V.LessThanOrEqual(V.FusedMultiplyAdd(x, V.Create(scale), V.Create(shift)), V.Zero), V.Zero, dy);
    }

    private readonly struct AffineRelu(float scale, float shift) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Forward<V>(V x)
            where V : struct, ISimd<V>
        {
            V y = V.FusedMultiplyAdd(x, V.Create(scale), V.Create(shift));
            return V.Select(V.LessThanOrEqual(y, V.Zero), V.Zero, y);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Backward<V>(V x, V y, V dy)
            where V : struct, ISimd<V> => V.Select(V.LessThanOrEqual(y, V.Zero), V.Zero, V.Create(scale) * dy);
    }

    /// <summary>a·dy + b·(x − centre) + c, where dy is what a gate lets pass.</summary>
    internal readonly struct Combination<TGate>(TGate gate, float a, float b, float centre, float c) : IUnaryOperator
        where TGate : struct, IGate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Forward<V>(V x)
            where V : struct, ISimd<V> => x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Backward<V>(V x, V y, V dy)
            where V : struct, ISimd<V> =>
            V.FusedMultiplyAdd(V.Create(a), gate.Pass(x, dy), V.FusedMultiplyAdd(V.Create(b), x - V.Create(centre), V.Create(c)));
    }

    /// <summary>(x − centre) · scale; its "gradient" is the product with it, which is what a weight's gradient sums.</summary>
    private readonly struct Standardised(float centre, float scale) : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Forward<V>(V x)
            where V : struct, ISimd<V> => (x - V.Create(centre)) * V.Create(scale);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Backward<V>(V x, V y, V dy)
            where V : struct, ISimd<V> => Forward(x) * dy;
    }
}
