using Bellman.Environments;
using Bellman.Neural.Tensors;

namespace Bellman.Tests.Experience;

/// <summary>How a scripted step ends.</summary>
internal enum Ending
{
    None,
    Terminated,
    Truncated,
}

/// <summary>Plays a list of rewards and endings, over and over; an observation is the number of those shown before it, modulo 256.</summary>
internal sealed class ScriptedEnvironment(bool pictures, params (double Reward, Ending Ending)[] script) : IEnvironment
{
    private int position;
    private int shown;

    public Space ObservationSpace { get; } = pictures ? Box.Image(new Shape(1, 2, 2)) : new Box(0, 255, new Shape(4));

    public Space ActionSpace { get; } = new Discrete(2);

    public void Reset(Span<float> observation, ulong? seed = null) => Show(observation);

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        (double reward, Ending ending) = script[position++ % script.Length];
        Show(observation);
        return new StepResult(reward, ending == Ending.Terminated, ending == Ending.Truncated);
    }

    private void Show(Span<float> observation) => observation.Fill(shown++ % 256);
}
