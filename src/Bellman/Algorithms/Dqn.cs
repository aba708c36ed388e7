using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>
/// Deep Q-learning: Mnih et al. 2015, "Human-level control through deep reinforcement learning", algorithm 1; with double Q-learning
/// after van Hasselt et al. 2016, and what has been added since. Switching off memory and target network leaves online Q-learning with a
/// network.
/// </summary>
/// <remarks>
/// Deviations from the paper: (1) the defaults are Stable-Baselines3's, with Adam instead of RMSprop and a clipped gradient norm;
/// (2) the target network may follow smoothly, by Polyak averaging; (3) ε may fall exponentially; (4) several updates may follow
/// several steps; (5) an episode cut by a time limit is bootstrapped from its last observation, only a terminal one is not.
/// </remarks>
public sealed class Dqn : IAgent, IMaskedPolicy
{
    private readonly DqnOptions options;
    private readonly ValueLearner learner;

    /// <param name="options">See <see cref="DqnOptions"/>.</param>
    /// <param name="observationSpace">What the network sees: a box; <c>FlattenObservation</c> makes one of any other space.</param>
    /// <param name="actionSpace">A discrete space.</param>
    /// <param name="environments">Copies that are stepped together.</param>
    /// <param name="totalSteps">Environment steps of the whole training, which schedules refer to.</param>
    /// <param name="seeds">Gives the streams of initialisation, exploration and sampling.</param>
    public Dqn(
        DqnOptions options, Space observationSpace, Space actionSpace, int environments, long totalSteps, SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observationSpace);
        ArgumentNullException.ThrowIfNull(seeds);
        options.Validate();
        this.options = options;
        learner = new ValueLearner(
            "dqn", options, observationSpace, actionSpace, environments, totalSteps, seeds, numbers: 1, values: output => output,
            TemporalDifference);
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

    /// <summary>The loss between Q(s, a) and its target y.</summary>
    private Tensor TemporalDifference(Batch batch)
    {
        Tensor y;
        using (Autograd.Pause())
        {
            // y = r + γ · max Q⁻(s′, ·), and r alone where s′ is terminal. Double Q-learning values argmax Q(s′, ·) by Q⁻ instead.
            Tensor nextValues = learner.Target.Forward(batch.NextObservations);
            Tensor choice = options.DoubleQ ? learner.Online.Forward(batch.NextObservations) : nextValues;
            y = batch.Rewards + (batch.Discounts * nextValues.Pick(choice.ArgMaxRows()));
        }

        Tensor value = learner.Online.Forward(batch.Observations).Pick(learner.Columns(batch.Actions));
        if (options.PrioritizedReplay) learner.SetPriorities(batch, y - value.Detach());
        return options.Loss == TemporalDifferenceLoss.Huber
            ? Loss.SmoothL1(value, y, weights: batch.Weights)
            : Loss.Mse(value, y, batch.Weights);
    }
}
