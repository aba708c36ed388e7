namespace Bellman.Environments.Wrappers;

/// <summary>Limits each reward; or keeps its sign only, as Mnih et al. 2015 do.</summary>
public sealed class ClipReward : Wrapper, IKeepsObservation
{
    private readonly double low;
    private readonly double high;
    private readonly bool signOnly;

    public ClipReward(IEnvironment inner, double low = -1, double high = 1)
        : base(inner)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(low, high);
        this.low = low;
        this.high = high;
    }

    private ClipReward(IEnvironment inner)
        : base(inner) => signOnly = true;

    /// <summary>Rewards of −1, 0 and 1 by their sign.</summary>
    public static ClipReward ToSign(IEnvironment inner) => new(inner);

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, observation);
        return result with { Reward = signOnly ? Math.Sign(result.Reward) : Math.Clamp(result.Reward, low, high) };
    }
}
