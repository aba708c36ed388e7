using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>Options of <see cref="Ddpg"/>: those of all algorithms for continuous actions.</summary>
public sealed record DdpgOptions : ContinuousControlOptions;

/// <summary>
/// Deep deterministic policy gradient: Lillicrap et al. 2016, "Continuous control with deep reinforcement learning", algorithm 1. A critic
/// learns Q as in DQN, and an actor climbs it.
/// </summary>
/// <remarks>
/// Deviations from the paper: (1) the defaults are Stable-Baselines3's: one learning rate for both networks, no weight decay, no batch
/// normalisation, batches of 256, τ = 0.005, PyTorch's initialisation; (2) the action enters the critic at its first layer; (3) the first
/// actions are uniformly random; (4) exploration noise is an option, and there is none by default; (5) an episode cut by a time limit is
/// bootstrapped from its last observation.
/// </remarks>
public sealed class Ddpg : IAgent
{
    private readonly DdpgOptions options;
    private readonly long totalSteps;
    private readonly DeterministicActor actor;
    private readonly DeterministicActor targetActor;
    private readonly ContinuousCritic critic;
    private readonly ContinuousCritic targetCritic;
    private readonly Adam actorOptimizer;
    private readonly Adam criticOptimizer;
    private readonly ContinuousExperience experience;
    private readonly Workspace workspace = new();
    private long updates;

    /// <param name="options">See <see cref="DdpgOptions"/>.</param>
    /// <param name="observationSpace">A box of one axis.</param>
    /// <param name="actionSpace">A box with bounds.</param>
    /// <param name="environments">Copies that are stepped together.</param>
    /// <param name="totalSteps">Environment steps of the whole training, which schedules refer to.</param>
    /// <param name="seeds">Gives the streams of initialisation, exploration and sampling.</param>
    public Ddpg(
        DdpgOptions options, Space observationSpace, Space actionSpace, int environments, long totalSteps, SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observationSpace);
        ArgumentNullException.ThrowIfNull(actionSpace);
        ArgumentNullException.ThrowIfNull(seeds);
        options.Validate();
        this.options = options;
        this.totalSteps = totalSteps;

        SeedSequence[] streams = seeds.Spawn(3);
        experience = new ContinuousExperience(
            "ddpg", options, observationSpace, actionSpace, environments, new Pcg64(streams[1]), new Pcg64(streams[2]));
        var initialisation = new Pcg64(streams[0]);
        (int observationSize, int actionSize) = (observationSpace.FlatSize, actionSpace.FlatSize);
        actor = new DeterministicActor(observationSize, actionSize, options.NetArch, initialisation);
        targetActor = new DeterministicActor(observationSize, actionSize, options.NetArch, initialisation);
        critic = new ContinuousCritic(observationSize, actionSize, options.NetArch, count: 1, initialisation);
        targetCritic = new ContinuousCritic(observationSize, actionSize, options.NetArch, count: 1, initialisation);
        targetActor.CopyFrom(actor);
        targetCritic.CopyFrom(critic);
        actorOptimizer = new Adam(actor, options.LearningRate.Start);
        criticOptimizer = new Adam(critic, options.LearningRate.Start);
    }

    public Module Network => actor;

    /// <summary>a = μ(s)</summary>
    public void Act(Tensor observations, Tensor actions)
    {
        Mu(observations, actions);
        experience.Scale.ToBox(actions);
    }

    /// <summary>a = μ(s) + noise; entirely random before learning starts.</summary>
    public void Explore(Tensor observations, Tensor actions)
    {
        experience.Begin(observations);
        if (experience.IsWarmUp)
        {
            experience.ActAtRandom(actions);
            return;
        }

        Mu(observations, actions);
        experience.Disturb(actions);
    }

    public void Observe(VectorEnvironment environments) => experience.Observe(environments);

    public void Learn(IMetrics metrics)
    {
        if (!experience.IsLearningDue(out long count)) return;

        double learningRate = options.LearningRate.At(experience.Step, totalSteps);
        actorOptimizer.LearningRate = learningRate;
        criticOptimizer.LearningRate = learningRate;
        double criticLoss = 0;
        double actorLoss = 0;
        for (long i = 0; i < count; i++)
        {
            (float ofCritic, float ofActor) = Update(experience.Sample());
            criticLoss += ofCritic;
            actorLoss += ofActor;
        }

        updates += count;
        metrics.Record("train/critic_loss", criticLoss / count);
        metrics.Record("train/actor_loss", actorLoss / count);
        metrics.Record("train/learning_rate", learningRate);
        metrics.Record("train/n_updates", updates);
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(actor), actor);
        state.Part(nameof(targetActor), targetActor);
        state.Part(nameof(critic), critic);
        state.Part(nameof(targetCritic), targetCritic);
        state.Part(nameof(actorOptimizer), actorOptimizer);
        state.Part(nameof(criticOptimizer), criticOptimizer);
        state.Part(nameof(experience), experience);
        state.Value(nameof(updates), ref updates);
    }

    private void Mu(Tensor observations, Tensor actions)
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        actor.Forward(observations).Values.CopyTo(actions.Values);
    }

    /// <summary>One gradient step of critic and actor, and the targets after them.</summary>
    private (float CriticLoss, float ActorLoss) Update(Batch batch)
    {
        using Workspace.Scope scope = workspace.Begin();
        Tensor y;
        using (Autograd.Pause())
        {
            // y = r + γ · Q⁻(s′, μ⁻(s′)), and r alone where s′ is terminal.
            Tensor nextAction = targetActor.Forward(batch.NextObservations);
            y = batch.Rewards + (batch.Discounts * targetCritic.Forward(ContinuousCritic.Pairs(batch.NextObservations, nextAction)));
        }

        float criticLoss = criticOptimizer.Minimize(critic.Loss(ContinuousCritic.Pairs(batch.Observations, batch.Actions), y));

        // max Q(s, μ(s)): the gradient passes through the critic, which stays as it is.
        critic.RequireGradients(false);
        Tensor value = critic.Forward(ContinuousCritic.Pairs(batch.Observations, actor.Forward(batch.Observations)));
        float actorLoss = actorOptimizer.Minimize(-value.Mean());
        critic.RequireGradients();

        targetCritic.Blend(critic, (float)options.Tau);
        targetActor.Blend(actor, (float)options.Tau);
        return (criticLoss, actorLoss);
    }
}
