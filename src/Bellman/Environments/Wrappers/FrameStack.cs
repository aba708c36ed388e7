using Bellman.Neural.State;

namespace Bellman.Environments.Wrappers;

/// <summary>
/// Shows the latest observations at once, the newest last: [frames, …]. An episode begins with its first observation repeated.
/// </summary>
/// <remarks>Images [1, height, width] or [height, width] become [frames, height, width], the channels of a convolution.</remarks>
public sealed class FrameStack : Wrapper
{
    private readonly int size;
    private readonly float[] stack;

    /// <param name="inner">An environment with a box as observations.</param>
    /// <param name="frames">At least one.</param>
    public FrameStack(IEnvironment inner, int frames)
        : base(inner)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frames);
        Box box = RequireBox(inner.ObservationSpace, nameof(FrameStack));
        size = box.FlatSize;
        stack = new float[frames * size];
        Bellman.Neural.Tensors.Shape shape = box.Shape.Rank == 3 && box.Shape[0] == 1
            ? new(frames, box.Shape[1], box.Shape[2])
            : box.Shape.Prepend(frames);
        ObservationSpace = box.IsImage
            ? Box.Image(shape)
            : new Box(Repeat(box.Low, frames), Repeat(box.High, frames), shape, box.IsInteger);
    }

    public override Space ObservationSpace { get; }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        Span<float> newest = stack.AsSpan(stack.Length - size);
        Inner.Reset(newest, seed);
        for (int start = 0; start < stack.Length - size; start += size)
        {
            newest.CopyTo(stack.AsSpan(start));
        }

        stack.CopyTo(observation);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        stack.AsSpan(size).CopyTo(stack);
        StepResult result = Inner.Step(action, stack.AsSpan(stack.Length - size));
        stack.CopyTo(observation);
        return result;
    }

    public override void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Values(nameof(stack), stack.AsSpan());
        base.Visit(state);
    }

    private static float[] Repeat(ReadOnlySpan<float> values, int times)
    {
        var result = new float[values.Length * times];
        for (int i = 0; i < times; i++)
        {
            values.CopyTo(result.AsSpan(i * values.Length));
        }

        return result;
    }
}
