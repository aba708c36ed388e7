using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>Dueling action values: Q(s, a) = V(s) + A(s, a) − mean A(s, ·). Wang et al. 2016, eq. 9.</summary>
public sealed class Dueling : Module
{
    private readonly Module value;
    private readonly Module advantage;

    /// <summary>Two linear streams.</summary>
    /// <param name="features">Length of a feature row.</param>
    /// <param name="actions">Number of actions.</param>
    /// <param name="random">Draws the initial parameters: of V, then of A.</param>
    public Dueling(int features, int actions, Pcg64 random)
        : this(new Linear(features, 1, random), new Linear(features, actions, random))
    {
    }

    /// <summary>Streams of any kind, noisy or with hidden layers.</summary>
    /// <param name="value">V: [batch, features] → [batch, 1]</param>
    /// <param name="advantage">A: [batch, features] → [batch, actions]</param>
    public Dueling(Module value, Module advantage)
    {
        this.value = Add("value", value);
        this.advantage = Add("advantage", advantage);
    }

    /// <param name="input">[batch, features]</param>
    /// <returns>[batch, actions]</returns>
    public override Tensor Forward(Tensor input)
    {
        Tensor a = advantage.Forward(input);
        return value.Forward(input) + (a - a.Mean(axis: -1, keep: true));
    }
}
