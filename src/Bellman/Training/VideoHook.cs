using Bellman.Environments;
using Bellman.Environments.Rendering;

namespace Bellman.Training;

/// <summary>
/// Films an episode at a steady interval, in an environment of its own, with the policy's best actions: <c>step-0000020000.gif</c>. It changes
/// no bit of the training.
/// </summary>
public sealed class VideoHook : ITrainingHook
{
    private readonly TrainedPolicy policy;
    private readonly EpisodeFilm episode;
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
        episode = new EpisodeFilm(policy.Around(environment));
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
        episode.Shoot(policy.Agent, seed, film);
        OnFilm?.Invoke(trainer.Step, film);
    }
}
