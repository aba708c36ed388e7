using Bellman.Neural.Kernels;
using Bellman.Neural.State;

namespace Bellman.Neural.Nn;

/// <summary>Adagrad (Duchi et al. 2011): steps shrink with the sum of squared gradients so far.</summary>
public sealed class Adagrad : Optimizer
{
    private readonly double learningRateDecay;
    private readonly float epsilon;
    private readonly float weightDecay;
    private readonly float[] sum;
    private long steps;

    /// <param name="module">Whose parameters move.</param>
    /// <param name="learningRate">α ≥ 0</param>
    /// <param name="learningRateDecay">η ≥ 0; the t-th step is made with α / (1 + (t − 1)·η).</param>
    /// <param name="weightDecay">λ ≥ 0; g ← g + λ·θ</param>
    /// <param name="initialSum">What the sums of squares start from.</param>
    /// <param name="epsilon">Added to the root of the sum.</param>
    public Adagrad(
        Module module, double learningRate = 0.01, double learningRateDecay = 0, double weightDecay = 0, double initialSum = 0,
        double epsilon = 1e-10)
        : base(module, learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(learningRateDecay);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        ArgumentOutOfRangeException.ThrowIfNegative(initialSum);
        this.learningRateDecay = learningRateDecay;
        this.epsilon = (float)epsilon;
        this.weightDecay = (float)weightDecay;
        sum = Moments();
        sum.AsSpan().Fill((float)initialSum);
    }

    public override void Visit(IStateVisitor state)
    {
        base.Visit(state);
        state.Value(nameof(steps), ref steps);
        state.Values(nameof(sum), sum.AsSpan());
    }

    protected override void Update(Span<float> parameters, ReadOnlySpan<float> gradients)
    {
        double stepSize = LearningRate / (1 + (steps++ * learningRateDecay));
        var rule = new AdagradRule { StepSize = (float)stepSize, Epsilon = epsilon, WeightDecay = weightDecay };
        OptimizerKernels.Update(rule, parameters, gradients, sum, default, default);
    }
}
