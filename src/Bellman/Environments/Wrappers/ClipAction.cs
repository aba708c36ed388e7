namespace Bellman.Environments.Wrappers;

/// <summary>Takes any numbers as an action and limits them to the bounds of the inner box.</summary>
public sealed class ClipAction : Wrapper
{
    private readonly Box bounds;
    private readonly float[] clipped;

    public ClipAction(IEnvironment inner)
        : base(inner)
    {
        bounds = RequireBox(inner.ActionSpace, nameof(ClipAction));
        clipped = new float[bounds.FlatSize];
        ActionSpace = new Box(float.NegativeInfinity, float.PositiveInfinity, bounds.Shape);
    }

    public override Space ActionSpace { get; }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Finite(action, ActionSpace);
        for (int i = 0; i < clipped.Length; i++)
        {
            clipped[i] = Math.Clamp(action[i], bounds.Low[i], bounds.High[i]);
        }

        return Inner.Step(clipped, observation);
    }
}
