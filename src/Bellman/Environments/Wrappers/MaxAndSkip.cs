using Bellman.Neural.State;

namespace Bellman.Environments.Wrappers;

/// <summary>Takes each action several times and shows the brighter of the last two pictures: old games draw things by turns. Mnih et al. 2015.</summary>
public sealed class MaxAndSkip : Wrapper, IPictures
{
    private readonly int skip;
    private readonly PictureSource? source;
    private readonly float[] previous;
    private byte[] shown;
    private byte[] earlier;

    /// <param name="inner">The environment whose frames are skipped.</param>
    /// <param name="skip">Steps for one action, at least one.</param>
    public MaxAndSkip(IEnvironment inner, int skip = 4)
        : base(inner)
    {
        if (skip < 1) throw new ArgumentOutOfRangeException(nameof(skip), $"An action is taken for at least one frame; got {skip}.");
        this.skip = skip;
        source = inner.ObservationSpace is Box { IsImage: true } ? new PictureSource(inner) : null;
        int size = inner.ObservationSpace.FlatSize;
        shown = new byte[source is null ? 0 : size];
        earlier = new byte[source is null ? 0 : size];
        previous = new float[source is null ? size : 0];
    }

    public override int InnerSteps => skip;

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        if (source is null)
        {
            Inner.Reset(observation, seed);
            return;
        }

        source.Reset(seed);
        source.Read(shown);
        Write(observation);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation) =>
        source is null ? StepNumbers(action, observation) : StepPictures(action, observation, source);

    public void Show(Span<byte> picture)
    {
        if (source is null) throw new NotSupportedException($"{ObservationSpace} holds no pictures.");
        shown.CopyTo(picture);
    }

    public override void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (source is not null) state.Values(nameof(shown), shown.AsSpan());
        base.Visit(state);
    }

    private StepResult StepPictures(ReadOnlySpan<float> action, Span<float> observation, PictureSource pictures)
    {
        double sum = 0;
        StepResult result = default;
        int steps = 0;
        while (steps < skip && !(result.Terminated || result.Truncated))
        {
            result = pictures.Step(action);
            (shown, earlier) = (earlier, shown);
            pictures.Read(shown);
            sum += result.Reward;
            steps++;
        }

        if (steps > 1) PixelMath.Brighten(earlier, shown);
        Write(observation);
        return result with { Reward = sum };
    }

    private StepResult StepNumbers(ReadOnlySpan<float> action, Span<float> observation)
    {
        double sum = 0;
        StepResult result = default;
        for (int i = 0; i < skip && !(result.Terminated || result.Truncated); i++)
        {
            if (i > 0) observation.CopyTo(previous);
            result = Inner.Step(action, observation);
            sum += result.Reward;
            if (i == 0) observation.CopyTo(previous);
        }

        for (int i = 0; i < previous.Length; i++)
        {
            observation[i] = Math.Max(observation[i], previous[i]);
        }

        return result with { Reward = sum };
    }

    private void Write(Span<float> observation)
    {
        if (!observation.IsEmpty) PixelMath.ToFloats(shown, observation);
    }
}
