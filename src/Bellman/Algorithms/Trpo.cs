using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>
/// Trust region policy optimization: Schulman et al. 2015, "Trust region policy optimization", section 6 and appendix C: the step that improves
/// the surrogate most while the mean divergence from the old policy stays below δ.
/// </summary>
/// <remarks>
/// Deviations from the paper: (1) the defaults are SB3-Contrib's; (2) advantages are those of GAE and normalised over the rollout; (3) the value
/// function is fitted by Adam; (4) products with the Fisher matrix are exact, Jᵀ·M·J·v by one forward and one backward derivative, where
/// the paper differentiates the divergence twice; (5) an episode cut by a time limit is bootstrapped from its last observation.
/// </remarks>
public sealed class Trpo : IAgent, IMaskedPolicy
{
    private const double SmallestResidual = 1e-10;

    private readonly TrpoOptions options;
    private readonly long totalSteps;
    private readonly ActorCritic network;
    private readonly ActorCritic direction;
    private readonly Optimizer valueOptimizer;
    private readonly RolloutActor actor;
    private readonly Pcg64 shuffling;
    private readonly Workspace workspace = new();
    private readonly int[] order;
    private readonly int[] policyRows;
    private readonly float[] gradient;
    private readonly float[] search;
    private readonly float[] residual;
    private readonly float[] old;
    private long step;
    private long updates;

