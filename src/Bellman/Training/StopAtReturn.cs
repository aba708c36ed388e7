namespace Bellman.Training;

/// <summary>Ends training as soon as the mean return of the last 100 training episodes reaches a value.</summary>
public sealed class StopAtReturn(double value) : ITrainingHook
{
    private long seen;

    public void AfterStep(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (trainer.Episodes.Count == seen) return;
        seen = trainer.Episodes.Count;
        if (!trainer.Episodes.IsFull || trainer.Episodes.MeanReturn < value) return;
        trainer.Stop(
            $"The last {trainer.Episodes.Window} episodes reached a mean return of {trainer.Episodes.MeanReturn:0.##} "
            + $"at step {trainer.Step}.");
    }
}
