using Bellman.Environments.Rendering;
using Bellman.Neural.State;

namespace Bellman.Environments.Wrappers;

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