    /// <param name="options">See <see cref="TrpoOptions"/>.</param>
    /// <param name="task">The spaces, and how many environments there are.</param>
    /// <param name="seeds">Gives the streams of initialisation, exploration and shuffling.</param>
    public Trpo(TrpoOptions options, AgentTask task, SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(seeds);
        options.Validate();
        this.options = options;
        totalSteps = task.TotalSteps;
        if (task.ObservationSpace is Box { Shape.Rank: 3 })
        {
            throw new ArgumentException($"trpo learns from rows of numbers, not from pictures; got {task.ObservationSpace}.", nameof(task));
        }

        SeedSequence[] streams = seeds.Spawn(4);
        network = new ActorCritic(task.ObservationSpace, task.ActionSpace, options.Shape, new Pcg64(streams[0]));
        direction = new ActorCritic(task.ObservationSpace, task.ActionSpace, options.Shape, new Pcg64(streams[3]));
        valueOptimizer = new Adam(network, options.LearningRate.Start);
        actor = new RolloutActor(
            network, task, options.NSteps, options.Gamma, options.GaeLambda, new Pcg64(streams[1]), options.SdeSampleFreq);
        shuffling = new Pcg64(streams[2]);
        order = new int[actor.Rollout.Length];
        policyRows = [.. Enumerable.Range(0, actor.Rollout.Length).Where(row => row % options.SubSamplingFactor == 0)];
        int length = network.Parameters.Length;
        gradient = new float[length];
        search = new float[length];
        residual = new float[length];
        old = new float[length];
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
        valueOptimizer.LearningRate = options.LearningRate.At(step, totalSteps);
        RolloutBatch batch = actor.Rollout.Batch(policyRows);
        if (options.NormalizeAdvantage) batch.NormalizeAdvantages();
        UpdatePolicy(batch, metrics);
        metrics.Record("train/value_loss", FitValues());
        metrics.Record("train/learning_rate", valueOptimizer.LearningRate);
        metrics.Record("train/n_updates", ++updates);
        if (actor.Rollout.ExplainedVariance is double explained) metrics.Record("train/explained_variance", explained);
        if (network.LogDeviation is not null) metrics.Record("train/std", network.MeanDeviation);
        actor.Rollout.Clear();
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(network), network);
        state.Part(nameof(valueOptimizer), valueOptimizer);
        state.Part(nameof(actor), actor);
        state.Part(nameof(shuffling), shuffling);
        state.Value(nameof(step), ref step);
        state.Value(nameof(updates), ref updates);
    }

    /// <summary>maximise L(θ) = E[π(a|s)/π_old(a|s) · Â] subject to E[KL(π_old ‖ π)] ≤ δ (equation 14)</summary>
    private void UpdatePolicy(RolloutBatch batch, IMetrics metrics)
    {
        using Workspace.Scope scope = workspace.Begin();
        Tensor surrogate = Surrogate(network.Policy(batch.Observations, batch.Masks), batch);
        double before = surrogate.Item();
        network.ZeroGradients();
        surrogate.Backward();
        network.Gradients.CopyTo(gradient);
        network.Parameters.CopyTo(old);

        // s ≈ F⁻¹·g, and the longest step along it that the quadratic model of the divergence allows: β = √(2δ / sᵀ·F·s)
        SolveByConjugateGradients(batch);
        search.CopyTo(direction.Parameters);
        double curvature = Dot(search, FisherProduct(batch));
        double length = curvature > 0 ? Math.Sqrt(2 * options.TargetKl / curvature) : 0;
        (bool isFound, double surrogateAfter, double divergence) = SearchLine(batch, before, length);
        metrics.Record("train/policy_objective", surrogateAfter);
        metrics.Record("train/kl_divergence_loss", divergence);
        metrics.Record("train/is_line_search_success", isFound ? 1 : 0);
    }

    private static Tensor Surrogate(in PolicyDistribution policy, RolloutBatch batch) =>
        ((policy.LogProbability(batch.Actions) - batch.LogProbabilities).Exp() * batch.Advantages).Mean();

    /// <summary>Shortens the step until the surrogate has grown and the divergence keeps its limit; the old policy stays if it never does.</summary>
    private (bool IsFound, double Surrogate, double Divergence) SearchLine(RolloutBatch batch, double before, double length)
    {
        using Autograd.PauseScope pause = Autograd.Pause();
        PolicyDistribution oldPolicy = network.Policy(batch.Observations, batch.Masks).Copied();
        for (int i = 0; i < options.LineSearchMaxIter && length > 0; i++)
        {
            Move(length);
            using Workspace.Scope scope = workspace.Begin();
            PolicyDistribution policy = network.Policy(batch.Observations, batch.Masks);
            double surrogate = Surrogate(policy, batch).Item();
            double divergence = oldPolicy.Divergence(policy).Mean().Item();
            if (divergence < options.TargetKl && surrogate > before) return (true, surrogate, divergence);
            length *= options.LineSearchShrinkingFactor;
        }

        old.CopyTo(network.Parameters);
        return (false, before, 0);
    }

    /// <summary>θ = θ_old + β·s</summary>
    private void Move(double length)
    {
        Span<float> parameters = network.Parameters;
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] = old[i] + (float)(length * search[i]);
        }
    }

    /// <summary>Solves F·s = g. Hestenes &amp; Stiefel 1952.</summary>
    private void SolveByConjugateGradients(RolloutBatch batch)
    {
        Array.Clear(search);
        gradient.CopyTo(residual, 0);
        Span<float> p = direction.Parameters;
        gradient.CopyTo(p);
        double squares = Dot(residual, residual);
        for (int i = 0; i < options.CgMaxSteps && squares >= SmallestResidual; i++)
        {
            ReadOnlySpan<float> product = FisherProduct(batch);
            double alpha = squares / Dot(p, product);
            for (int j = 0; j < search.Length; j++)
            {
                search[j] += (float)(alpha * p[j]);
                residual[j] -= (float)(alpha * product[j]);
            }

            double next = Dot(residual, residual);
            for (int j = 0; j < search.Length; j++)
            {
                p[j] = residual[j] + (float)(next / squares * p[j]);
            }

            squares = next;
        }
    }

    /// <summary>(F + damping) · v for the v that <see cref="direction"/> holds, F = E[Jᵀ·M·J] (appendix C.1). Valid until the next call.</summary>
    private ReadOnlySpan<float> FisherProduct(RolloutBatch batch)
    {
        using Workspace.Scope scope = workspace.Begin();
        float share = 1f / batch.Returns.Length;
        network.ZeroGradients();
        PolicyDistribution policy = network.Policy(batch.Observations, batch.Masks);
        Tensor? deviation = network.LogDeviation is null ? null : policy.Gaussian.LogDeviation;
        Tensor change;
        Tensor? deviationChange;
        using (Autograd.Pause())
        {
            (change, deviationChange) = network.PolicyTangent(batch.Observations, direction);
            change = policy.FisherProduct(change) * share;
        }

        policy.Output.Backward(change.Values);
        if (deviation is { Rank: 2 } && deviationChange is not null)
        {
            deviation.Backward((deviationChange * (2 * share)).Values);
        }

        Span<float> product = network.Gradients;
        Span<float> v = direction.Parameters;
        if (deviation is { Rank: 1 })
        {
            // σ does not depend on the state: the information in ln σ is 2 in every row.
            for (int i = 0; i < deviation.Length; i++)
            {
                deviation.Gradient[i] += 2 * deviationChange![i];
            }
        }

        for (int i = 0; i < product.Length; i++)
        {
            product[i] += (float)options.CgDamping * v[i];
        }

        return product;
    }

    /// <summary>Fits V to the returns: gradient steps on (V(s) − R)².</summary>
    private double FitValues()
    {
        double sum = 0;
        int count = 0;
        for (int pass = 0; pass < options.NCriticUpdates; pass++)
        {
            shuffling.Permutation(order);
            for (int first = 0; first < order.Length; first += options.BatchSize)
            {
                RolloutBatch batch = actor.Rollout.Batch(order.AsSpan(first, Math.Min(options.BatchSize, order.Length - first)));
                using Workspace.Scope scope = workspace.Begin();
                sum += valueOptimizer.Minimize(Loss.Mse(network.Value(batch.Observations), batch.Returns));
                count++;
            }
        }

        return sum / count;
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }
}
