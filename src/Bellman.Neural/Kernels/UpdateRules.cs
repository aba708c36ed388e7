using System.Runtime.CompilerServices;

namespace Bellman.Neural.Kernels;

/// <summary>target + weight·(source − target), the source in the gradient's place.</summary>
internal readonly struct BlendRule(float weight) : IUpdateRule
{
    public static int States => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V parameter, V gradient, ref OptimizerState<V> state)
        where V : struct, ISimd<V> =>
        V.FusedMultiplyAdd(V.Create(weight), gradient, V.Create(1 - weight) * parameter);
}

/// <summary>Stochastic gradient descent with momentum, as in PyTorch; the first state is the momentum.</summary>
internal readonly struct SgdRule : IUpdateRule
{
    public static int States => 1;

    public required float LearningRate { get; init; }

    public float Momentum { get; init; }

    /// <summary>How much of the gradient the momentum does not take up; PyTorch takes up all of it at the first step.</summary>
    public float Dampening { get; init; }

    public float WeightDecay { get; init; }

    public bool Nesterov { get; init; }

    /// <summary>The first step: the momentum becomes the gradient.</summary>
    public bool First { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V parameter, V gradient, ref OptimizerState<V> state)
        where V : struct, ISimd<V>
    {
        V g = V.FusedMultiplyAdd(V.Create(WeightDecay), parameter, gradient);
        V m = First ? g : V.FusedMultiplyAdd(V.Create(1 - Dampening), g, V.Create(Momentum) * state.First);
        state.First = m;
        V direction = Nesterov ? V.FusedMultiplyAdd(V.Create(Momentum), m, g) : m;
        return V.FusedMultiplyAdd(V.Create(-LearningRate), direction, parameter);
    }
}

/// <summary>Stochastic gradient descent without momentum and thus without state.</summary>
internal readonly struct PlainSgdRule : IUpdateRule
{
    public static int States => 0;

    public required float LearningRate { get; init; }

    public float WeightDecay { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V parameter, V gradient, ref OptimizerState<V> state)
        where V : struct, ISimd<V> =>
        V.FusedMultiplyAdd(V.Create(-LearningRate), V.FusedMultiplyAdd(V.Create(WeightDecay), parameter, gradient), parameter);
}

/// <summary>Adam and AdamW, Kingma &amp; Ba 2015 and Loshchilov &amp; Hutter 2019, in PyTorch's order; the states are m and v.</summary>
internal readonly struct AdamRule : IUpdateRule
{
    public static int States => 2;

    public required float Beta1 { get; init; }

    public required float Beta2 { get; init; }

    public required float Epsilon { get; init; }

    /// <summary>α / (1 − β₁ᵗ)</summary>
    public required float StepSize { get; init; }

    /// <summary>1 / √(1 − β₂ᵗ)</summary>
    public required float SecondCorrection { get; init; }

    /// <summary>λ, added to the gradient (Adam); 0 for AdamW.</summary>
    public float WeightDecay { get; init; }

    /// <summary>1 − α·λ, which AdamW multiplies parameters with; 1 for Adam.</summary>
    public required float Shrinkage { get; init; }

    /// <summary>The rule at step <paramref name="step"/>, counted from 1; corrections are computed in double as PyTorch does.</summary>
    /// <param name="decoupled">AdamW: the decay acts on the parameter and not through the gradient.</param>
    public static AdamRule At(
        long step, double learningRate, double beta1, double beta2, double epsilon, double weightDecay, bool decoupled) => new()
        {
            Beta1 = (float)beta1,
            Beta2 = (float)beta2,
            Epsilon = (float)epsilon,
            StepSize = (float)(learningRate / (1 - Math.Pow(beta1, step))),
            SecondCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step))),
            WeightDecay = decoupled ? 0 : (float)weightDecay,
            Shrinkage = decoupled ? (float)(1 - (learningRate * weightDecay)) : 1,
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V parameter, V gradient, ref OptimizerState<V> state)
        where V : struct, ISimd<V>
    {
        V v = Moments(ref parameter, gradient, ref state);
        return Step(parameter, state.First, v);
    }

    /// <summary>Shrinks the parameter and updates m and v; returns v.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Moments<V>(ref V parameter, V gradient, ref OptimizerState<V> state)
        where V : struct, ISimd<V>
    {
        V g = V.FusedMultiplyAdd(V.Create(WeightDecay), parameter, gradient);
        parameter *= V.Create(Shrinkage);
        state.First = V.FusedMultiplyAdd(V.Create(1 - Beta1), g, V.Create(Beta1) * state.First);
        state.Second = V.FusedMultiplyAdd(V.Create(1 - Beta2) * g, g, V.Create(Beta2) * state.Second);
        return state.Second;
    }

    /// <summary>θ − α̂·m / (√v·c + ε)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Step<V>(V parameter, V m, V v)
        where V : struct, ISimd<V>
    {
        V denominator = V.FusedMultiplyAdd(V.Sqrt(v), V.Create(SecondCorrection), V.Create(Epsilon));
        return V.FusedMultiplyAdd(V.Create(-StepSize), m / denominator, parameter);
    }
}

