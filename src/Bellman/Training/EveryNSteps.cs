namespace Bellman.Training;

/// <summary>Does something at a steady interval of steps.</summary>
/// <param name="interval">Environment steps over all copies, 1 or more.</param>
/// <param name="action">Called after the step at which a multiple of the interval was reached or passed.</param>
public sealed class EveryNSteps(long interval, Action<Trainer> action) : ITrainingHook
{
    private readonly long interval =
        interval > 0 ? interval : throw new ArgumentOutOfRangeException(nameof(interval), interval, "An interval has 1 step or more.");

    private readonly Action<Trainer> action = action ?? throw new ArgumentNullException(nameof(action));

    public void AfterStep(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (IsDue(trainer, interval)) action(trainer);
    }

    /// <summary>True where the step just taken reached or passed a multiple of the interval.</summary>
    internal static bool IsDue(Trainer trainer, long interval) =>
        (trainer.Step - trainer.Environments.Count) / interval != trainer.Step / interval;
}
