namespace Bellman.Environments.Wrappers;

/// <summary>Takes each action several times and gives the sum of the rewards; an episode's end cuts it short.</summary>
public sealed class RepeatAction : Wrapper, IKeepsObservation
{
    private readonly int times;

    /// <param name="inner">The environment that sees each action several times.</param>
    /// <param name="times">At least one.</param>
    public RepeatAction(IEnvironment inner, int times)
        : base(inner)
    {
        if (times < 1) throw new ArgumentOutOfRangeException(nameof(times), $"An action is taken at least once; got {times} times.");
        this.times = times;
    }

    public override int InnerSteps => times;

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        double sum = 0;
        StepResult result = default;
        for (int i = 0; i < times && !(result.Terminated || result.Truncated); i++)
        {
            result = Inner.Step(action, observation);
            sum += result.Reward;
        }

        return result with { Reward = sum };
    }
}
