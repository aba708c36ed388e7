using Bellman.Neural.Kernels;
using Bellman.Neural.State;

namespace Bellman.Neural.Nn;

/// <summary>
/// Adam (Kingma &amp; Ba 2015) and AdamW (Loshchilov &amp; Hutter 2019), with the largest second moment if asked for (Reddi et al. 2018), in
/// PyTorch's order of operations.
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly double beta1;
    private readonly double beta2;
    private readonly double epsilon;
    private readonly double weightDecay;
    private readonly bool decoupled;
    private readonly float[] first;
    private readonly float[] second;
    private readonly float[] largest;
    private long steps;

    /// <param name="module">Whose parameters move.</param>
    /// <param name="learningRate">α ≥ 0</param>
    /// <param name="beta1">β₁ in [0, 1): decay of the mean of gradients.</param>
    /// <param name="beta2">β₂ in [0, 1): decay of the mean of squared gradients.</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    /// <param name="weightDecay">λ ≥ 0; added to the gradient as λ·θ, or, decoupled, θ ← θ − α·λ·θ before the step.</param>
    /// <param name="decoupled">True for AdamW.</param>
    /// <param name="amsgrad">Divides by the largest second moment so far.</param>
    public Adam(
        Module module, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8,
        double weightDecay = 0, bool decoupled = false, bool amsgrad = false)
        : base(module, learningRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
        this.decoupled = decoupled;
        first = Moments();
        second = Moments();
        largest = amsgrad ? Moments() : [];
    }

    /// <summary>AdamW with PyTorch's default decay of 0.01.</summary>
    public static Adam W(Module module, double learningRate = 1e-3, double weightDecay = 0.01, bool amsgrad = false) =>
        new(module, learningRate, weightDecay: weightDecay, decoupled: true, amsgrad: amsgrad);

    public override void Visit(IStateVisitor state)
    {
        base.Visit(state);
        state.Value(nameof(steps), ref steps);
        state.Values(nameof(first), first.AsSpan());
        state.Values(nameof(second), second.AsSpan());
        state.Values(nameof(largest), largest.AsSpan());
    }

    protected override void Update(Span<float> parameters, ReadOnlySpan<float> gradients)
    {
        steps++;
        AdamRule rule = AdamRule.At(steps, LearningRate, beta1, beta2, epsilon, weightDecay, decoupled);
        if (largest.Length == 0)
        {
            OptimizerKernels.Update(rule, parameters, gradients, first, second, default);
        }
        else
        {
            OptimizerKernels.Update(new AmsGradRule(rule), parameters, gradients, first, second, largest);
        }
    }
}
