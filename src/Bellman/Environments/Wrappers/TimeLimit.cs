using Bellman.Neural.State;

namespace Bellman.Environments.Wrappers;

/// <summary>Truncates an episode after a number of steps.</summary>
public sealed class TimeLimit : IWrapper, IStateful
{
    private readonly int limit;
    private int steps;

    /// <param name="inner">The environment whose episodes are limited.</param>
    /// <param name="limit">Steps of an episode, at least one.</param>
    public TimeLimit(IEnvironment inner, int limit)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        Inner = inner;
        this.limit = limit;
    }

    public IEnvironment Inner { get; }

    public Space ObservationSpace => Inner.ObservationSpace;

    public Space ActionSpace => Inner.ActionSpace;

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        steps = 0;
        Inner.Reset(observation, seed);
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(steps < limit);
        StepResult result = Inner.Step(action, observation);
        steps++;
        return steps < limit ? result : result with { Truncated = true };
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(steps), ref steps);
        state.VisitInner(Inner);
    }
}
