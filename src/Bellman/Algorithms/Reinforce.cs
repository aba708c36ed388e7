using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>
/// REINFORCE: Williams 1992, "Simple statistical gradient-following algorithms for connectionist reinforcement learning", in the episodic form
/// of Sutton &amp; Barto 2018, section 13.3, with a baseline as in section 13.4.
/// </summary>
/// <remarks>
/// Deviations: (1) the gradient is averaged over n episodes before a step; (2) weights are scaled to deviation 1, unless switched off; (3) the
/// factor γᵗ of the book is left out, as is usual; (4) an episode cut by a time limit counts as one that ended, unless a value function can
/// tell what would have come; (5) with several environments, episodes that run on over an update were begun by the policy before it.
/// </remarks>
public sealed class Reinforce : IAgent
{
    private const int ChunkRows = 256;

    private readonly ReinforceOptions options;
    private readonly Box? box;
    private readonly long totalSteps;
    private readonly ActorCritic network;
    private readonly Optimizer optimizer;
    private readonly TrajectoryBuffer trajectories;
    private readonly Pcg64 exploration;
    private readonly Workspace workspace = new();
    private readonly Tensor chunkObservations;
    private readonly Tensor chunkActions;
    private readonly Tensor weights = Tensor.Zeros(ChunkRows);
    private readonly Tensor returns = Tensor.Zeros(ChunkRows);
    private readonly Tensor shares = Tensor.Zeros(ChunkRows);
    private float[] advantages = [];
    private long step;
    private long updates;

    /// <param name="options">See <see cref="ReinforceOptions"/>.</param>
    /// <param name="task">The spaces, and how many environments there are.</param>
    /// <param name="seeds">Gives the streams of initialisation and exploration.</param>
    public Reinforce(ReinforceOptions options, AgentTask task, SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(seeds);
        options.Validate();
        this.options = options;
        totalSteps = task.TotalSteps;
        box = task.ActionSpace as Box;

        SeedSequence[] streams = seeds.Spawn(2);
        network = new ActorCritic(task.ObservationSpace, task.ActionSpace, options.Shape, new Pcg64(streams[0]));
        exploration = new Pcg64(streams[1]);
        optimizer = new Adam(network, options.LearningRate.Start) { Clip = new GradientClip(Norm: (float?)options.MaxGradNorm) };
        trajectories = new TrajectoryBuffer(task.Environments, task.ObservationSpace, task.ActionSpace);
        chunkObservations = Tensor.Zeros(task.ObservationSpace.Shape.Prepend(ChunkRows));
        chunkActions = Tensor.Zeros(ChunkRows, task.ActionSpace.FlatSize);
    }

    public Module Network => network;

