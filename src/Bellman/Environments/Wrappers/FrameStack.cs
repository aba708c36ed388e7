using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Environments.Wrappers;

/// <summary>
/// Shows the latest observations at once, the newest last: [frames, …]. An episode begins with its first observation repeated.
/// </summary>
/// <remarks>Images [1, height, width] or [height, width] become [frames, height, width], the channels of a convolution.</remarks>
public sealed class FrameStack : Wrapper
{
    private readonly int size;
    private readonly float[] stack;
    private readonly float[] newest;

    /// <param name="inner">An environment with a box as observations.</param>
    /// <param name="frames">At least one.</param>
    public FrameStack(IEnvironment inner, int frames)
        : base(inner)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frames);
        Box box = RequireBox(inner.ObservationSpace, nameof(FrameStack));
        size = box.FlatSize;
        newest = new float[size];
        stack = new float[frames * size];
        Shape shape = box.Shape.Rank == 3 && box.Shape[0] == 1
            ? new(frames, box.Shape[1], box.Shape[2])
            : box.Shape.Prepend(frames);
        ObservationSpace = box.IsImage
            ? Box.Image(shape)
            : new Box(Repeat(box.Low, frames), Repeat(box.High, frames), shape, box.IsInteger);
    }

    public override Space ObservationSpace { get; }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        Inner.Reset(newest, seed);
        for (int start = 0; start < stack.Length; start += size)
        {
            newest.CopyTo(stack, start);
        }

        stack.CopyTo(observation);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        // Shifted only after the step, which may refuse the action.
        StepResult result = Inner.Step(action, newest);
        stack.AsSpan(size).CopyTo(stack);
        newest.CopyTo(stack, stack.Length - size);
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
