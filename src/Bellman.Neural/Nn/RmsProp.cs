using Bellman.Neural.Kernels;
using Bellman.Neural.State;

namespace Bellman.Neural.Nn;

/// <summary>RMSprop (Hinton 2012) as in PyTorch, or with TensorFlow's place of ε, which A2C's published settings need.</summary>
public sealed class RmsProp : Optimizer
{
    private readonly RmsPropRule rule;
    private readonly bool isPlain;
    private readonly float[] square;
    private readonly float[] velocity;
    private readonly float[] mean;

    /// <param name="module">Whose parameters move.</param>
    /// <param name="learningRate">α ≥ 0</param>
    /// <param name="decay">Decay of the mean square, PyTorch's <c>alpha</c>, in [0, 1).</param>
    /// <param name="epsilon">Added to the root of the mean square.</param>
    /// <param name="weightDecay">λ ≥ 0; g ← g + λ·θ</param>
    /// <param name="momentum">μ in [0, 1)</param>
    /// <param name="centred">Subtracts the squared mean gradient from the mean square.</param>
    /// <param name="tensorFlow">ε inside the root and mean squares that start at one, as TensorFlow's.</param>
    public RmsProp(
        Module module, double learningRate = 0.01, double decay = 0.99, double epsilon = 1e-8, double weightDecay = 0,
        double momentum = 0, bool centred = false, bool tensorFlow = false)
        : base(module, learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        rule = new RmsPropRule
        {
            LearningRate = 0,
            Decay = (float)decay,
            Epsilon = (float)epsilon,
            Momentum = (float)momentum,
            WeightDecay = (float)weightDecay,
            Centred = centred,
            EpsilonInside = tensorFlow,
        };
        isPlain = momentum == 0 && !centred;
        square = Moments();
        if (tensorFlow) square.AsSpan().Fill(1);
        velocity = isPlain ? [] : Moments();
        mean = isPlain ? [] : Moments();
    }

    public override void Visit(IStateVisitor state)
    {
        base.Visit(state);
        state.Values(nameof(square), square.AsSpan());
        state.Values(nameof(velocity), velocity.AsSpan());
        state.Values(nameof(mean), mean.AsSpan());
    }

    protected override void Update(Span<float> parameters, ReadOnlySpan<float> gradients)
    {
        if (isPlain)
        {
            var plain = new PlainRmsPropRule
            {
                LearningRate = (float)LearningRate,
                Decay = rule.Decay,
                Epsilon = rule.Epsilon,
                WeightDecay = rule.WeightDecay,
                EpsilonInside = rule.EpsilonInside,
            };
            OptimizerKernels.Update(plain, parameters, gradients, square, default, default);
            return;
        }

        OptimizerKernels.Update(rule with { LearningRate = (float)LearningRate }, parameters, gradients, square, velocity, mean);
    }
}
