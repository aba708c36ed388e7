using Bellman.Neural.Kernels;
using Bellman.Neural.State;

namespace Bellman.Neural.Nn;

/// <summary>Stochastic gradient descent, with momentum and Nesterov's look-ahead as in PyTorch.</summary>
public sealed class Sgd : Optimizer
{
    private readonly float momentum;
    private readonly float dampening;
    private readonly bool nesterov;
    private readonly float weightDecay;
    private readonly float[] velocity;
    private long steps;

    /// <param name="module">Whose parameters move.</param>
    /// <param name="learningRate">α ≥ 0</param>
    /// <param name="momentum">μ in [0, 1); v ← μ·v + (1 − dampening)·g</param>
    /// <param name="dampening">In [0, 1).</param>
    /// <param name="nesterov">Steps along g + μ·v instead of v; needs momentum and no dampening.</param>
    /// <param name="weightDecay">λ ≥ 0; g ← g + λ·θ</param>
    public Sgd(
        Module module, double learningRate, double momentum = 0, double dampening = 0, bool nesterov = false, double weightDecay = 0)
        : base(module, learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        if (nesterov && (momentum <= 0 || dampening != 0))
        {
            throw new ArgumentException("Nesterov's look-ahead needs momentum and no dampening.", nameof(nesterov));
        }

        this.momentum = (float)momentum;
        this.dampening = (float)dampening;
        this.nesterov = nesterov;
        this.weightDecay = (float)weightDecay;
        velocity = momentum > 0 ? Moments() : [];
    }

    public override void Visit(IStateVisitor state)
    {
        base.Visit(state);
        state.Value(nameof(steps), ref steps);
        state.Values(nameof(velocity), velocity.AsSpan());
    }

    protected override void Update(Span<float> parameters, ReadOnlySpan<float> gradients)
    {
        steps++;
        if (velocity.Length == 0)
        {
            var plain = new PlainSgdRule { LearningRate = (float)LearningRate, WeightDecay = weightDecay };
            OptimizerKernels.Update(plain, parameters, gradients, default, default, default);
            return;
        }

        var rule = new SgdRule
        {
            LearningRate = (float)LearningRate,
            Momentum = momentum,
            Dampening = dampening,
            WeightDecay = weightDecay,
            Nesterov = nesterov,
            First = steps == 1,
        };
        OptimizerKernels.Update(rule, parameters, gradients, velocity, default, default);
    }
}
