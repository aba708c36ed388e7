using Bellman.Neural.Tensors;

namespace Bellman.Environments.Wrappers;

/// <summary>Shows a discrete observation as a row of zeros with a one at its place.</summary>
public sealed class OneHot : Wrapper
{
    private readonly Discrete discrete;
    private readonly float[] number = new float[1];

    public OneHot(IEnvironment inner)
        : base(inner)
    {
        discrete = inner.ObservationSpace as Discrete
            ?? throw new ArgumentException($"{nameof(OneHot)} needs Discrete observations; got {inner.ObservationSpace}.", nameof(inner));
        ObservationSpace = new Box(0, 1, new Shape(discrete.Count));
    }

    public override Space ObservationSpace { get; }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        Inner.Reset(number, seed);
        Write(observation);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, number);
        Write(observation);
        return result;
    }

    private void Write(Span<float> observation)
    {
        observation.Clear();
        observation[(int)number[0] - discrete.Start] = 1;
    }
}
