using Bellman.Telemetry;

namespace Bellman.Training;

/// <summary>Writes a row of metrics at a steady interval, with the means of the last episodes and the speed.</summary>
/// <param name="interval">Environment steps between rows.</param>
/// <param name="clock">Measures the speed.</param>
public sealed class MetricsHook(long interval, TimeProvider clock) : ITrainingHook
{
    private long lastStep = -1;
    private long lastTime;

    public void AfterStep(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (lastStep < 0) (lastStep, lastTime) = (trainer.Step - trainer.Environments.Count, clock.GetTimestamp());
        if (!EveryNSteps.IsDue(trainer, interval)) return;

        Metrics metrics = trainer.Metrics;
        if (trainer.Episodes.Count > 0)
        {
            metrics.Record("rollout/ep_rew_mean", trainer.Episodes.MeanReturn);
            metrics.Record("rollout/ep_len_mean", trainer.Episodes.MeanLength);
        }

        long now = clock.GetTimestamp();
        metrics.Record("time/episodes", trainer.Episodes.Count);
        metrics.Record("time/total_timesteps", trainer.Step);
        metrics.Record(
            "time/fps", (trainer.Step - lastStep) / Math.Max(1e-9, clock.GetElapsedTime(lastTime, now).TotalSeconds));
        (lastStep, lastTime) = (trainer.Step, now);
        metrics.Write();
    }
}
