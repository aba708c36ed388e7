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
/// after van Hasselt et al. 2016. Switching off memory and target network leaves online Q-learning with a network.
/// </summary>
/// <remarks>
/// Deviations from the paper: (1) the defaults are Stable-Baselines3's, with Adam instead of RMSprop and a clipped gradient norm;
/// (2) the target network may follow smoothly, by Polyak averaging; (3) ε may fall exponentially; (4) several updates may follow
/// several steps; (5) an episode cut by a time limit is bootstrapped from its last observation, only a terminal one is not.
/// </remarks>
public sealed class Dqn : IAgent
{
    private readonly DqnOptions options;
    private readonly Discrete actionSpace;
    private readonly long totalSteps;
    private readonly Module online;
    private readonly Module target;
    private readonly Optimizer optimizer;
    private readonly ReplayBuffer replay;
    private readonly Pcg64 exploration;
    private readonly Pcg64 sampling;
    private readonly Workspace workspace = new();
    private readonly int targetRounds;
    private long step;
    private long stepsSinceUpdate;
    private long rounds;
    private long updates;

    /// <param name="options">See <see cref="DqnOptions"/>.</param>
    /// <param name="observationSpace">What the network sees: a box, or a discrete space as one-hot rows.</param>
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
        this.actionSpace = actionSpace as Discrete
            ?? throw new ArgumentException($"dqn chooses among Discrete actions; got {actionSpace}.", nameof(actionSpace));
        this.totalSteps = totalSteps;

        SeedSequence[] streams = seeds.Spawn(3);
        var initialisation = new Pcg64(streams[0]);
        exploration = new Pcg64(streams[1]);
        sampling = new Pcg64(streams[2]);
        online = QNetwork(observationSpace, initialisation);
        target = options.TargetNetwork ? QNetwork(observationSpace, initialisation) : online;
        target.CopyFrom(online);
        optimizer = OptimizerFactory.Create(
            options.Optimizer, online, options.LearningRate.Start, options.Amsgrad, options.WeightDecay,
            new GradientClip((float?)options.ClipGradValue, (float?)options.MaxGradNorm));
        targetRounds = Math.Max(1, options.TargetUpdateInterval / environments);
        replay = new ReplayBuffer(options.BufferSize, observationSpace, actionSpace, environments, options.Gamma);
    }

    public Module Network => online;

    /// <summary>ε now: the probability of a random action.</summary>
    public double ExplorationRate => options.Exploration.At(step, totalSteps);

    /// <summary>a = argmax Q(s, ·)</summary>
    public void Act(Tensor observations, Tensor actions)
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        online.Forward(observations).ArgMaxRows(actions.Values);
        for (int i = 0; i < actions.Length; i++)
        {
            actions[i] += actionSpace.Start;
        }
    }

    /// <summary>ε-greedy; entirely random before learning starts.</summary>
    public void Explore(Tensor observations, Tensor actions)
    {
        replay.Begin(observations);
        if (step >= options.LearningStarts) Act(observations, actions);
        double epsilon = step < options.LearningStarts ? 1 : ExplorationRate;
        for (int i = 0; i < actions.Length; i++)
        {
            if (exploration.NextDouble() < epsilon) actionSpace.Sample(exploration, actions.Values.Slice(i, 1));
        }
    }

    public void Observe(VectorEnvironment environments)
    {
        replay.Add(environments);
        step += environments.Count;
        stepsSinceUpdate += environments.Count;
        rounds++;
    }

    public void Learn(IMetrics metrics)
    {
        UpdateTarget();
        if (rounds % options.TrainFreq != 0 || step <= options.LearningStarts) return;

        optimizer.LearningRate = options.LearningRate.At(step, totalSteps);
        long count = options.GradientSteps == -1 ? stepsSinceUpdate : options.GradientSteps;
        stepsSinceUpdate = 0;
        double loss = 0;
        for (long i = 0; i < count; i++)
        {
            loss += Update(replay.Sample(options.BatchSize, sampling));
        }

        updates += count;
        metrics.Record("train/loss", loss / count);
        metrics.Record("train/learning_rate", optimizer.LearningRate);
        metrics.Record("train/n_updates", updates);
        metrics.Record("rollout/exploration_rate", ExplorationRate);
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(online), online);
        state.Part(nameof(target), target);
        state.Part(nameof(optimizer), optimizer);
        state.Part(nameof(replay), replay);
        state.Part(nameof(exploration), exploration);
        state.Part(nameof(sampling), sampling);
        state.Value(nameof(step), ref step);
        state.Value(nameof(stepsSinceUpdate), ref stepsSinceUpdate);
        state.Value(nameof(rounds), ref rounds);
        state.Value(nameof(updates), ref updates);
    }

    /// <summary>One gradient step on the loss between Q(s, a) and its target y.</summary>
    private float Update(Batch batch)
    {
        using Workspace.Scope scope = workspace.Begin();
        Tensor y;
        using (Autograd.Pause())
        {
            // y = r + γ · max Q⁻(s′, ·), and r alone where s′ is terminal. Double Q-learning values argmax Q(s′, ·) by Q⁻ instead.
            Tensor nextValues = target.Forward(batch.NextObservations);
            Tensor nextValue = options.DoubleQ
                ? nextValues.Pick(online.Forward(batch.NextObservations).ArgMaxRows())
                : nextValues.MaxRows();
            y = batch.Rewards + (batch.Discounts * nextValue);
        }

        Tensor value = online.Forward(batch.Observations).Pick(Indices(batch.Actions));
        return optimizer.Minimize(options.Loss == TemporalDifferenceLoss.Huber ? Loss.SmoothL1(value, y) : Loss.Mse(value, y));
    }

    private Tensor Indices(Tensor actions) => actionSpace.Start == 0 ? actions : actions - actionSpace.Start;

    private void UpdateTarget()
    {
        if (options.TargetNetwork && rounds % targetRounds == 0) target.Blend(online, (float)options.Tau);
    }

    private Mlp QNetwork(Space observationSpace, Pcg64 random) =>
        new(observationSpace.FlatSize, [.. options.NetArch], actionSpace.Count, random);
}