    /// <summary>argmax π(·|s), within the bounds of a box.</summary>
    public void Act(Tensor observations, Tensor actions)
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        network.Policy(observations).Mode().Values.CopyTo(actions.Values);
        box?.Clip(actions.Values);
    }

    /// <summary>a ~ π(·|s)</summary>
    public void Explore(Tensor observations, Tensor actions)
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        network.Policy(observations).Sample(exploration).Values.CopyTo(actions.Values);
        int environments = actions.Shape[0];
        for (int i = 0; i < environments; i++)
        {
            trajectories.AddDecision(i, observations.Row(i), actions.Row(i));
        }

        box?.Clip(actions.Values);
    }

    public void Observe(VectorEnvironment environments)
    {
        step += environments.Count;
        for (int i = 0; i < environments.Count; i++)
        {
            trajectories.AddReward(i, environments.Rewards[i]);
            if (environments.HasEnded(i)) trajectories.End(i, options.Gamma, ValueAfter(environments, i), options.RewardToGo);
        }
    }

    public void Learn(IMetrics metrics)
    {
        if (trajectories.Episodes < options.NTrajectories) return;
        optimizer.LearningRate = options.LearningRate.At(step, totalSteps);
        ComputeAdvantages();
        Update(metrics);
        metrics.Record("train/learning_rate", optimizer.LearningRate);
        metrics.Record("train/n_updates", ++updates);
        if (network.LogDeviation is not null) metrics.Record("train/std", network.MeanDeviation);
        trajectories.Clear();
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(network), network);
        state.Part(nameof(optimizer), optimizer);
        state.Part(nameof(trajectories), trajectories);
        state.Part(nameof(exploration), exploration);
        state.Value(nameof(step), ref step);
        state.Value(nameof(updates), ref updates);
    }

    /// <summary>One gradient step on −E[ln π(a|s) · (G − b(s))], and on (G − V(s))² where V is the baseline. Chunks bound the memory.</summary>
    private void Update(IMetrics metrics)
    {
        double policySum = 0;
        double valueSum = 0;
        double entropySum = 0;
        network.ZeroGradients();
        for (int first = 0; first < trajectories.Count; first += ChunkRows)
        {
            ReadChunk(first);
            using Workspace.Scope scope = workspace.Begin();
            (PolicyDistribution policy, Tensor value) = network.Evaluate(chunkObservations);
            Tensor policyLoss = -(policy.LogProbability(chunkActions) * weights * shares).Sum();
            Tensor entropy = (policy.Entropy() * shares).Sum();
            Tensor valueLoss = ((value - returns).Square() * shares).Sum();
            Tensor loss = policyLoss - (entropy * (float)options.EntCoef);
            if (options.Baseline == ReinforceBaseline.Value) loss += valueLoss * (float)options.VfCoef;
            loss.Backward();
            policySum += policyLoss.Item();
            valueSum += valueLoss.Item();
            entropySum += entropy.Item();
        }

        optimizer.Step();
        metrics.Record("train/policy_loss", policySum);
        metrics.Record("train/entropy_loss", -entropySum);
        metrics.Record("train/loss", policySum - (options.EntCoef * entropySum));
        if (options.Baseline == ReinforceBaseline.Value) metrics.Record("train/value_loss", valueSum);
    }

    /// <summary>G − b(s) of every step, scaled to deviation 1 if asked for.</summary>
    private void ComputeAdvantages()
    {
        int count = trajectories.Count;
        if (advantages.Length < count) advantages = new float[Math.Max(count, 2 * advantages.Length)];
        Span<float> all = advantages.AsSpan(0, count);
        trajectories.Returns.CopyTo(all);
        if (options.Baseline == ReinforceBaseline.Value) SubtractValues(all);
        double mean = Mean(all);
        double squares = 0;
        foreach (float advantage in all)
        {
            squares += (advantage - mean) * (advantage - mean);
        }

        double shift = options.Baseline == ReinforceBaseline.Mean ? mean : 0;
        double scale = options.NormalizeAdvantage ? 1 / (Math.Sqrt(squares / count) + 1e-8) : 1;
        foreach (ref float advantage in all)
        {
            advantage = (float)((advantage - shift) * scale);
        }
    }

    private void SubtractValues(Span<float> all)
    {
        using Autograd.PauseScope pause = Autograd.Pause();
        for (int first = 0; first < all.Length; first += ChunkRows)
        {
            using Workspace.Scope scope = workspace.Begin();
            int count = trajectories.Read(first, chunkObservations, chunkActions);
            ReadOnlySpan<float> values = network.Value(chunkObservations).Values;
            for (int i = 0; i < count; i++)
            {
                all[first + i] -= values[i];
            }
        }
    }

    /// <summary>Rows that repeat the last step, to fill the chunk, have no share in the mean.</summary>
    private void ReadChunk(int first)
    {
        int count = trajectories.Read(first, chunkObservations, chunkActions);
        weights.Values.Clear();
        returns.Values.Clear();
        shares.Values.Clear();
        advantages.AsSpan(first, count).CopyTo(weights.Values);
        trajectories.Returns.Slice(first, count).CopyTo(returns.Values);
        shares.Values[..count].Fill(1f / trajectories.Count);
    }

    private double ValueAfter(VectorEnvironment environments, int index)
    {
        if (environments.Terminated[index] || options.Baseline != ReinforceBaseline.Value) return 0;
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        return network.Value(environments.NextObservations)[index];
    }

    private static double Mean(ReadOnlySpan<float> numbers)
    {
        double sum = 0;
        foreach (float number in numbers)
        {
            sum += number;
        }

        return sum / numbers.Length;
    }
}
