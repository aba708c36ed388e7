using System.Runtime.CompilerServices;

namespace Bellman.Neural.Kernels;

/// <summary>a + b</summary>
internal readonly struct Add : IBinaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V a, V b)
        where V : struct, ISimd<V> => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V> => dy;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V> => dy;
}

/// <summary>a − b</summary>
internal readonly struct Subtract : IBinaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V a, V b)
        where V : struct, ISimd<V> => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V> => dy;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V> => -dy;
}

/// <summary>a·b</summary>
internal readonly struct Multiply : IBinaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V a, V b)
        where V : struct, ISimd<V> => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V> => b * dy;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V> => a * dy;
}

/// <summary>a / b</summary>
internal readonly struct Divide : IBinaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V a, V b)
        where V : struct, ISimd<V> => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V> => dy / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V> => -(y / b) * dy;
}

/// <summary>The smaller of both, not a number where one is; equal numbers share the gradient in halves, as in PyTorch.</summary>
internal readonly struct Minimum : IBinaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V a, V b)
        where V : struct, ISimd<V> => Simd.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V> => Maximum.Share(V.LessThan(a, b), V.Equal(a, b), dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V> => Maximum.Share(V.LessThan(b, a), V.Equal(a, b), dy);
}

/// <summary>The larger of both, not a number where one is; equal numbers share the gradient in halves, as in PyTorch.</summary>
internal readonly struct Maximum : IBinaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V a, V b)
        where V : struct, ISimd<V> => Simd.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V> => Share(V.LessThan(b, a), V.Equal(a, b), dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V> => Share(V.LessThan(a, b), V.Equal(a, b), dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Share<V>(V chosen, V tie, V dy)
        where V : struct, ISimd<V> =>
        V.Select(tie, V.Create(0.5f) * dy, V.Select(chosen, dy, V.Zero));
}
