namespace Bellman.Environments;

/// <summary>
/// An environment whose observations are pictures, and which has them as bytes. Wrappers of pictures then pass bytes from one to the next,
/// and only what the caller sees is written as floats.
/// </summary>
/// <remarks>
/// Such an environment also takes an empty observation in <see cref="IEnvironment.Reset"/> and <see cref="IEnvironment.Step"/>: then it
/// writes none, and whoever wants the picture asks for it.
/// </remarks>
public interface IPictures : IEnvironment
{
    /// <summary>Writes the present observation, an element of the observation space.</summary>
    void Show(Span<byte> picture);
}

/// <summary>A wrapper that hands observations on as they are, empty ones too.</summary>
internal interface IKeepsObservation : IWrapper;

/// <summary>The pictures of an environment, as bytes whichever way it gives them.</summary>
internal sealed class PictureSource
{
    private readonly IEnvironment environment;
    private readonly IPictures? pictures;
    private readonly float[] floats;

    /// <param name="environment">With a box of images as observations.</param>
    public PictureSource(IEnvironment environment)
    {
        this.environment = environment;
        IEnvironment layer = environment;
        while (layer is IKeepsObservation wrapper)
        {
            layer = wrapper.Inner;
        }

        pictures = layer as IPictures;
        floats = pictures is null ? new float[environment.ObservationSpace.FlatSize] : [];
    }

    public void Reset(ulong? seed) => environment.Reset(floats, seed);

    public StepResult Step(ReadOnlySpan<float> action) => environment.Step(action, floats);

    /// <summary>Writes what Reset or Step has brought.</summary>
    public void Read(Span<byte> picture)
    {
        if (pictures is null)
        {
            PixelMath.ToBytes(floats, picture);
        }
        else
        {
            pictures.Show(picture);
        }
    }
}
