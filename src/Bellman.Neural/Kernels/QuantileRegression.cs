using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>The quantile Huber loss of one row. Dabney et al. 2018, equations 9 and 10.</summary>
internal static class QuantileRegression
{
    /// <summary>
    /// loss[i] = meanⱼ |τᵢ − 1{u &lt; 0}| · H(u) / κ and slope[i] = ∂loss[i]/∂θᵢ, with u = yⱼ − θᵢ and H the Huber penalty of threshold κ.
    /// </summary>
    /// <param name="quantiles">θ</param>
    /// <param name="fractions">τ, as many as θ.</param>
    /// <param name="targets">y, any number of them.</param>
    /// <param name="kappa">κ &gt; 0</param>
    public static void Row(
        ReadOnlySpan<float> quantiles, ReadOnlySpan<float> fractions, ReadOnlySpan<float> targets, float kappa, Span<float> loss,
        Span<float> slope)
    {
        Debug.Assert(fractions.Length == quantiles.Length, "A fraction belongs to each quantile.");
        Debug.Assert(loss.Length == quantiles.Length && slope.Length == quantiles.Length, "So do a loss and a slope.");
        if (Vector512.IsHardwareAccelerated) Row<Simd512>(quantiles, fractions, targets, kappa, loss, slope);
        else if (Vector256.IsHardwareAccelerated) Row<Simd256>(quantiles, fractions, targets, kappa, loss, slope);
        else Row<Simd128>(quantiles, fractions, targets, kappa, loss, slope);
    }

    // A lane is one quantile's sum over all targets, in their order, so it does not matter how many lanes there are.
    internal static void Row<V>(
        ReadOnlySpan<float> quantiles, ReadOnlySpan<float> fractions, ReadOnlySpan<float> targets, float kappa, Span<float> loss,
        Span<float> slope)
        where V : struct, ISimd<V>
    {
        ref float theta = ref MemoryMarshal.GetReference(quantiles);
        ref float tau = ref MemoryMarshal.GetReference(fractions);
        ref float lossAt = ref MemoryMarshal.GetReference(loss);
        ref float slopeAt = ref MemoryMarshal.GetReference(slope);
        V scale = V.Create(1 / (kappa * targets.Length));
        nuint i = 0;
        for (; i + (nuint)V.Count <= (nuint)quantiles.Length; i += (nuint)V.Count)
        {
            (V value, V derivative) = Sums(V.Load(in theta, i), V.Load(in tau, i), targets, kappa);
            (value * scale).Store(ref lossAt, i);
            (-derivative * scale).Store(ref slopeAt, i);
        }

        int rest = quantiles.Length - (int)i;
        if (rest > 0)
        {
            (V value, V derivative) = Sums(V.LoadPartial(in theta, i, rest), V.LoadPartial(in tau, i, rest), targets, kappa);
            (value * scale).StorePartial(ref lossAt, i, rest);
            (-derivative * scale).StorePartial(ref slopeAt, i, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V Value, V Derivative) Sums<V>(V theta, V tau, ReadOnlySpan<float> targets, float kappa)
        where V : struct, ISimd<V>
    {
        V high = V.Create(kappa);
        V low = -high;
        V below = V.Create(1) - tau;
        V minusHalf = V.Create(-0.5f);
        V value = V.Zero;
        V derivative = V.Zero;
        foreach (float target in targets)
        {
            V u = V.Create(target) - theta;
            V weight = V.Select(V.LessThan(u, V.Zero), below, tau);

            // H′(u) is u, clamped; and H(u) = H′(u) · (u − ½H′(u)) on both sides of the threshold.
            V clamped = V.Select(V.LessThan(high, u), high, V.Select(V.LessThan(u, low), low, u));
            V pull = weight * clamped;
            derivative += pull;
            value = V.FusedMultiplyAdd(pull, V.FusedMultiplyAdd(minusHalf, clamped, u), value);
        }

        return (value, derivative);
    }
}
