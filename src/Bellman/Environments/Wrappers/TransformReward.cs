namespace Bellman.Environments.Wrappers;

/// <summary>Gives a function of each reward.</summary>
public sealed class TransformReward : Wrapper, IKeepsObservation
{
    private readonly Func<double, double> transform;

    public TransformReward(IEnvironment inner, Func<double, double> transform)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(transform);
        this.transform = transform;
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, observation);
        return result with { Reward = transform(result.Reward) };
    }
}
