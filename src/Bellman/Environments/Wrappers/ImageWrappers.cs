using Bellman.Environments.Rendering;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Environments.Wrappers;

/// <summary>Shows the rendered picture, [height, width, 3] of bytes, in place of the observation.</summary>
public sealed class AddRenderObservation : Wrapper
{
    private readonly IRenderable renderable;
    private readonly float[] hidden;
    private readonly byte[] pixels;

    /// <param name="inner">An environment that can be drawn.</param>
    public AddRenderObservation(IEnvironment inner)
        : base(inner)
    {
        renderable = VideoRecorder.Require(inner);
        hidden = new float[inner.ObservationSpace.FlatSize];
        pixels = new byte[renderable.Width * renderable.Height * 3];
        ObservationSpace = Box.Image(new Shape(renderable.Height, renderable.Width, 3));
    }

    public override Space ObservationSpace { get; }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        Inner.Reset(hidden, seed);
        Draw(observation);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, hidden);
        Draw(observation);
        return result;
    }

    private void Draw(Span<float> observation)
    {
        renderable.Render(pixels);
        for (int i = 0; i < pixels.Length; i++)
        {
            observation[i] = pixels[i];
        }
    }
}

/// <summary>Shows pictures [height, width, 3] in greys [height, width]: 0.2125 red + 0.7154 green + 0.0721 blue, cut off.</summary>
public sealed class GrayscaleObservation : Wrapper
{
    private readonly float[] colors;

    /// <param name="inner">An environment with coloured images as observations.</param>
    public GrayscaleObservation(IEnvironment inner)
        : base(inner)
    {
        Box image = RequireImage(inner.ObservationSpace, nameof(GrayscaleObservation), "height, width, 3");
        if (image.Shape[2] != 3) throw new ArgumentException($"{nameof(GrayscaleObservation)} needs three channels; got {image}.", nameof(inner));
        colors = new float[image.FlatSize];
        ObservationSpace = Box.Image(new Shape(image.Shape[0], image.Shape[1]));
    }

    public override Space ObservationSpace { get; }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        Inner.Reset(colors, seed);
        Convert(observation);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, colors);
        Convert(observation);
        return result;
    }

    private void Convert(Span<float> observation)
    {
        for (int i = 0; i < observation.Length; i++)
        {
            observation[i] = (byte)((colors[3 * i] * 0.2125) + (colors[(3 * i) + 1] * 0.7154) + (colors[(3 * i) + 2] * 0.0721));
        }
    }
}

/// <summary>Shows pictures [height, width] or [height, width, channels] in another size.</summary>
public sealed class ResizeObservation : Wrapper
{
    private readonly Resampling resampling;
    private readonly float[] original;
    private readonly byte[] source;
    private readonly byte[] target;

    /// <param name="inner">An environment with images as observations.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="interpolation">Area as OpenCV, or Pillow's filters.</param>
    public ResizeObservation(IEnvironment inner, int height, int width, Interpolation interpolation = Interpolation.Area)
        : base(inner)
    {
        bool isColored = inner.ObservationSpace.Shape.Rank == 3;
        Box image = RequireImage(
            inner.ObservationSpace, nameof(ResizeObservation), isColored ? "height, width, channels" : "height, width");
        int channels = isColored ? image.Shape[2] : 1;
        resampling = new Resampling(image.Shape[1], image.Shape[0], width, height, channels, interpolation);
        original = new float[image.FlatSize];
        source = new byte[image.FlatSize];
        target = new byte[width * height * channels];
        ObservationSpace = Box.Image(isColored ? new Shape(height, width, channels) : new Shape(height, width));
    }

    public override Space ObservationSpace { get; }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        Inner.Reset(original, seed);
        Resize(observation);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, original);
        Resize(observation);
        return result;
    }

    private void Resize(Span<float> observation)
    {
        for (int i = 0; i < source.Length; i++)
        {
            source[i] = (byte)original[i];
        }

        resampling.Apply(source, target);
        for (int i = 0; i < target.Length; i++)
        {
            observation[i] = target[i];
        }
    }
}

/// <summary>Films every n-th episode into a GIF of its own.</summary>
public sealed class RecordVideo : Wrapper, IDisposable
{
    private readonly string folder;
    private readonly int every;
    private VideoRecorder? recorder;
    private long episode;

    /// <param name="inner">An environment that can be drawn.</param>
    /// <param name="folder">Where <c>episode-0.gif</c> and the next are written; made where it is missing.</param>
    /// <param name="every">Films episodes 0, n, 2n …; at least one.</param>
    public RecordVideo(IEnvironment inner, string folder, int every = 1)
        : base(inner)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        VideoRecorder.Require(inner);
        this.folder = folder;
        this.every = every;
    }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        recorder?.Dispose();
        recorder = null;
        Inner.Reset(observation, seed);
        if (episode % every == 0)
        {
            Directory.CreateDirectory(folder);
            recorder = new VideoRecorder(Inner, Path.Combine(folder, $"episode-{episode}.gif"));
            recorder.Capture();
        }

        episode++;
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, observation);
        recorder?.Capture();
        if (result.Terminated || result.Truncated)
        {
            recorder?.Dispose();
            recorder = null;
        }

        return result;
    }

    public override void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(episode), ref episode);
        base.Visit(state);
    }

    public void Dispose() => recorder?.Dispose();
}
