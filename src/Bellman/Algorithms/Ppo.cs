using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>
/// Proximal policy optimization: Schulman et al. 2017, "Proximal policy optimization algorithms", algorithm 1 with the clipped objective of
/// equation 7, or the adaptive divergence penalty of equation 8, or both.
/// </summary>
/// <remarks>
/// Deviations from the paper: (1) the defaults are Stable-Baselines3's, with networks of their own for policy and value; (2) advantages are
/// normalised in each batch; (3) the gradient's norm is clipped; (4) the divergence of the penalty is estimated from the actions taken;
/// (5) an episode cut by a time limit is bootstrapped from its last observation; (6) a round may end early by <c>TargetKl</c>.
/// </remarks>
public sealed class Ppo : IAgent, IMaskedPolicy
{
    private readonly PpoOptions options;
    private readonly ActorCritic network;
    private readonly Optimizer optimizer;
    private readonly RolloutActor actor;
    private readonly Pcg64 shuffling;
    private readonly PpoObjective objective;
    private readonly Workspace workspace = new();
    private readonly int[] order;
    private long step;

    /// <param name="options">See <see cref="PpoOptions"/>.</param>
    /// <param name="task">The spaces, and how many environments there are.</param>
    /// <param name="seeds">Gives the streams of initialisation, exploration and shuffling.</param>
    public Ppo(PpoOptions options, AgentTask task, SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(seeds);
        options.Validate();
        this.options = options;

        SeedSequence[] streams = seeds.Spawn(3);
        network = new ActorCritic(task.ObservationSpace, task.ActionSpace, options.Shape, new Pcg64(streams[0]));
        optimizer = new Adam(network, options.LearningRate.Start, epsilon: options.AdamEpsilon)
        {
            Clip = new GradientClip(Norm: (float?)options.MaxGradNorm),
        };
        actor = new RolloutActor(network, task, options.NSteps, options.Gamma, options.GaeLambda, new Pcg64(streams[1]), options.SdeSampleFreq);
        shuffling = new Pcg64(streams[2]);
        order = new int[actor.Rollout.Length];
        objective = new PpoObjective(options, optimizer, task.TotalSteps);
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
        objective.BeginRound(step);
        for (int epoch = 0; epoch < options.NEpochs; epoch++)
        {
            if (!LearnOnce()) break;
        }

        objective.EndRound(metrics);
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
        state.Part(nameof(shuffling), shuffling);
        state.Part(nameof(objective), objective);
        state.Value(nameof(step), ref step);
    }

    /// <summary>Uses every row of the rollout once, in random order.</summary>
    /// <returns>False once the policy has moved too far.</returns>
    private bool LearnOnce()
    {
        shuffling.Permutation(order);
        for (int first = 0; first < order.Length; first += options.BatchSize)
        {
            int count = Math.Min(options.BatchSize, order.Length - first);
            RolloutBatch batch = actor.Rollout.Batch(order.AsSpan(first, count));
            if (options.NormalizeAdvantage) batch.NormalizeAdvantages();
            using Workspace.Scope scope = workspace.Begin();
            (PolicyDistribution policy, Tensor value) = network.Evaluate(batch.Observations, batch.Masks);
            if (!objective.Update(policy, value, batch)) return false;
        }

        return true;
    }
}

/// <summary>The objective of <see cref="Ppo"/> and <see cref="RecurrentPpo"/>, and what its updates report.</summary>
internal sealed class PpoObjective(PpoOptions options, Optimizer optimizer, long totalSteps) : IStateful
{
    private double klCoefficient = options.KlCoef;
    private long updates;
    private long step;
    private int count;
    private Losses sums;

    /// <summary>Schedules stand still during a round of updates.</summary>
    public void BeginRound(long atStep)
    {
        step = atStep;
        optimizer.LearningRate = options.LearningRate.At(step, totalSteps);
        sums = default;
        count = 0;
    }

