using System.Runtime.CompilerServices;

namespace Bellman.Neural.Kernels;

/// <summary>max(x, 0)</summary>
internal readonly struct Relu : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => V.Select(V.LessThan(x, V.Zero), V.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Select(V.LessThanOrEqual(y, V.Zero), V.Zero, dy);
}

/// <summary>x where positive, else slope·x.</summary>
internal readonly struct LeakyRelu(float slope) : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => V.Select(V.LessThanOrEqual(x, V.Zero), x * V.Create(slope), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Select(V.LessThanOrEqual(x, V.Zero), dy * V.Create(slope), dy);
}

/// <summary>The hyperbolic tangent; its derivative is 1 − y².</summary>
internal readonly struct Tanh : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => VectorMath.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.FusedMultiplyAdd(-y, y, V.Create(1)) * dy;
}

/// <summary>1 / (1 + e⁻ˣ); its derivative is y·(1 − y).</summary>
internal readonly struct Sigmoid : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => VectorMath.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => (V.Create(1) - y) * y * dy;
}

/// <summary>x where positive, else α·(eˣ − 1).</summary>
internal readonly struct Elu(float alpha) : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => V.Select(V.LessThanOrEqual(x, V.Zero), V.Create(alpha) * VectorMath.Expm1(x), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Select(V.LessThanOrEqual(x, V.Zero), (y + V.Create(alpha)) * dy, dy);
}

/// <summary>x·σ(x), also called swish.</summary>
internal readonly struct Silu : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => x / (V.Create(1) + VectorMath.Exp(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V>
    {
        V s = VectorMath.Sigmoid(x);
        return s * V.FusedMultiplyAdd(x, V.Create(1) - s, V.Create(1)) * dy;
    }
}

/// <summary>x·Φ(x) with Φ the normal distribution function.</summary>
internal readonly struct Gelu : IUnaryOperator
{
    private const float SqrtHalf = 0.707106781f;
    private const float InverseSqrtTwoPi = 0.398942280f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => x * Distribution(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V>
    {
        V density = V.Create(InverseSqrtTwoPi) * VectorMath.Exp(V.Create(-0.5f) * x * x);
        return V.FusedMultiplyAdd(x, density, Distribution(x)) * dy;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Distribution<V>(V x)
        where V : struct, ISimd<V> =>
        V.Create(0.5f) * (V.Create(1) + VectorMath.Erf(x * V.Create(SqrtHalf)));
}

/// <summary>½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))</summary>
internal readonly struct GeluTanh : IUnaryOperator
{
    private const float SqrtTwoOverPi = 0.797884561f;
    private const float Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => V.Create(0.5f) * x * (V.Create(1) + Inner(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V>
    {
        V t = Inner(x);
        V slope = V.Create(SqrtTwoOverPi) * V.FusedMultiplyAdd(V.Create(3 * Cubic) * x, x, V.Create(1));
        V curve = V.FusedMultiplyAdd(-t, t, V.Create(1)) * slope;
        return V.Create(0.5f) * V.FusedMultiplyAdd(x, curve, V.Create(1) + t) * dy;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Inner<V>(V x)
        where V : struct, ISimd<V> =>
        VectorMath.Tanh(V.Create(SqrtTwoOverPi) * x * V.FusedMultiplyAdd(V.Create(Cubic) * x, x, V.Create(1)));
}

/// <summary>ln(1 + eˣ); its derivative is σ(x).</summary>
internal readonly struct Softplus : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => VectorMath.Softplus(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => VectorMath.Sigmoid(x) * dy;
}

/// <summary>eˣ</summary>
internal readonly struct Exp : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => VectorMath.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => y * dy;
}

/// <summary>The natural logarithm.</summary>
internal readonly struct Log : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => VectorMath.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => dy / x;
}

/// <summary>ln(1 + x)</summary>
internal readonly struct Log1p : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => VectorMath.Log1p(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => dy / (V.Create(1) + x);
}

/// <summary>eˣ − 1</summary>
internal readonly struct Expm1 : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => VectorMath.Expm1(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => (y + V.Create(1)) * dy;
}

/// <summary>√x; its derivative is 1 / (2y).</summary>
internal readonly struct Sqrt : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => V.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => dy / (y + y);
}

/// <summary>x²</summary>
internal readonly struct Square : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => (x + x) * dy;
}

/// <summary>|x|; its derivative is 0 at 0.</summary>
internal readonly struct Abs : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => V.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> =>
        V.Select(V.Equal(x, V.Zero), V.Zero, V.Xor(dy, V.And(x, V.CreateBits(int.MinValue))));
}

/// <summary>−x</summary>
internal readonly struct Negate : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => -x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => -dy;
}

/// <summary>The sine.</summary>
internal readonly struct Sine : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => VectorMath.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => VectorMath.Cos(x) * dy;
}

/// <summary>The cosine.</summary>
internal readonly struct Cosine : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => VectorMath.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => -VectorMath.Sin(x) * dy;
}

/// <summary>x limited to [low, high]; the gradient passes where x lies within, limits included.</summary>
internal readonly struct Clamp(float low, float high) : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V>
    {
        x = V.Select(V.LessThan(x, V.Create(low)), V.Create(low), x);
        return V.Select(V.LessThan(V.Create(high), x), V.Create(high), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V>
    {
        V inside = V.And(V.LessThanOrEqual(V.Create(low), x), V.LessThanOrEqual(x, V.Create(high)));
        return V.Select(inside, dy, V.Zero);
    }
}

/// <summary>scale·x + offset: addition, subtraction and multiplication with numbers that are no tensors.</summary>
internal readonly struct Affine(float scale, float offset) : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => V.FusedMultiplyAdd(x, V.Create(scale), V.Create(offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Create(scale) * dy;
}

/// <summary>numerator / x</summary>
internal readonly struct DivideNumber(float numerator) : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => V.Create(numerator) / x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => -(y / x) * dy;
}

/// <summary>x / divisor</summary>
internal readonly struct DivideByNumber(float divisor) : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x)
        where V : struct, ISimd<V> => x / V.Create(divisor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => dy / V.Create(divisor);
}
