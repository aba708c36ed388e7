using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>Up to three state sequences beside a parameter; a rule uses those it needs.</summary>
internal ref struct OptimizerState<V>
    where V : struct, ISimd<V>
{
    public V First;
    public V Second;
    public V Third;
}

/// <summary>An optimizer's rule for one vector of parameters.</summary>
internal interface IUpdateRule
{
    /// <summary>How many of the state sequences the rule reads and writes.</summary>
    static abstract int States { get; }

    /// <summary>The new parameter; the states are changed in place.</summary>
    V Update<V>(V parameter, V gradient, ref OptimizerState<V> state)
        where V : struct, ISimd<V>;
}

/// <summary>One pass over parameters, gradients and state per optimizer step, and the loops around it.</summary>
internal static class OptimizerKernels
{
    /// <summary>Applies a rule to every parameter. State sequences that the rule does not use may be empty.</summary>
    public static void Update<TRule>(
        TRule rule, Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, Span<float> third)
        where TRule : struct, IUpdateRule
    {
        Debug.Assert(gradients.Length == parameters.Length, "Every parameter has a gradient.");
        Debug.Assert(TRule.States < 1 || first.Length == parameters.Length, "Every parameter has its state.");
        Debug.Assert(TRule.States < 2 || second.Length == parameters.Length, "Every parameter has its state.");
        Debug.Assert(TRule.States < 3 || third.Length == parameters.Length, "Every parameter has its state.");
        if (Workers.ShareElements(parameters.Length)) SharedElementwise.Update(rule, parameters, gradients, first, second, third);
        else UpdateHere(rule, parameters, gradients, first, second, third);
    }

    /// <summary>Applies a rule to every parameter, by the calling thread.</summary>
    internal static void UpdateHere<TRule>(
        TRule rule, Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, Span<float> third)
        where TRule : struct, IUpdateRule
    {
        if (Vector512.IsHardwareAccelerated) Update<TRule, Simd512>(rule, parameters, gradients, first, second, third);
        else if (Vector256.IsHardwareAccelerated) Update<TRule, Simd256>(rule, parameters, gradients, first, second, third);
        else Update<TRule, Simd128>(rule, parameters, gradients, first, second, third);
    }

    /// <summary>‖x‖₂</summary>
    public static float Norm(ReadOnlySpan<float> x) => MathF.Sqrt(Reductions.SumOfSquares(x));

    /// <summary>x ← scale·x</summary>
    public static void Scale(Span<float> x, float scale) => Elementwise.Forward(new Affine(scale, 0), x, x);

    /// <summary>x ← x limited to [low, high]; what is not a number stays so.</summary>
    public static void Clamp(Span<float> x, float low, float high) => Elementwise.Forward(new Clamp(low, high), x, x);

    /// <summary>target ← weight·source + (1 − weight)·target</summary>
    public static void Blend(Span<float> target, ReadOnlySpan<float> source, float weight) =>
        Update(new BlendRule(weight), target, source, default, default, default);

    internal static void Update<TRule, V>(
        TRule rule, Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, Span<float> third)
        where TRule : struct, IUpdateRule
        where V : struct, ISimd<V>
    {
        ref float parameter = ref MemoryMarshal.GetReference(parameters);
        ref float gradient = ref MemoryMarshal.GetReference(gradients);
        ref float one = ref MemoryMarshal.GetReference(first);
        ref float two = ref MemoryMarshal.GetReference(second);
        ref float three = ref MemoryMarshal.GetReference(third);
        nuint length = (nuint)parameters.Length;
        OptimizerState<V> state = default;
        nuint i = 0;
        for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
        {
            if (TRule.States > 0) state.First = V.Load(in one, i);
            if (TRule.States > 1) state.Second = V.Load(in two, i);
            if (TRule.States > 2) state.Third = V.Load(in three, i);
            rule.Update(V.Load(in parameter, i), V.Load(in gradient, i), ref state).Store(ref parameter, i);
            if (TRule.States > 0) state.First.Store(ref one, i);
            if (TRule.States > 1) state.Second.Store(ref two, i);
            if (TRule.States > 2) state.Third.Store(ref three, i);
        }

        int rest = (int)(length - i);
        if (rest == 0) return;
        if (TRule.States > 0) state.First = V.LoadPartial(in one, i, rest);
        if (TRule.States > 1) state.Second = V.LoadPartial(in two, i, rest);
        if (TRule.States > 2) state.Third = V.LoadPartial(in three, i, rest);
        V updated = rule.Update(V.LoadPartial(in parameter, i, rest), V.LoadPartial(in gradient, i, rest), ref state);
        updated.StorePartial(ref parameter, i, rest);
        if (TRule.States > 0) state.First.StorePartial(ref one, i, rest);
        if (TRule.States > 1) state.Second.StorePartial(ref two, i, rest);
        if (TRule.States > 2) state.Third.StorePartial(ref three, i, rest);
    }
}
