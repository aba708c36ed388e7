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
    private readonly long totalSteps;
    private readonly ActorCritic network;
    private readonly Optimizer optimizer;
    private readonly RolloutActor actor;
    private readonly Pcg64 shuffling;
    private readonly Workspace workspace = new();
    private readonly int[] order;
    private double klCoefficient;
    private long step;
    private long updates;

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
        totalSteps = task.TotalSteps;

        SeedSequence[] streams = seeds.Spawn(3);
        network = new ActorCritic(task.ObservationSpace, task.ActionSpace, options.Shape, new Pcg64(streams[0]));
        optimizer = new Adam(network, options.LearningRate.Start, epsilon: options.AdamEpsilon)
        {
            Clip = new GradientClip(Norm: (float?)options.MaxGradNorm),
        };
        actor = new RolloutActor(network, task, options.NSteps, options.Gamma, options.GaeLambda, new Pcg64(streams[1]), options.SdeSampleFreq);
        shuffling = new Pcg64(streams[2]);
        order = new int[actor.Rollout.Length];
        klCoefficient = options.KlCoef;
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
        var sums = new Losses();
        for (int epoch = 0; epoch < options.NEpochs; epoch++)
        {
            if (!LearnOnce(ref sums)) break;
        }

        if (options.KlCoef > 0) AdaptPenalty(sums.Kl / sums.Count);
        Report(metrics, sums);
        actor.Rollout.Clear();
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(network), network);
        state.Part(nameof(optimizer), optimizer);
        state.Part(nameof(actor), actor);
        state.Part(nameof(shuffling), shuffling);
        state.Value(nameof(klCoefficient), ref klCoefficient);
        state.Value(nameof(step), ref step);
        state.Value(nameof(updates), ref updates);
    }

    /// <summary>Uses every row of the rollout once, in random order.</summary>
    /// <returns>False once the policy has moved too far.</returns>
    private bool LearnOnce(ref Losses sums)
    {
        shuffling.Permutation(order);
        for (int first = 0; first < order.Length; first += options.BatchSize)
        {
            int count = Math.Min(options.BatchSize, order.Length - first);
            RolloutBatch batch = actor.Rollout.Batch(order.AsSpan(first, count));
            if (options.NormalizeAdvantage) batch.NormalizeAdvantages();
            if (!Update(batch, ref sums)) return false;
        }

        return true;
    }

    /// <summary>One gradient step on −L_CLIP + c₁·L_VF − c₂·S (equation 9), or nothing where the policy has moved too far.</summary>
    private bool Update(RolloutBatch batch, ref Losses sums)
    {
        using Workspace.Scope scope = workspace.Begin();
        (PolicyDistribution policy, Tensor value) = network.Evaluate(batch.Observations, batch.Masks);

        // r(θ) = π(a|s) / π_old(a|s)
        Tensor logRatio = policy.LogProbability(batch.Actions) - batch.LogProbabilities;
        Tensor ratio = logRatio.Exp();
        double divergence = Divergence(logRatio.Values, ratio.Values);
        if (divergence > 1.5 * options.TargetKl) return false;

        // L_CLIP = E[min(r·Â, clip(r, 1 − ε, 1 + ε)·Â)]
        Tensor gain = ratio * batch.Advantages;
        float clip = (float?)options.ClipRange?.At(step, totalSteps) ?? float.PositiveInfinity;
        if (options.ClipRange is not null) gain = Tensor.Minimum(gain, ratio.Clamp(1 - clip, 1 + clip) * batch.Advantages);
        Tensor policyLoss = -gain.Mean();

        // L_VF = E[(V(s) − V_target)²]
        Tensor valueLoss = Loss.Mse(Clipped(value, batch.Values), batch.Returns);
        Tensor loss = policyLoss + (valueLoss * (float)options.VfCoef);
        Tensor entropy = policy.Entropy().Mean();
        if (options.EntCoef > 0) loss -= entropy * (float)options.EntCoef;

        // β · KL(π_old ‖ π), whose gradient on actions of π_old is that of E[−ln π(a|s)]
        if (options.KlCoef > 0) loss -= logRatio.Mean() * (float)klCoefficient;

        sums.Add(policyLoss.Item(), valueLoss.Item(), entropy.Item(), divergence, ClippedShare(ratio.Values, clip), optimizer.Minimize(loss));
        updates++;
        return true;
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

    private static double ClippedShare(ReadOnlySpan<float> ratios, float clip)
    {
        int count = 0;
        foreach (float ratio in ratios)
        {
            if (MathF.Abs(ratio - 1) > clip) count++;
        }

        return (double)count / ratios.Length;
    }

    private void Report(IMetrics metrics, Losses sums)
    {
        metrics.Record("train/learning_rate", optimizer.LearningRate);
        metrics.Record("train/n_updates", updates);
        if (actor.Rollout.ExplainedVariance is double explained) metrics.Record("train/explained_variance", explained);
        if (options.ClipRange is Schedule clip) metrics.Record("train/clip_range", clip.At(step, totalSteps));
        if (options.KlCoef > 0) metrics.Record("train/kl_coef", klCoefficient);
        if (network.LogDeviation is not null) metrics.Record("train/std", network.MeanDeviation);
        if (sums.Count == 0) return;
        metrics.Record("train/policy_gradient_loss", sums.Policy / sums.Count);
        metrics.Record("train/value_loss", sums.Value / sums.Count);
        metrics.Record("train/entropy_loss", -sums.Entropy / sums.Count);
        metrics.Record("train/approx_kl", sums.Kl / sums.Count);
        metrics.Record("train/clip_fraction", sums.Clipped / sums.Count);
        metrics.Record("train/loss", sums.Total / sums.Count);
    }

    /// <summary>Sums over the updates of a round, for the metrics.</summary>
    private struct Losses
    {
        public double Policy;
        public double Value;
        public double Entropy;
        public double Kl;
        public double Clipped;
        public double Total;
        public int Count;

        public void Add(double policy, double value, double entropy, double kl, double clipped, double total)
        {
            Policy += policy;
            Value += value;
            Entropy += entropy;
            Kl += kl;
            Clipped += clipped;
            Total += total;
            Count++;
        }
    }
}
