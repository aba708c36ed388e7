using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Nn.Distributions;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>
/// Soft actor-critic: Haarnoja et al. 2018, "Soft actor-critic algorithms and applications", algorithm 1. A random policy that maximises
/// reward and entropy together, with two critics and a weight of entropy that adapts itself.
/// </summary>
/// <remarks>
/// Deviations from the paper: (1) the defaults are Stable-Baselines3's, PyTorch's initialisation among them; (2) α is learned by its
/// logarithm, as in the authors' code; (3) the first actions are uniformly random; (4) exploration may be a function of the state (Raffin et
/// al. 2021) or have more noise added; (5) an episode cut by a time limit is bootstrapped from its last observation.
/// </remarks>
public sealed class Sac : IAgent
{
    private readonly SacOptions options;
    private readonly long totalSteps;
    private readonly SquashedActor actor;
    private readonly ContinuousCritic critics;
    private readonly ContinuousCritic targetCritics;
    private readonly EntropyCoefficient? entropyCoefficient;
    private readonly Adam actorOptimizer;
    private readonly Adam criticOptimizer;
    private readonly Adam? entropyOptimizer;
    private readonly ContinuousExperience experience;
    private readonly StateDependentNoise? explorationNoise;
    private readonly StateDependentNoise? updateNoise;
    private readonly Pcg64 actions;
    private readonly Workspace workspace = new();
    private readonly float entropyAim;
    private long updates;

