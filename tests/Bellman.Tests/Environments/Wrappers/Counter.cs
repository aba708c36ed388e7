using Bellman.Environments;
using Bellman.Environments.Wrappers;
using Bellman.Neural.State;

namespace Bellman.Tests.Environments.Wrappers;

/// <summary>Counts its steps, shows count and last action, gives the count as reward, ends after nine, loses a life every third.</summary>
internal sealed class Counter(Space? actions = null) : IEnvironment, IStateful, ILives
{
    private int count;
    private float action;

    public Space ObservationSpace { get; } = new Box([0, -100], [100, 100]);

    public Space ActionSpace { get; } = actions ?? new Discrete(3);

    public int Lives => 3 - (count / 3);

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        count = 0;
        action = 0;
        (observation[0], observation[1]) = (0, 0);
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Finite(action, ActionSpace);
        count++;
        this.action = action[0];
        (observation[0], observation[1]) = (count, this.action);
        return new StepResult(count, count == 9);
    }

    public void Visit(IStateVisitor state)
    {
        state.Value(nameof(count), ref count);
        state.Value(nameof(action), ref action);
    }
}
