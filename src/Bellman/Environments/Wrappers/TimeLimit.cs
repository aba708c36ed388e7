using Bellman.Neural.State;

namespace Bellman.Environments.Wrappers;

/// <summary>Truncates an episode after a number of steps.</summary>
public sealed class TimeLimit : Wrapper, IKeepsObservation
{
    private readonly int limit;
    private int steps;

    /// <param name="inner">The environment whose episodes are limited.</param>
    /// <param name="limit">Steps of an episode, at least one.</param>
    public TimeLimit(IEnvironment inner, int limit)
        : base(inner)
    {
        if (limit < 1) throw new ArgumentOutOfRangeException(nameof(limit), $"An episode has at least one step; got a limit of {limit}.");
        this.limit = limit;
    }

    /// <summary>Steps of an episode.</summary>
    public int Limit => limit;

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        steps = 0;
        Inner.Reset(observation, seed);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(steps < limit);
        StepResult result = Inner.Step(action, observation);
        steps++;
        return steps < limit ? result : result with { Truncated = true };
    }

    public override void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(steps), ref steps);
        base.Visit(state);
    }
}