    /// <summary>One gradient step on −L_CLIP + c₁·L_VF − c₂·S (equation 9).</summary>
    /// <param name="policy">π(·|s)</param>
    /// <param name="value">V(s), [batch]</param>
    /// <param name="batch">What the old policy saw and did, and what came of it.</param>
    /// <returns>False, and no step, where the policy has moved too far already.</returns>
    public bool Update(in PolicyDistribution policy, Tensor value, RolloutBatch batch)
    {
        // r(θ) = π(a|s) / π_old(a|s)
        Tensor logRatio = policy.LogProbability(batch.Actions) - batch.LogProbabilities;
        Tensor ratio = logRatio.Exp();
        double divergence = Divergence(logRatio.Values, ratio.Values);
        if (divergence > 1.5 * options.TargetKl) return false;

        // L_CLIP = E[min(r·Â, clip(r, 1 − ε, 1 + ε)·Â)]
        float epsilon = (float?)options.ClipRange?.At(step, totalSteps) ?? float.PositiveInfinity;
        Tensor gain = ratio * batch.Advantages;
        if (options.ClipRange is not null) gain = Tensor.Minimum(gain, ratio.Clamp(1 - epsilon, 1 + epsilon) * batch.Advantages);
        Tensor policyLoss = -gain.Mean();

        // L_VF = E[(V(s) − V_target)²]
        Tensor valueLoss = Loss.Mse(Clipped(value, batch.Values), batch.Returns);
        Tensor entropy = policy.Entropy().Mean();
        Tensor loss = policyLoss + (valueLoss * (float)options.VfCoef);
        if (options.EntCoef > 0) loss -= entropy * (float)options.EntCoef;

        // β · KL(π_old ‖ π) (equation 8), whose gradient on actions of π_old is that of E[−ln π(a|s)]
        if (options.KlCoef > 0) loss -= logRatio.Mean() * (float)klCoefficient;

        sums.Total += optimizer.Minimize(loss);
        sums.Policy += policyLoss.Item();
        sums.Value += valueLoss.Item();
        sums.Entropy += entropy.Item();
        sums.Divergence += divergence;
        sums.Clipped += ClippedShare(ratio.Values, epsilon);
        count++;
        updates++;
        return true;
    }

    /// <summary>Adapts the penalty, and reports means over the round's updates.</summary>
    public void EndRound(IMetrics metrics)
    {
        metrics.Record("train/learning_rate", optimizer.LearningRate);
        metrics.Record("train/n_updates", updates);
        if (options.ClipRange is Schedule clip) metrics.Record("train/clip_range", clip.At(step, totalSteps));
        if (count == 0) return;
        if (options.KlCoef > 0)
        {
            AdaptPenalty(sums.Divergence / count);
            metrics.Record("train/kl_coef", klCoefficient);
        }

        metrics.Record("train/policy_gradient_loss", sums.Policy / count);
        metrics.Record("train/value_loss", sums.Value / count);
        metrics.Record("train/entropy_loss", -sums.Entropy / count);
        metrics.Record("train/approx_kl", sums.Divergence / count);
        metrics.Record("train/clip_fraction", sums.Clipped / count);
        metrics.Record("train/loss", sums.Total / count);
    }

    public void Visit(IStateVisitor state)
    {
        state.Value(nameof(klCoefficient), ref klCoefficient);
        state.Value(nameof(updates), ref updates);
    }

    /// <summary>V(s), or the nearest value to it within the clip range of the old one.</summary>
    private Tensor Clipped(Tensor value, Tensor old)
    {
        if (options.ClipRangeVf is not Schedule schedule) return value;
        float range = (float)schedule.At(step, totalSteps);
        return old + (value - old).Clamp(-range, range);
    }

    /// <summary>β halves where the divergence is small against its target and doubles where it is large.</summary>
    private void AdaptPenalty(double divergence)
    {
        if (divergence < options.KlTarget / 1.5) klCoefficient /= 2;
        else if (divergence > options.KlTarget * 1.5) klCoefficient *= 2;
    }

    /// <summary>KL(π_old ‖ π) ≈ E[(r − 1) − ln r], which is never negative. Schulman 2020, "Approximating KL divergence".</summary>
    private static double Divergence(ReadOnlySpan<float> logRatios, ReadOnlySpan<float> ratios)
    {
        double sum = 0;
        for (int i = 0; i < ratios.Length; i++)
        {
            sum += ratios[i] - 1 - logRatios[i];
        }

        return sum / ratios.Length;
    }

    private static double ClippedShare(ReadOnlySpan<float> ratios, float epsilon)
    {
        int clipped = 0;
        foreach (float ratio in ratios)
        {
            if (MathF.Abs(ratio - 1) > epsilon) clipped++;
        }

        return (double)clipped / ratios.Length;
    }

    /// <summary>Sums over the updates of a round.</summary>
    private struct Losses
    {
        public double Policy;
        public double Value;
        public double Entropy;
        public double Divergence;
        public double Clipped;
        public double Total;
    }
}
