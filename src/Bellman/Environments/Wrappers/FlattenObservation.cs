using Bellman.Neural.Tensors;

namespace Bellman.Environments.Wrappers;

/// <summary>Shows an observation of any shape as one row; the numbers stay the same.</summary>
public sealed class FlattenObservation : Wrapper
{
    public FlattenObservation(IEnvironment inner)
        : base(inner)
    {
        Space space = inner.ObservationSpace;
        ObservationSpace = space switch
        {
            Box { IsImage: true } => Box.Image(new Shape(space.FlatSize)),
            Box box => new Box(box.Low, box.High, new Shape(box.FlatSize), box.IsInteger),
            _ => space,
        };
    }

    public override Space ObservationSpace { get; }
}
