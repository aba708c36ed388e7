using Bellman.Neural.State;

namespace Bellman.Training;

/// <summary>A hook that is also told of every periodic evaluation, before its step's <see cref="ITrainingHook.AfterStep"/>.</summary>
public interface IEvaluationHook : ITrainingHook
{
    /// <summary>Called with what the policy reached.</summary>
    void AfterEvaluation(Trainer trainer, Evaluation evaluation);
}

/// <summary>Evaluates the policy at a steady interval and keeps the best one seen; of equal ones, the latest.</summary>
/// <remarks>All evaluations play the same episodes, so that policies are compared and not their luck.</remarks>
public sealed class PeriodicEvaluation : ITrainingHook, IStateful
{
    private readonly Evaluator evaluator;
    private readonly TrainedPolicy policy;
    private readonly long interval;
    private readonly int episodes;
    private readonly ulong seed;
    private readonly PolicySnapshot best;
    private double bestReturn = double.NegativeInfinity;
    private long bestStep;
    private int evaluationsSinceBest;

    /// <param name="evaluator">Has environments of its own.</param>
    /// <param name="policy">The one that is trained.</param>
    /// <param name="interval">Environment steps between evaluations.</param>
    /// <param name="episodes">Episodes of each evaluation.</param>
    /// <param name="seed">Of each evaluation's first episode.</param>
    public PeriodicEvaluation(Evaluator evaluator, TrainedPolicy policy, long interval, int episodes, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(interval);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(episodes);
        this.evaluator = evaluator;
        this.policy = policy;
        this.interval = interval;
        this.episodes = episodes;
        this.seed = seed;
        best = new PolicySnapshot(policy.State);
    }

    /// <summary>Mean return at which training ends; null to go on.</summary>
    public double? StopAt { get; init; }

    /// <summary>Evaluations in a row without a higher mean return after which training ends; null to go on.</summary>
    public int? Patience { get; init; }

    /// <summary>Called with the policy whenever it is the best so far.</summary>
    public Action<TrainedPolicy>? OnBest { get; init; }

    /// <summary>Called with what every evaluation gave.</summary>
    public Action<Trainer, Evaluation>? OnEvaluation { get; init; }

    /// <summary>Environment steps at which the best policy was seen; 0 before the first evaluation.</summary>
    public long BestStep => bestStep;

    /// <summary>Mean return of the best policy.</summary>
    public double BestReturn => bestReturn;

    /// <summary>Has the policy play as the best policy seen, as long as <paramref name="use"/> runs.</summary>
    public T WithBest<T>(Func<T> use)
    {
        ArgumentNullException.ThrowIfNull(use);
        var last = new PolicySnapshot(policy.State);
        best.Restore();
        try
        {
            return use();
        }
        finally
        {
            last.Restore();
        }
    }

    /// <summary>
    /// After loading: tells once more which policy is the best, since a file may hold one that came later.
    /// </summary>
    internal void RestoreBest()
    {
        if (bestStep == 0) return;
        _ = WithBest(() =>
        {
            OnBest?.Invoke(policy);
            return true;
        });
    }

    public void AfterStep(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (!EveryNSteps.IsDue(trainer, interval)) return;

        long step = trainer.Step;
        policy.Publish();
        Evaluation evaluation = evaluator.Run(policy.Agent, episodes, seed);
        trainer.Metrics.Record("eval/mean_reward", evaluation.MeanReturn);
        trainer.Metrics.Record("eval/mean_ep_length", evaluation.MeanLength);
        evaluationsSinceBest = evaluation.MeanReturn > bestReturn ? 0 : evaluationsSinceBest + 1;
        if (evaluation.MeanReturn >= bestReturn)
        {
            bestReturn = evaluation.MeanReturn;
            bestStep = step;
            best.Take();
            OnBest?.Invoke(policy);
        }

        OnEvaluation?.Invoke(trainer, evaluation);
        if (evaluation.MeanReturn >= StopAt)
        {
            trainer.Stop(
                $"An evaluation over {episodes} episodes reached a mean return of {evaluation.MeanReturn:0.##} "
                + $"at step {step}.");
        }
        else if (evaluationsSinceBest >= Patience)
        {
            trainer.Stop($"The last {evaluationsSinceBest} evaluations up to step {step} found no mean return above {bestReturn:0.##}.");
        }
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(bestReturn), ref bestReturn);
        state.Value(nameof(bestStep), ref bestStep);
        state.Value(nameof(evaluationsSinceBest), ref evaluationsSinceBest);
        state.Values(nameof(best), best.Values);
    }
}
