using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>Options of <see cref="Td3"/>. Names and defaults are those of Stable-Baselines3.</summary>
public sealed record Td3Options : ContinuousControlOptions
{
    /// <summary>d ≥ 1: actor and target networks move at every d-th update of the critics.</summary>
    public int PolicyDelay { get; init; } = 2;

    /// <summary>σ̃ ≥ 0 of the noise on the target's action, on actions scaled to [−1, 1].</summary>
    public double TargetPolicyNoise { get; init; } = 0.2;

    /// <summary>c ≥ 0: that noise is limited to [−c, c].</summary>
    public double TargetNoiseClip { get; init; } = 0.5;

    internal override void Validate()
    {
        base.Validate();
        Require.AtLeast(1, PolicyDelay, nameof(PolicyDelay));
        Require.AtLeast(0, TargetPolicyNoise, nameof(TargetPolicyNoise));
        Require.AtLeast(0, TargetNoiseClip, nameof(TargetNoiseClip));
    }
}

/// <summary>
/// Twin delayed deep deterministic policy gradient: Fujimoto et al. 2018, "Addressing function approximation error in actor-critic methods",
/// algorithm 1. DDPG with the smaller of two critics as target, an actor that moves less often, and noise on the target's action.
/// </summary>
/// <remarks>
/// Deviations from the paper: (1) the defaults are Stable-Baselines3's: learning rate 10⁻³, batches of 256, learning starts after 100 steps;
/// (2) exploration noise is an option, and there is none by default, where the paper has N(0, 0.1); (3) an episode cut by a time limit is
/// bootstrapped from its last observation.
/// </remarks>
public sealed class Td3 : IAgent
{
    private readonly Td3Options options;
    private readonly long totalSteps;
    private readonly DeterministicActor actor;
    private readonly DeterministicActor targetActor;
    private readonly ContinuousCritic critics;
    private readonly ContinuousCritic targetCritics;
    private readonly Adam actorOptimizer;
    private readonly Adam criticOptimizer;
    private readonly ContinuousExperience experience;
    private readonly Pcg64 smoothing;
    private readonly Tensor noise;
    private readonly Workspace workspace = new();
    private long updates;

    /// <param name="options">See <see cref="Td3Options"/>.</param>
    /// <param name="observationSpace">A box of one axis.</param>
    /// <param name="actionSpace">A box with bounds.</param>
    /// <param name="environments">Copies that are stepped together.</param>
    /// <param name="totalSteps">Environment steps of the whole training, which schedules refer to.</param>
    /// <param name="seeds">Gives the streams of initialisation, exploration, sampling and the target's noise.</param>
    public Td3(
        Td3Options options, Space observationSpace, Space actionSpace, int environments, long totalSteps, SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observationSpace);
        ArgumentNullException.ThrowIfNull(actionSpace);
        ArgumentNullException.ThrowIfNull(seeds);
        options.Validate();
        this.options = options;
        this.totalSteps = totalSteps;

        SeedSequence[] streams = seeds.Spawn(4);
        experience = new ContinuousExperience(
            "td3", options, observationSpace, actionSpace, environments, new Pcg64(streams[1]), new Pcg64(streams[2]));
        smoothing = new Pcg64(streams[3]);
        var initialisation = new Pcg64(streams[0]);
        (int observationSize, int actionSize) = (observationSpace.FlatSize, actionSpace.FlatSize);
        actor = new DeterministicActor(observationSize, actionSize, options.NetArch, initialisation);
        targetActor = new DeterministicActor(observationSize, actionSize, options.NetArch, initialisation);
        critics = new ContinuousCritic(observationSize, actionSize, options.NetArch, count: 2, initialisation);
        targetCritics = new ContinuousCritic(observationSize, actionSize, options.NetArch, count: 2, initialisation);
        targetActor.CopyFrom(actor);
        targetCritics.CopyFrom(critics);
        actorOptimizer = new Adam(actor, options.LearningRate.Start);
        criticOptimizer = new Adam(critics, options.LearningRate.Start);
        noise = Tensor.Zeros(options.BatchSize, actionSize);
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
        long actorUpdates = 0;
        for (long i = 0; i < count; i++)
        {
            updates++;
            Batch batch = experience.Sample();
            criticLoss += UpdateCritics(batch);
            if (updates % options.PolicyDelay != 0) continue;
            actorLoss += UpdateActor(batch);
            actorUpdates++;
        }

        metrics.Record("train/critic_loss", criticLoss / count);
        if (actorUpdates > 0) metrics.Record("train/actor_loss", actorLoss / actorUpdates);
        metrics.Record("train/learning_rate", learningRate);
        metrics.Record("train/n_updates", updates);
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(actor), actor);
        state.Part(nameof(targetActor), targetActor);
        state.Part(nameof(critics), critics);
        state.Part(nameof(targetCritics), targetCritics);
        state.Part(nameof(actorOptimizer), actorOptimizer);
        state.Part(nameof(criticOptimizer), criticOptimizer);
        state.Part(nameof(experience), experience);
        state.Part(nameof(smoothing), smoothing);
        state.Value(nameof(updates), ref updates);
    }

    private void Mu(Tensor observations, Tensor actions)
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        actor.Forward(observations).Values.CopyTo(actions.Values);
    }

    /// <summary>One gradient step on Σ (Qᵢ(s, a) − y)².</summary>
    private float UpdateCritics(Batch batch)
    {
        using Workspace.Scope scope = workspace.Begin();
        Tensor y;
        using (Autograd.Pause())
        {
            // ã = μ⁻(s′) + clip(N(0, σ̃), −c, c); y = r + γ · min Q⁻ᵢ(s′, ã), and r alone where s′ is terminal.
            smoothing.FillNormal(noise.Values, 0, options.TargetPolicyNoise);
            Tensor clipped = noise.Clamp(-(float)options.TargetNoiseClip, (float)options.TargetNoiseClip);
            Tensor nextAction = (targetActor.Forward(batch.NextObservations) + clipped).Clamp(-1, 1);
            y = batch.Rewards + (batch.Discounts * targetCritics.Forward(ContinuousCritic.Pairs(batch.NextObservations, nextAction)));
        }

        return criticOptimizer.Minimize(critics.Loss(ContinuousCritic.Pairs(batch.Observations, batch.Actions), y));
    }

    /// <summary>One gradient step on −Q₁(s, μ(s)), and the targets after it.</summary>
    private float UpdateActor(Batch batch)
    {
        using Workspace.Scope scope = workspace.Begin();

        // The gradient passes through the critic, which stays as it is.
        critics.RequireGradients(false);
        Tensor value = critics.Value(0, ContinuousCritic.Pairs(batch.Observations, actor.Forward(batch.Observations)));
        float loss = actorOptimizer.Minimize(-value.Mean());
        critics.RequireGradients();

        targetCritics.Blend(critics, (float)options.Tau);
        targetActor.Blend(actor, (float)options.Tau);
        return loss;
    }
}
