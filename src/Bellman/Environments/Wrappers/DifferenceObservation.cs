using Bellman.Neural.State;

namespace Bellman.Environments.Wrappers;

/// <summary>
/// Shows what has changed since the previous picture: (present − previous) / 255, from −1 to 1. One such difference holds velocities. An
/// episode begins with nothing changed.
/// </summary>
/// <remarks>
/// The whole number present − previous is divided once, so an observation is a multiple of 1/255 rounded to single precision, which
/// memories keep in two bytes (<see cref="Box.Levels"/>). Dividing first and subtracting then differs from it by up to 6·10⁻⁸.
/// </remarks>
public sealed class DifferenceObservation : Wrapper
{
    private readonly PictureSource source;
    private byte[] present;
    private byte[] previous;

    /// <param name="inner">An environment with images as observations.</param>
    public DifferenceObservation(IEnvironment inner)
        : base(inner)
    {
        if (inner.ObservationSpace is not Box { IsImage: true } image)
        {
            throw new ArgumentException($"{nameof(DifferenceObservation)} needs images of bytes; got {inner.ObservationSpace}.", nameof(inner));
        }

        source = new PictureSource(inner);
        present = new byte[image.FlatSize];
        previous = new byte[image.FlatSize];
        ObservationSpace = Box.Differences(image.Shape);
    }

    public override Space ObservationSpace { get; }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        source.Reset(seed);
        source.Read(present);
        observation.Clear();
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = source.Step(action);
        (present, previous) = (previous, present);
        source.Read(present);
        PixelMath.Difference(present, previous, observation);
        return result;
    }

    public override void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Values(nameof(present), present.AsSpan());
        base.Visit(state);
    }
}
