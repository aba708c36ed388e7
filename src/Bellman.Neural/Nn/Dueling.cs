using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>Dueling action values: Q(s, a) = V(s) + A(s, a) − mean A(s, ·). Wang et al. 2016, eq. 9.</summary>
public sealed class Dueling : Module
{
    private readonly Module value;
    private readonly Module advantage;
    private readonly int numbers;

    /// <summary>Two linear streams.</summary>
    /// <param name="features">Length of a feature row.</param>
    /// <param name="actions">Number of actions.</param>
    /// <param name="random">Draws the initial parameters: of V, then of A.</param>
    public Dueling(int features, int actions, Pcg64 random)
        : this(new Linear(features, 1, random), new Linear(features, actions, random))
    {
    }

    /// <summary>Streams of any kind, noisy or with hidden layers.</summary>
    /// <param name="value">V: [batch, features] → [batch, numbers]</param>
    /// <param name="advantage">A: [batch, features] → [batch, actions · numbers]</param>
    /// <param name="numbers">
    /// How many numbers describe the value of an action: one, or those of a distribution, each of which the equation then holds for
    /// (Hessel et al. 2018).
    /// </param>
    public Dueling(Module value, Module advantage, int numbers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numbers);
        this.numbers = numbers;
        this.value = Add("value", value);
        this.advantage = Add("advantage", advantage);
    }

    /// <param name="input">[batch, features]</param>
    /// <returns>[batch, actions · numbers]</returns>
    public override Tensor Forward(Tensor input)
    {
        Tensor v = value.Forward(input);
        Tensor a = advantage.Forward(input);
        if (numbers == 1) return v + (a - a.Mean(axis: -1, keep: true));
        Tensor perAction = a.Reshape(a.Shape[0], -1, numbers);
        return (v.Unsqueeze(1) + (perAction - perAction.Mean(axis: 1, keep: true))).Reshape(a.Shape);
    }
}
