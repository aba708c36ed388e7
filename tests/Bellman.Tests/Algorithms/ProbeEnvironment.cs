using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Tests.Algorithms;

/// <summary>One step: −1 or 1 is shown; action 1 earns what is shown, action 0 half of its opposite.</summary>
internal sealed class ChoiceProbe : IEnvironment, IStateful
{
    private Pcg64 random = new(0);
    private int shown;

    public Space ObservationSpace { get; } = new Box(-1, 1, new Shape(1));

    public Space ActionSpace { get; } = new Discrete(2, start: 3);

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);
        shown = (2 * (int)random.Integers(2)) - 1;
        observation[0] = shown;
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        observation[0] = shown;
        return new StepResult(action[0] == 4 ? shown : -0.5 * shown, Terminated: true);
    }

    public void Visit(IStateVisitor state)
    {
        state.Part(nameof(random), random);
        state.Value(nameof(shown), ref shown);
    }
}

/// <summary>Always the same observation and a reward of one; cut off after four steps, which must not be learned as an end.</summary>
internal sealed class EndlessProbe : IEnvironment
{
    private int steps;

    public Space ObservationSpace { get; } = new Box(-1, 1, new Shape(1));

    public Space ActionSpace { get; } = new Discrete(2);

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        steps = 0;
        observation[0] = 1;
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        observation[0] = 1;
        return new StepResult(Reward: 1, Terminated: false, Truncated: ++steps == 4);
    }
}
