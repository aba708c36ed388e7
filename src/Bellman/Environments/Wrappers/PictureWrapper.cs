using Bellman.Neural.Tensors;

namespace Bellman.Environments.Wrappers;

/// <summary>Shows pictures made from the pictures of the environment inside, byte for byte.</summary>
public abstract class PictureWrapper : Wrapper, IPictures
{
    private readonly PictureSource source;
    private readonly byte[] original;
    private readonly byte[] converted;

    private protected PictureWrapper(IEnvironment inner, Box observationSpace)
        : base(inner)
    {
        source = new PictureSource(inner);
        original = new byte[inner.ObservationSpace.FlatSize];
        converted = new byte[observationSpace.FlatSize];
        ObservationSpace = observationSpace;
    }

    public sealed override Space ObservationSpace { get; }

    public sealed override void Reset(Span<float> observation, ulong? seed = null)
    {
        source.Reset(seed);
        Write(observation);
    }

    public sealed override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = source.Step(action);
        Write(observation);
        return result;
    }

    public void Show(Span<byte> picture)
    {
        source.Read(original);
        Convert(original, picture);
    }

    private protected abstract void Convert(ReadOnlySpan<byte> from, Span<byte> to);

    /// <summary>Images of another size with the channels that they have.</summary>
    private protected static Box Sized(IEnvironment inner, string wrapper, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        bool isColored = inner.ObservationSpace.Shape.Rank == 3;
        Box image = RequireImage(inner.ObservationSpace, wrapper, isColored ? "height, width, channels" : "height, width");
        return Box.Image(isColored ? new Shape(height, width, image.Shape[2]) : new Shape(height, width));
    }

    private void Write(Span<float> observation)
    {
        if (observation.IsEmpty) return;
        Show(converted);
        PixelMath.ToFloats(converted, observation);
    }
}