/// <summary>AMSGrad, Reddi et al. 2018: Adam with the largest v so far, which is the third state.</summary>
internal readonly struct AmsGradRule(AdamRule adam) : IUpdateRule
{
    private readonly AdamRule adam = adam;

    public static int States => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V parameter, V gradient, ref OptimizerState<V> state)
        where V : struct, ISimd<V>
    {
        V v = adam.Moments(ref parameter, gradient, ref state);
        state.Third = Simd.Max(state.Third, v);
        return adam.Step(parameter, state.First, state.Third);
    }
}

/// <summary>RMSprop, Hinton 2012; the states are the mean square, the momentum and, where centred, the mean gradient.</summary>
internal readonly struct RmsPropRule : IUpdateRule
{
    public static int States => 3;

    public required float LearningRate { get; init; }

    /// <summary>The mean square's decay, PyTorch's alpha.</summary>
    public required float Decay { get; init; }

    public required float Epsilon { get; init; }

    public float Momentum { get; init; }

    public float WeightDecay { get; init; }

    public bool Centred { get; init; }

    /// <summary>TensorFlow's √(v + ε) in place of PyTorch's √v + ε.</summary>
    public bool EpsilonInside { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V parameter, V gradient, ref OptimizerState<V> state)
        where V : struct, ISimd<V>
    {
        V g = V.FusedMultiplyAdd(V.Create(WeightDecay), parameter, gradient);
        state.First = V.FusedMultiplyAdd(V.Create(1 - Decay) * g, g, V.Create(Decay) * state.First);
        V v = state.First;
        if (Centred)
        {
            state.Third = V.FusedMultiplyAdd(V.Create(1 - Decay), g, V.Create(Decay) * state.Third);
            v = V.FusedMultiplyAdd(-state.Third, state.Third, v);
        }

        V epsilon = V.Create(Epsilon);
        V step = g / (EpsilonInside ? V.Sqrt(v + epsilon) : V.Sqrt(v) + epsilon);
        state.Second = V.FusedMultiplyAdd(V.Create(Momentum), state.Second, step);
        return V.FusedMultiplyAdd(V.Create(-LearningRate), state.Second, parameter);
    }
}

/// <summary>RMSprop without momentum and mean gradient: the mean square is the only state.</summary>
internal readonly struct PlainRmsPropRule : IUpdateRule
{
    public static int States => 1;

    public required float LearningRate { get; init; }

    public required float Decay { get; init; }

    public required float Epsilon { get; init; }

    public float WeightDecay { get; init; }

    public bool EpsilonInside { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V parameter, V gradient, ref OptimizerState<V> state)
        where V : struct, ISimd<V>
    {
        V g = V.FusedMultiplyAdd(V.Create(WeightDecay), parameter, gradient);
        state.First = V.FusedMultiplyAdd(V.Create(1 - Decay) * g, g, V.Create(Decay) * state.First);
        V epsilon = V.Create(Epsilon);
        V step = g / (EpsilonInside ? V.Sqrt(state.First + epsilon) : V.Sqrt(state.First) + epsilon);
        return V.FusedMultiplyAdd(V.Create(-LearningRate), step, parameter);
    }
}

/// <summary>Adagrad, Duchi et al. 2011; the state is the sum of squares.</summary>
internal readonly struct AdagradRule : IUpdateRule
{
    public static int States => 1;

    /// <summary>α / (1 + (t − 1)·decay)</summary>
    public required float StepSize { get; init; }

    public required float Epsilon { get; init; }

    public float WeightDecay { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V parameter, V gradient, ref OptimizerState<V> state)
        where V : struct, ISimd<V>
    {
        V g = V.FusedMultiplyAdd(V.Create(WeightDecay), parameter, gradient);
        state.First = V.FusedMultiplyAdd(g, g, state.First);
        return V.FusedMultiplyAdd(V.Create(-StepSize), g / (V.Sqrt(state.First) + V.Create(Epsilon)), parameter);
    }
}
