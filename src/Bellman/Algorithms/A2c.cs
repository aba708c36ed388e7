using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>
/// Advantage actor-critic: Mnih et al. 2016, "Asynchronous methods for deep reinforcement learning", algorithm S3, with workers that wait for
/// each other, so that all act by the same policy.
/// </summary>
/// <remarks>
/// Deviations from the paper: (1) the workers are the copies of a vector environment and make one batch; (2) the defaults are
/// Stable-Baselines3's, with networks of their own for policy and value and no entropy bonus; (3) advantages may be those of GAE; (4) an
/// episode cut by a time limit is bootstrapped from its last observation.
/// </remarks>
public sealed class A2c : IAgent, IMaskedPolicy
{
    private readonly A2cOptions options;
    private readonly long totalSteps;
    private readonly ActorCritic network;
    private readonly Optimizer optimizer;
    private readonly RolloutActor actor;
    private readonly Workspace workspace = new();
    private readonly int[] rows;
    private long step;
    private long updates;

    /// <param name="options">See <see cref="A2cOptions"/>.</param>
    /// <param name="task">The spaces, and how many environments there are.</param>
    /// <param name="seeds">Gives the streams of initialisation and exploration.</param>
    public A2c(A2cOptions options, AgentTask task, SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(seeds);
        options.Validate();
        this.options = options;
        totalSteps = task.TotalSteps;

        SeedSequence[] streams = seeds.Spawn(2);
        network = new ActorCritic(task.ObservationSpace, task.ActionSpace, options.Shape, new Pcg64(streams[0]));
        var clip = new GradientClip(Norm: (float?)options.MaxGradNorm);
        optimizer = options.UseRmsProp
            ? new RmsProp(network, options.LearningRate.Start, epsilon: options.RmsPropEps, tensorFlow: options.RmsPropTensorFlow) { Clip = clip }
            : new Adam(network, options.LearningRate.Start) { Clip = clip };
        actor = new RolloutActor(network, task, options.NSteps, options.Gamma, options.GaeLambda, new Pcg64(streams[1]), options.SdeSampleFreq);
        rows = [.. Enumerable.Range(0, actor.Rollout.Length)];
    }

    public Module Network => network;

    public Tensor? ActionMasks
    {
        get => actor.ActionMasks;
        set => actor.ActionMasks = value;
    }

    public void Act(Tensor observations, Tensor actions) => actor.Act(observations, actions);

    public void Explore(Tensor observations, Tensor actions) => actor.Explore(observations, actions);

    public void Observe(VectorEnvironment environments)
    {
        actor.Observe(environments);
        step += environments.Count;
    }

    public void Learn(IMetrics metrics)
    {
        if (!actor.Rollout.IsFull) return;
        optimizer.LearningRate = options.LearningRate.At(step, totalSteps);
        RolloutBatch batch = actor.Rollout.Batch(rows);
        if (options.NormalizeAdvantage) batch.NormalizeAdvantages();
        Update(batch, metrics);
        metrics.Record("train/learning_rate", optimizer.LearningRate);
        metrics.Record("train/n_updates", updates);
        if (actor.Rollout.ExplainedVariance is double explained) metrics.Record("train/explained_variance", explained);
        if (network.LogDeviation is not null) metrics.Record("train/std", network.MeanDeviation);
        actor.Rollout.Clear();
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(network), network);
        state.Part(nameof(optimizer), optimizer);
        state.Part(nameof(actor), actor);
        state.Value(nameof(step), ref step);
        state.Value(nameof(updates), ref updates);
    }

    /// <summary>One gradient step on −ln π(a|s)·Â − β·H(π(·|s)) + c·(R − V(s))².</summary>
    private void Update(RolloutBatch batch, IMetrics metrics)
    {
        using Workspace.Scope scope = workspace.Begin();
        (PolicyDistribution policy, Tensor value) = network.Evaluate(batch.Observations, batch.Masks);
        Tensor policyLoss = -(policy.LogProbability(batch.Actions) * batch.Advantages).Mean();
        Tensor valueLoss = Loss.Mse(value, batch.Returns);
        Tensor entropy = policy.Entropy().Mean();
        Tensor loss = policyLoss + (valueLoss * (float)options.VfCoef);
        if (options.EntCoef > 0) loss -= entropy * (float)options.EntCoef;
        metrics.Record("train/policy_loss", policyLoss.Item());
        metrics.Record("train/value_loss", valueLoss.Item());
        metrics.Record("train/entropy_loss", -entropy.Item());
        metrics.Record("train/loss", optimizer.Minimize(loss));
        updates++;
    }
}
