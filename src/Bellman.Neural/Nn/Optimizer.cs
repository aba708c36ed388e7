using Bellman.Neural.Kernels;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>How gradients are limited before a step.</summary>
/// <param name="Value">Each gradient is clamped to ±Value (torch.nn.utils.clip_grad_value_); null for no clamping.</param>
/// <param name="Norm">All gradients are scaled so that their Euclidean norm is at most Norm (clip_grad_norm_); null for no scaling.</param>
public readonly record struct GradientClip(float? Value = null, float? Norm = null);

/// <summary>Moves the parameters of a module against their gradients, in one loop over the block that holds them.</summary>
public abstract class Optimizer : IStateful
{
    private readonly Module module;
    private double learningRate;

    protected Optimizer(Module module, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentOutOfRangeException.ThrowIfNegative(learningRate);
        this.module = module;
        this.learningRate = learningRate;
    }

    /// <summary>α; schedules set it between steps.</summary>
    public double LearningRate
    {
        get => learningRate;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            learningRate = value;
        }
    }

    /// <summary>The limit put on gradients in <see cref="Minimize"/>.</summary>
    public GradientClip Clip { get; init; }

    /// <summary>The Euclidean norm of all gradients before clipping, at the latest step that clipped by norm.</summary>
    public float GradientNorm { get; private set; }

    /// <summary>Clears the gradients, computes those of <paramref name="loss"/>, clips them and steps.</summary>
    /// <returns>The loss.</returns>
    public float Minimize(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        module.ZeroGradients();
        loss.Backward();
        Step();
        return loss.Item();
    }

    /// <summary>Clips the gradients and moves the parameters.</summary>
    public void Step() => ClipAndUpdate(module.Gradients);

    /// <summary>Moves the parameters by the gradients of another module of the same structure, which are clipped first.</summary>
    /// <param name="other">Several threads may call with modules of their own at once; their steps then mix without order.</param>
    public void StepBy(Module other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Span<float> gradients = other.Gradients;
        if (gradients.Length != module.Parameters.Length)
        {
            throw new ArgumentException(
                $"Gradients of {module.ParameterCount} parameters were expected; got those of {other.ParameterCount}.", nameof(other));
        }

        ClipAndUpdate(gradients);
    }

    public virtual void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value("learningRate", ref learningRate);
    }

    /// <summary>The optimizer's rule over whole blocks.</summary>
    protected abstract void Update(Span<float> parameters, ReadOnlySpan<float> gradients);

    /// <summary>A block of zeros as long as the parameters, for moments and their like.</summary>
    protected float[] Moments() => new float[module.Parameters.Length];

    private void ClipAndUpdate(Span<float> gradients)
    {
        if (Clip.Value is float value) OptimizerKernels.Clamp(gradients, -value, value);
        if (Clip.Norm is float norm) ClipNorm(gradients, norm);
        Update(module.Parameters, gradients);
    }

    private void ClipNorm(Span<float> gradients, float limit)
    {
        GradientNorm = OptimizerKernels.Norm(gradients);

        // The small term is PyTorch's, against division by zero.
        float scale = limit / (GradientNorm + 1e-6f);
        if (scale < 1) OptimizerKernels.Scale(gradients, scale);
    }
}
