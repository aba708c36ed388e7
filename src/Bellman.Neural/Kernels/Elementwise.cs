using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>A function of one number with its derivative. Parameters, such as a slope, are fields of the struct.</summary>
internal interface IUnaryOperator
{
    /// <summary>y = f(x)</summary>
    V Forward<V>(V x)
        where V : struct, ISimd<V>;

    /// <summary>dx = f′(x) · dy</summary>
    V Backward<V>(V x, V y, V dy)
        where V : struct, ISimd<V>;
}

/// <summary>A function of two numbers with its derivatives.</summary>
internal interface IBinaryOperator
{
    /// <summary>y = f(a, b)</summary>
    V Forward<V>(V a, V b)
        where V : struct, ISimd<V>;

    /// <summary>da = ∂f/∂a · dy</summary>
    V Left<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V>;

    /// <summary>db = ∂f/∂b · dy</summary>
    V Right<V>(V a, V b, V y, V dy)
        where V : struct, ISimd<V>;
}

/// <summary>The loops of one-argument functions. Source and destination may be the same memory.</summary>
/// <remarks>Invariant of every loop: all spans have the length that is checked at its public entry.</remarks>
internal static class Elementwise
{
    /// <summary>y = f(x)</summary>
    public static void Forward<TOperator>(ReadOnlySpan<float> x, Span<float> y)
        where TOperator : struct, IUnaryOperator => Forward(default(TOperator), x, y);

    /// <summary>y = f(x), for a function with parameters.</summary>
    public static void Forward<TOperator>(TOperator function, ReadOnlySpan<float> x, Span<float> y)
        where TOperator : struct, IUnaryOperator
    {
        Debug.Assert(x.Length == y.Length, "Elementwise kernels work on equal lengths.");
        if (Workers.ShareElements(y.Length)) SharedElementwise.Forward(function, x, y);
        else ForwardHere(function, x, y);
    }

    /// <summary>y = f(x), by the calling thread.</summary>
    internal static void ForwardHere<TOperator>(TOperator function, ReadOnlySpan<float> x, Span<float> y)
        where TOperator : struct, IUnaryOperator
    {
        ref float first = ref MemoryMarshal.GetReference(x);
        ref float destination = ref MemoryMarshal.GetReference(y);
        if (Vector512.IsHardwareAccelerated) Forward<TOperator, Simd512>(function, ref first, ref destination, (nuint)y.Length);
        else if (Vector256.IsHardwareAccelerated) Forward<TOperator, Simd256>(function, ref first, ref destination, (nuint)y.Length);
        else Forward<TOperator, Simd128>(function, ref first, ref destination, (nuint)y.Length);
    }

    /// <summary>dx = f′(x) · dy, or dx += f′(x) · dy.</summary>
    public static void Backward<TOperator>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        where TOperator : struct, IUnaryOperator => Backward(default(TOperator), x, y, dy, dx, accumulate);

    /// <summary>dx = f′(x) · dy, or dx += f′(x) · dy, for a function with parameters.</summary>
    public static void Backward<TOperator>(
        TOperator function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        where TOperator : struct, IUnaryOperator
    {
        Debug.Assert(x.Length == dx.Length && y.Length == dx.Length && dy.Length == dx.Length, "Elementwise kernels work on equal lengths.");
        if (Workers.ShareElements(dx.Length)) SharedElementwise.Backward(function, x, y, dy, dx, accumulate);
        else BackwardHere(function, x, y, dy, dx, accumulate);
    }

    /// <summary>dx = or += f′(x) · dy, by the calling thread.</summary>
    internal static void BackwardHere<TOperator>(
        TOperator function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        where TOperator : struct, IUnaryOperator
    {
        if (Vector512.IsHardwareAccelerated) Backward<TOperator, Simd512>(function, x, y, dy, dx, accumulate);
        else if (Vector256.IsHardwareAccelerated) Backward<TOperator, Simd256>(function, x, y, dy, dx, accumulate);
        else Backward<TOperator, Simd128>(function, x, y, dy, dx, accumulate);
    }

    internal static void Forward<TOperator, V>(TOperator function, ref float x, ref float y, nuint length)
        where TOperator : struct, IUnaryOperator
        where V : struct, ISimd<V>
    {
        nuint i = 0;
        for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
        {
            function.Forward(V.Load(in x, i)).Store(ref y, i);
        }

        int rest = (int)(length - i);
        if (rest > 0) function.Forward(V.LoadPartial(in x, i, rest)).StorePartial(ref y, i, rest);
    }

    internal static void Backward<TOperator, V>(
        TOperator function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        where TOperator : struct, IUnaryOperator
        where V : struct, ISimd<V>
    {
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        ref float pdy = ref MemoryMarshal.GetReference(dy);
        ref float pdx = ref MemoryMarshal.GetReference(dx);
        nuint length = (nuint)dx.Length;
        nuint i = 0;
        for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
        {
            V gradient = function.Backward(V.Load(in px, i), V.Load(in py, i), V.Load(in pdy, i));
            if (accumulate) gradient = V.Load(in pdx, i) + gradient;
            gradient.Store(ref pdx, i);
        }

        int rest = (int)(length - i);
        if (rest > 0)
        {
            V gradient = function.Backward(V.LoadPartial(in px, i, rest), V.LoadPartial(in py, i, rest), V.LoadPartial(in pdy, i, rest));
            if (accumulate) gradient = V.LoadPartial(in pdx, i, rest) + gradient;
            gradient.StorePartial(ref pdx, i, rest);
        }
    }
}
