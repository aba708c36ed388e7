using Bellman.Environments;
using Bellman.Neural.State;

namespace Bellman.Tests.Algorithms;

/// <summary>Two numbers that drift with the action; every seventh step ends the task, every fifth of an episode cuts it off.</summary>
/// <remarks>The recorded updates in golden/control play the same environment.</remarks>
internal sealed class Drift : IEnvironment, IStateful
{
    private double x;
    private double y;
    private int steps;
    private int stepsOfEpisode;
    private int episodes;

    public Space ObservationSpace { get; } = new Box(float.NegativeInfinity, float.PositiveInfinity, new Neural.Tensors.Shape(3));

    public Space ActionSpace { get; } = new Box([-2, -1], [2, 3]);

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        (x, y) = (0.1 * episodes++, -0.2);
        stepsOfEpisode = 0;
        Observe(observation);
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        x = (0.8 * x) + (0.1 * action[0]);
        y = (0.8 * y) + (0.1 * action[1]);
        steps++;
        stepsOfEpisode++;
        Observe(observation);
        return new StepResult(x - (y * y), Terminated: steps % 7 == 0, Truncated: stepsOfEpisode == 5 && steps % 7 != 0);
    }

    public void Visit(IStateVisitor state)
    {
        state.Value(nameof(x), ref x);
        state.Value(nameof(y), ref y);
        state.Value(nameof(steps), ref steps);
        state.Value(nameof(stepsOfEpisode), ref stepsOfEpisode);
        state.Value(nameof(episodes), ref episodes);
    }

    private void Observe(Span<float> observation) =>
        (observation[0], observation[1], observation[2]) = ((float)x, (float)y, (float)(x * y));
}
