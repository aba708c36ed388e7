using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>
/// Q-learning with quantiles: Dabney et al. 2018, "Distributional reinforcement learning with quantile regression", algorithm 1. The
/// network gives N returns of equal probability for each action.
/// </summary>
/// <remarks>
/// Deviations from the paper: (1) the defaults are those of Stable-Baselines3's collection of contributions; (2) an episode cut by a time
/// limit is bootstrapped from its last observation; (3) with prioritized replay, which the paper does not combine, the error of the mean
/// decides.
/// </remarks>
public sealed class QrDqn : IAgent, IMaskedPolicy
{
    private readonly QrDqnOptions options;
    private readonly ValueLearner learner;

    /// <param name="options">See <see cref="QrDqnOptions"/>.</param>
    /// <param name="observationSpace">What the network sees: a box; <c>FlattenObservation</c> makes one of any other space.</param>
    /// <param name="actionSpace">A discrete space.</param>
    /// <param name="environments">Copies that are stepped together.</param>
    /// <param name="totalSteps">Environment steps of the whole training, which schedules refer to.</param>
    /// <param name="seeds">Gives the streams of initialisation, exploration and sampling.</param>
    public QrDqn(
        QrDqnOptions options, Space observationSpace, Space actionSpace, int environments, long totalSteps, SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observationSpace);
        ArgumentNullException.ThrowIfNull(seeds);
        options.Validate();
        this.options = options;
        learner = new ValueLearner(
            "qrdqn", options with { OptimizerEps = options.OptimizerEps ?? 0.01 / options.BatchSize }, observationSpace, actionSpace,
            environments, totalSteps, seeds, options.NQuantiles, Values, QuantileLoss);
    }

    public Module Network => learner.Online;

    /// <summary>
    /// The next actions are chosen among the allowed ones. Targets are not masked: a memory keeps no masks, so values of forbidden actions stay
    /// what the network makes of them.
    /// </summary>
    public Tensor? ActionMasks
    {
        get => learner.ActionMasks;
        set => learner.ActionMasks = value;
    }

    /// <summary>ε now: the probability of a random action.</summary>
    public double ExplorationRate => learner.ExplorationRate;

    /// <summary>a = argmax Q(s, ·)</summary>
    public void Act(Tensor observations, Tensor actions) => learner.Act(observations, actions);

    public void Explore(Tensor observations, Tensor actions) => learner.Explore(observations, actions);

    public void Observe(VectorEnvironment environments) => learner.Observe(environments);

    public void Learn(IMetrics metrics) => learner.Learn(metrics);

    public void Visit(IStateVisitor state) => learner.Visit(state);

    /// <summary>Q(s, ·) = mean θ(s, ·)</summary>
    /// <param name="output">Quantiles, [batch, actions · quantiles].</param>
    /// <returns>[batch, actions]</returns>
    private Tensor Values(Tensor output) => output.Reshape(-1, learner.Actions, options.NQuantiles).Mean(axis: -1);

    /// <summary>The quantile Huber loss between θ(s, a) and its target, r + γθ(s′, a*).</summary>
    private Tensor QuantileLoss(Batch batch)
    {
        Tensor y;
        using (Autograd.Pause())
        {
            // yⱼ = r + γ · θ⁻ⱼ(s′, a*) with a* = argmax Q⁻(s′, ·), or argmax Q(s′, ·) for double Q-learning.
            Tensor next = learner.Target.Forward(batch.NextObservations);
            Tensor choice = options.DoubleQ ? learner.Online.Forward(batch.NextObservations) : next;
            Tensor nextQuantiles = learner.Pick(next, Values(choice).ArgMaxRows());
            y = batch.Rewards.Unsqueeze(1) + (batch.Discounts.Unsqueeze(1) * nextQuantiles);
        }

        // Σᵢ meanⱼ ρᵢ(yⱼ − θᵢ(s, a))
        Tensor quantiles = learner.Pick(learner.Online.Forward(batch.Observations), learner.Columns(batch.Actions));
        if (options.PrioritizedReplay) learner.SetPriorities(batch, y.Mean(axis: -1) - quantiles.Detach().Mean(axis: -1));
        return Loss.QuantileHuber(quantiles, y, weights: batch.Weights);
    }
}
