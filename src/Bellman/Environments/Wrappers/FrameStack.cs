using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Environments.Wrappers;

/// <summary>
/// Shows the latest observations at once, the newest last: [frames, …]. An episode begins with its first observation repeated.
/// </summary>
/// <remarks>
/// Images [1, height, width] or [height, width] become [frames, height, width], the channels of a convolution. The space's
/// <see cref="Box.StackedFrames"/> tells memories that each observation has to be kept but once.
/// </remarks>
public sealed class FrameStack : Wrapper, IPictures
{
    private readonly Box space;
    private readonly PictureSource? source;
    private readonly byte[] pictures;
    private readonly float[] numbers;
    private readonly float[] newest;

    /// <param name="inner">An environment with a box as observations.</param>
    /// <param name="frames">At least one.</param>
    /// <param name="joinChannels">
    /// Pictures [channels, height, width] become [frames · channels, height, width], as Stable-Baselines3's VecFrameStack has them, in place of
    /// Gymnasium's [frames, channels, height, width].
    /// </param>
    public FrameStack(IEnvironment inner, int frames, bool joinChannels = false)
        : base(inner)
    {
        if (frames < 1) throw new ArgumentOutOfRangeException(nameof(frames), $"A stack shows at least one frame; got {frames}.");
        Box box = RequireBox(inner.ObservationSpace, nameof(FrameStack));
        space = box.Stacked(frames, box.Shape.Rank == 3 && (joinChannels || box.Shape[0] == 1)
            ? new Shape(frames * box.Shape[0], box.Shape[1], box.Shape[2])
            : box.Shape.Prepend(frames));
        source = box.IsImage ? new PictureSource(inner) : null;
        pictures = new byte[box.IsImage ? space.FlatSize : 0];
        numbers = new float[box.IsImage ? 0 : space.FlatSize];
        newest = new float[box.IsImage ? 0 : box.FlatSize];
    }

    public override Space ObservationSpace => space;

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        if (source is null)
        {
            Inner.Reset(newest, seed);
            Repeat<float>(newest, numbers);
        }
        else
        {
            source.Reset(seed);
            Span<byte> last = pictures.AsSpan(^(pictures.Length / Frames)..);
            source.Read(last);
            Repeat(last, pictures);
        }

        Write(observation);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        // Shifted only after the step, which may refuse the action.
        StepResult result;
        if (source is null)
        {
            result = Inner.Step(action, newest);
            numbers.AsSpan(newest.Length).CopyTo(numbers);
            newest.CopyTo(numbers, numbers.Length - newest.Length);
        }
        else
        {
            result = source.Step(action);
            int size = pictures.Length / Frames;
            pictures.AsSpan(size).CopyTo(pictures);
            source.Read(pictures.AsSpan(^size..));
        }

        Write(observation);
        return result;
    }

    public void Show(Span<byte> picture)
    {
        if (source is null) throw new NotSupportedException($"{space} holds no pictures.");
        pictures.CopyTo(picture);
    }

    public override void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (source is null)
        {
            state.Values("stack", numbers.AsSpan());
        }
        else
        {
            state.Values("stack", pictures.AsSpan());
        }

        base.Visit(state);
    }

    private int Frames => space.StackedFrames;

    private void Write(Span<float> observation)
    {
        if (source is null)
        {
            numbers.CopyTo(observation);
        }
        else if (!observation.IsEmpty)
        {
            PixelMath.ToFloats(pictures, observation);
        }
    }

    private static void Repeat<T>(ReadOnlySpan<T> values, Span<T> destination)
    {
        for (int start = 0; start < destination.Length; start += values.Length)
        {
            values.CopyTo(destination[start..]);
        }
    }
}
