using Bellman.Neural.State;

namespace Bellman.Training;

/// <summary>
/// Saves all that decides how training goes on, at a steady interval of steps or, without one, of time.
/// </summary>
/// <param name="directory">The run's.</param>
/// <param name="interval">Environment steps between checkpoints; 0 for an interval of time.</param>
/// <param name="clock">Tells when that has passed.</param>
public sealed class CheckpointHook(RunDirectory directory, long interval, TimeProvider clock) : ITrainingHook
{
    private const string Section = "training";

    private readonly CheckpointSeries series = new(directory.Path);
    private long lastTime = clock.GetTimestamp();
    private long steps;

    /// <summary>The checkpoint saved last; null before the first one.</summary>
    public string? Latest { get; private set; }

    /// <summary>Called first: what a checkpoint counts on must be in its own file by then.</summary>
    public Action? BeforeSave { get; init; }

    /// <summary>Time between checkpoints where no interval of steps is given; five minutes.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Environment steps at which training ends. Whoever ends it saves its last row of metrics and then the last checkpoint, so there must be
    /// none before that row.
    /// </summary>
    public long LastStep { get; init; } = long.MaxValue;

    public void AfterStep(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (trainer.Step >= LastStep || trainer.StopReason is not null) return;

        // The clock is asked now and then only: it costs more than a step of a small environment.
        bool isDue = interval > 0
            ? EveryNSteps.IsDue(trainer, interval)
            : steps++ % 64 == 0 && clock.GetElapsedTime(lastTime) >= Period;
        if (isDue) Save(trainer);
    }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <param name="trainer">Made as the one that was saved.</param>
    /// <param name="path">The newest sound one.</param>
    /// <param name="older">The sound one before it; null where there is none.</param>
    public void Load(Trainer trainer, string path, string? older = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        series.Load(path, older, [(Section, trainer)]);
        Latest = path;
    }

    /// <summary>Saves now, and deletes all older checkpoints but one.</summary>
    /// <exception cref="NonFiniteException">The policy is spoiled; the checkpoints before stay as they are.</exception>
    public void Save(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        NonFiniteException.ThrowIfAny(trainer.Agent.Network, trainer.Step);
        BeforeSave?.Invoke();
        string path = directory.Checkpoint(trainer.Step);
        series.Save(path, [(Section, trainer)]);
        Latest = path;
        lastTime = clock.GetTimestamp();
        directory.DropOldCheckpoints();
        series.DeleteUnused();
    }
}
