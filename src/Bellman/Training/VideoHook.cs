using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Environments.Rendering;
using Bellman.Environments.Wrappers;

namespace Bellman.Training;

/// <summary>
/// Films an episode at a steady interval, in an environment of its own, with the policy's best actions: <c>step-0000020000.gif</c>. It changes
/// no bit of the training.
/// </summary>
public sealed class VideoHook : ITrainingHook
{
    private readonly TrainedPolicy policy;
    private readonly IEnvironment environment;
    private readonly long interval;
    private readonly ulong seed;
    private readonly string folder;

    /// <param name="policy">The one that is trained.</param>
    /// <param name="environment">Something in it can be drawn.</param>
    /// <param name="interval">Environment steps between films.</param>
    /// <param name="seed">Of every film's episode.</param>
    /// <param name="folder">Made where it is missing.</param>
    /// <exception cref="ArgumentException">The environment cannot be drawn.</exception>
    public VideoHook(TrainedPolicy policy, IEnvironment environment, long interval, ulong seed, string folder)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(interval);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        VideoRecorder.Require(environment);
        this.policy = policy;
        this.environment = policy.Around(environment);
        this.interval = interval;
        this.seed = seed;
        this.folder = folder;
    }

    /// <summary>Gets each film's step and path.</summary>
    public Action<long, string>? OnFilm { get; init; }

    public void AfterStep(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (!EveryNSteps.IsDue(trainer, interval)) return;
        policy.Publish();
        Directory.CreateDirectory(folder);
        string film = Path.Combine(folder, $"step-{trainer.Step:D10}.gif");
        Film(policy.Agent, environment, seed, film);
        OnFilm?.Invoke(trainer.Step, film);
    }

    /// <summary>Films one episode.</summary>
    internal static void Film(IPolicy policy, IEnvironment environment, ulong seed, string path)
    {
        using var video = new VideoRecorder(environment, path);
        new Evaluator(() => new Filmed(environment, video), copies: 1).Run(policy, episodes: 1, seed);
    }

    /// <summary>Captures every frame, the first included.</summary>
    private sealed class Filmed(IEnvironment inner, VideoRecorder video) : Wrapper(inner)
    {
        public override void Reset(Span<float> observation, ulong? seed = null)
        {
            Inner.Reset(observation, seed);
            video.Capture();
        }

        public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            StepResult result = Inner.Step(action, observation);
            video.Capture();
            return result;
        }
    }
}
