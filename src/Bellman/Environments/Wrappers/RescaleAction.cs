namespace Bellman.Environments.Wrappers;

/// <summary>Maps actions of [low, high] linearly onto the bounds of the inner box.</summary>
public sealed class RescaleAction : Wrapper
{
    private readonly Box bounds;
    private readonly float low;
    private readonly float high;
    private readonly float[] rescaled;

    /// <param name="inner">An environment with a box of finite bounds as actions.</param>
    /// <param name="low">What becomes the lower bound.</param>
    /// <param name="high">What becomes the upper bound, greater than <paramref name="low"/>.</param>
    public RescaleAction(IEnvironment inner, float low = -1, float high = 1)
        : base(inner)
    {
        bounds = RequireBox(inner.ActionSpace, nameof(RescaleAction));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(low, high);
        if (bounds.Low.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) >= 0
            || bounds.High.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) >= 0)
        {
            throw new ArgumentException($"{nameof(RescaleAction)} needs finite bounds; got {bounds}.", nameof(inner));
        }

        this.low = low;
        this.high = high;
        rescaled = new float[bounds.FlatSize];
        ActionSpace = new Box(low, high, bounds.Shape);
    }

    public override Space ActionSpace { get; }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Finite(action, ActionSpace);
        for (int i = 0; i < rescaled.Length; i++)
        {
            float share = Math.Clamp((action[i] - low) / (high - low), 0, 1);
            rescaled[i] = bounds.Low[i] + (share * (bounds.High[i] - bounds.Low[i]));
        }

        return Inner.Step(rescaled, observation);
    }
}