    /// <param name="options">See <see cref="SacOptions"/>.</param>
    /// <param name="observationSpace">A box of one axis.</param>
    /// <param name="actionSpace">A box with bounds.</param>
    /// <param name="environments">Copies that are stepped together.</param>
    /// <param name="totalSteps">Environment steps of the whole training, which schedules refer to.</param>
    /// <param name="seeds">Gives the streams of initialisation, exploration, sampling and the policy's actions.</param>
    public Sac(
        SacOptions options, Space observationSpace, Space actionSpace, int environments, long totalSteps, SeedSequence seeds)
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
            "sac", options, observationSpace, actionSpace, environments, new Pcg64(streams[1]), new Pcg64(streams[2]));
        actions = new Pcg64(streams[3]);
        var initialisation = new Pcg64(streams[0]);
        (int observationSize, int actionSize) = (observationSpace.FlatSize, actionSpace.FlatSize);
        double? initialNoise = options.UseSde ? options.LogStdInit : null;
        actor = new SquashedActor(observationSize, actionSize, options.NetArch, initialNoise, initialisation);
        critics = new ContinuousCritic(observationSize, actionSize, options.NetArch, count: 2, initialisation);
        targetCritics = new ContinuousCritic(observationSize, actionSize, options.NetArch, count: 2, initialisation);
        targetCritics.CopyFrom(critics);
        actorOptimizer = new Adam(actor, options.LearningRate.Start);
        criticOptimizer = new Adam(critics, options.LearningRate.Start);
        entropyAim = (float)options.EntropyAim(actionSize);
        if (options.LearnedEntCoef is double start)
        {
            entropyCoefficient = new EntropyCoefficient(start);
            entropyOptimizer = new Adam(entropyCoefficient, options.LearningRate.Start);
        }

        if (!options.UseSde) return;
        explorationNoise = new StateDependentNoise(actor.FeatureCount, actionSize, environments, actions);
        updateNoise = new StateDependentNoise(actor.FeatureCount, actionSize, copies: 1, actions);
    }

    public Module Network => actor;

    /// <summary>α now: what a nat of entropy is worth in reward.</summary>
    public float EntropyWeight => entropyCoefficient?.Value ?? (float)options.FixedEntCoef;

    /// <summary>a = tanh μ(s)</summary>
    public void Act(Tensor observations, Tensor actions)
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        actor.Forward(observations).Values.CopyTo(actions.Values);
        experience.Scale.ToBox(actions);
    }

    /// <summary>a ~ π(· | s); entirely random before learning starts.</summary>
    public void Explore(Tensor observations, Tensor actions)
    {
        experience.Begin(observations);
        DrawNoise();
        if (experience.IsWarmUp && !(options.UseSde && options.UseSdeAtWarmup))
        {
            experience.ActAtRandom(actions);
            return;
        }

        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        actor.Sample(observations, explorationNoise, this.actions).Action.Values.CopyTo(actions.Values);
        experience.Disturb(actions);
    }

    public void Observe(VectorEnvironment environments) => experience.Observe(environments);

    public void Learn(IMetrics metrics)
    {
        if (!experience.IsLearningDue(out long count)) return;

        double learningRate = options.LearningRate.At(experience.Step, totalSteps);
        actorOptimizer.LearningRate = learningRate;
        criticOptimizer.LearningRate = learningRate;
        if (entropyOptimizer is not null) entropyOptimizer.LearningRate = learningRate;
        Losses sum = default;
        for (long i = 0; i < count; i++)
        {
            sum += Update(experience.Sample());
            updates++;
            if (updates % options.TargetUpdateInterval == 0) targetCritics.Blend(critics, (float)options.Tau);
        }

        metrics.Record("train/critic_loss", sum.Critic / count);
        metrics.Record("train/actor_loss", sum.Actor / count);
        metrics.Record("train/ent_coef", sum.EntropyWeight / count);
        if (entropyCoefficient is not null) metrics.Record("train/ent_coef_loss", sum.Entropy / count);
        if (options.UseSde) metrics.Record("train/std", MeanDeviation());
        metrics.Record("train/learning_rate", learningRate);
        metrics.Record("train/n_updates", updates);
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(actor), actor);
        state.Part(nameof(critics), critics);
        state.Part(nameof(targetCritics), targetCritics);
        state.Part(nameof(actorOptimizer), actorOptimizer);
        state.Part(nameof(criticOptimizer), criticOptimizer);
        if (entropyCoefficient is not null) state.Part(nameof(entropyCoefficient), entropyCoefficient);
        if (entropyOptimizer is not null) state.Part(nameof(entropyOptimizer), entropyOptimizer);
        if (explorationNoise is not null) state.Part(nameof(explorationNoise), explorationNoise);
        if (updateNoise is not null) state.Part(nameof(updateNoise), updateNoise);
        state.Part(nameof(experience), experience);
        state.Part(nameof(actions), actions);
        state.Value(nameof(updates), ref updates);
    }

    /// <summary>One gradient step of α, critics and actor, in this order.</summary>
    private Losses Update(Batch batch)
    {
        using Workspace.Scope scope = workspace.Begin();
        updateNoise?.Draw(actions);
        (Tensor action, Tensor logProbability) = actor.Sample(batch.Observations, updateNoise, actions);

        // The other losses take α as it was before its step.
        float alpha = EntropyWeight;
        float entropyLoss = 0;
        if (entropyCoefficient is not null)
        {
            // L(α) = −ln α · mean(ln π(a | s) + H̄)
            entropyLoss = entropyOptimizer!.Minimize(entropyCoefficient.Forward(logProbability.Detach() + entropyAim));
        }

        Tensor y;
        using (Autograd.Pause())
        {
            // y = r + γ · (min Q⁻ᵢ(s′, a′) − α · ln π(a′ | s′)) with a′ ~ π(· | s′), and r alone where s′ is terminal.
            (Tensor nextAction, Tensor nextLogProbability) = actor.Sample(batch.NextObservations, updateNoise, actions);
            Tensor nextValue = targetCritics.Forward(ContinuousCritic.Pairs(batch.NextObservations, nextAction));
            y = batch.Rewards + (batch.Discounts * (nextValue - (alpha * nextLogProbability)));
        }

        float criticLoss = criticOptimizer.Minimize(critics.Loss(ContinuousCritic.Pairs(batch.Observations, batch.Actions), y) * 0.5f);

        // L(π) = mean(α · ln π(a | s) − min Qᵢ(s, a)): the gradient passes through the critics, which stay as they are.
        critics.RequireGradients(false);
        Tensor value = critics.Forward(ContinuousCritic.Pairs(batch.Observations, action));
        float actorLoss = actorOptimizer.Minimize(((alpha * logProbability) - value).Mean());
        critics.RequireGradients();
        return new Losses(criticLoss, actorLoss, entropyLoss, alpha);
    }

    // Anew before each round of updates, since the deviations change there, and in between as often as the option says.
    private void DrawNoise()
    {
        if (StateDependentNoise.IsDue(experience.StepOfRound, options.SdeSampleFreq)) explorationNoise?.Draw(actions);
    }

    private float MeanDeviation()
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        return actor.MeanDeviation;
    }

    private readonly record struct Losses(double Critic, double Actor, double Entropy, double EntropyWeight)
    {
        public static Losses operator +(Losses a, Losses b) =>
            new(a.Critic + b.Critic, a.Actor + b.Actor, a.Entropy + b.Entropy, a.EntropyWeight + b.EntropyWeight);
    }
}
