using Bellman.Environments.Rendering;
using Bellman.Neural.Tensors;

namespace Bellman.Environments.Wrappers;

/// <summary>Shows the rendered picture, [height, width, 3] of bytes, in place of the observation.</summary>
public sealed class AddRenderObservation : Wrapper, IPictures
{
    private readonly IRenderable renderable;
    private readonly float[] hidden;
    private byte[]? pixels;

    /// <param name="inner">An environment that can be drawn.</param>
    public AddRenderObservation(IEnvironment inner)
        : base(inner)
    {
        renderable = VideoRecorder.Require(inner);
        hidden = new float[inner.ObservationSpace.FlatSize];
        ObservationSpace = Box.Image(new Shape(renderable.Height, renderable.Width, 3));
    }

    public override Space ObservationSpace { get; }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        Inner.Reset(hidden, seed);
        Write(observation);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, hidden);
        Write(observation);
        return result;
    }

    public void Show(Span<byte> picture) => renderable.Render(picture);

    private void Write(Span<float> observation)
    {
        if (observation.IsEmpty) return;

        // Large, and not needed where the next wrapper asks for bytes.
        pixels ??= new byte[renderable.Width * renderable.Height * 3];
        Show(pixels);
        PixelMath.ToFloats(pixels, observation);
    }
}

/// <summary>Shows pictures [height, width, 3] in greys [height, width]: 0.2125 red + 0.7154 green + 0.0721 blue, cut off.</summary>
public sealed class GrayscaleObservation : PictureWrapper
{
    /// <param name="inner">An environment with coloured images as observations.</param>
    public GrayscaleObservation(IEnvironment inner)
        : base(inner, Grey(inner))
    {
    }

    private protected override void Convert(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (int i = 0; i < to.Length;)
        {
            ReadOnlySpan<byte> rest = from[(3 * i)..];
            byte grey = (byte)((rest[0] * 0.2125) + (rest[1] * 0.7154) + (rest[2] * 0.0721));
            to[i++] = grey;

            // Drawings are made of stretches of one colour.
            if (rest.Length < 6 || rest[3] != rest[0] || rest[4] != rest[1] || rest[5] != rest[2]) continue;
            int more = rest.CommonPrefixLength(rest[3..]) / 3;
            to.Slice(i, more).Fill(grey);
            i += more;
        }
    }

    private static Box Grey(IEnvironment inner)
    {
        Box image = RequireImage(inner.ObservationSpace, nameof(GrayscaleObservation), "height, width, 3");
        if (image.Shape[2] != 3) throw new ArgumentException($"{nameof(GrayscaleObservation)} needs three channels; got {image}.", nameof(inner));
        return Box.Image(new Shape(image.Shape[0], image.Shape[1]));
    }
}

/// <summary>Shows pictures [height, width] or [height, width, channels] in another size.</summary>
public sealed class ResizeObservation : PictureWrapper
{
    private readonly Resampling resampling;

    /// <param name="inner">An environment with images as observations.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="interpolation">Area as OpenCV, or Pillow's filters.</param>
    public ResizeObservation(IEnvironment inner, int height, int width, Interpolation interpolation = Interpolation.Area)
        : base(inner, Sized(inner, nameof(ResizeObservation), height, width))
    {
        Shape shape = inner.ObservationSpace.Shape;
        resampling = new Resampling(shape[1], shape[0], width, height, shape.Rank == 3 ? shape[2] : 1, interpolation);
    }

    private protected override void Convert(ReadOnlySpan<byte> from, Span<byte> to) => resampling.Apply(from, to);
}

/// <summary>Shows a rectangle of pictures [height, width] or [height, width, channels], which may move sideways.</summary>
public sealed class CropObservation : PictureWrapper
{
    private readonly int top;
    private readonly int stride;
    private readonly int window;
    private readonly int channels;
    private readonly int widest;
    private readonly Func<int> left;

    /// <summary>A rectangle that stays.</summary>
    /// <param name="inner">An environment with images as observations.</param>
    /// <param name="top">The first row.</param>
    /// <param name="left">The first column.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public CropObservation(IEnvironment inner, int top, int left, int height, int width)
        : this(inner, top, height, width, () => left)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left, widest);
    }

    /// <summary>A rectangle whose first column is asked for at every picture; it stops at the picture's sides.</summary>
    /// <param name="inner">An environment with images as observations.</param>
    /// <param name="top">The first row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="left">The first column.</param>
    public CropObservation(IEnvironment inner, int top, int height, int width, Func<int> left)
        : base(inner, Sized(inner, nameof(CropObservation), height, width))
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        Shape shape = inner.ObservationSpace.Shape;
        if (top + height > shape[0] || width > shape[1])
        {
            throw new ArgumentException(
                $"Rows {top} to {top + height} of {width} columns do not lie within pictures of {shape[0]} × {shape[1]}.", nameof(inner));
        }

        this.top = top;
        this.left = left;
        channels = shape.Rank == 3 ? shape[2] : 1;
        stride = shape[1] * channels;
        window = width * channels;
        widest = shape[1] - width;
    }

    private protected override void Convert(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int first = (top * stride) + (Math.Clamp(left(), 0, widest) * channels);
        for (int at = 0; at < to.Length; at += window)
        {
            from.Slice(first, window).CopyTo(to[at..]);
            first += stride;
        }
    }
}

/// <summary>Shows pictures [height, width, channels] as networks take them: [channels, height, width].</summary>
public sealed class ChannelsFirst : PictureWrapper
{
    private readonly int channels;

    /// <param name="inner">An environment with images as observations.</param>
    public ChannelsFirst(IEnvironment inner)
        : base(inner, Turned(inner)) => channels = inner.ObservationSpace.Shape[2];

    private protected override void Convert(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int size = to.Length / channels;
        for (int channel = 0; channel < channels; channel++)
        {
            Span<byte> plane = to.Slice(channel * size, size);
            for (int i = 0; i < plane.Length; i++)
            {
                plane[i] = from[(i * channels) + channel];
            }
        }
    }

    private static Box Turned(IEnvironment inner)
    {
        Shape shape = RequireImage(inner.ObservationSpace, nameof(ChannelsFirst), "height, width, channels").Shape;
        return Box.Image(new Shape(shape[2], shape[0], shape[1]));
    }
}
