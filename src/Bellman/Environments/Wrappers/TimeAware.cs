using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Environments.Wrappers;

/// <summary>
/// Adds to a row of numbers the share of the time limit that has passed, in [0, 1]: with a time limit, the task is a Markov process only
/// so (Pardo et al. 2018).
/// </summary>
public sealed class TimeAware : Wrapper
{
    private readonly int limit;
    private int steps;

    /// <param name="inner">An environment with rows of numbers as observations and, somewhere inside, a time limit.</param>
    public TimeAware(IEnvironment inner)
        : base(inner)
    {
        Box box = RequireBox(inner.ObservationSpace, nameof(TimeAware));
        limit = inner.Find<TimeLimit>()?.Limit
            ?? throw new ArgumentException($"{nameof(TimeAware)} needs an environment with a time limit.", nameof(inner));
        ObservationSpace = new Box([.. box.Low, 0], [.. box.High, 1], new Shape(box.FlatSize + 1));
    }

    public override Space ObservationSpace { get; }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        steps = 0;
        Inner.Reset(observation[..^1], seed);
        observation[^1] = 0;
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, observation[..^1]);
        observation[^1] = (float)++steps / limit;
        return result;
    }

    public override void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(steps), ref steps);
        base.Visit(state);
    }
}
