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
/// Proximal policy optimization (Schulman et al. 2017) with a policy and a value function that remember, for tasks that an observation tells
/// only in part. The memory is a long short-term memory (Hochreiter &amp; Schmidhuber 1997).
/// </summary>
/// <remarks>
/// Where the paper says nothing, as in SB3-Contrib: (1) policy and value have memories of their own; (2) memories are emptied where episodes
/// begin; (3) updates see sequences, which begin with the memory that the policy had there when it acted. A sequence is as long as the longest
/// divisor of <c>NSteps</c> that is not above <c>BatchSize</c>; a batch is as many sequences as fit.
/// </remarks>
public sealed class RecurrentPpo : IAgent, IRecurrentPolicy, IMaskedPolicy
{
    private readonly RecurrentPpoOptions options;
    private readonly Box? box;
    private readonly int environments;
    private readonly RecurrentActorCritic network;
    private readonly PpoObjective objective;
    private readonly Optimizer optimizer;
    private readonly RolloutBuffer rollout;
    private readonly StateDependentNoise? noise;
    private readonly Pcg64 exploration;
    private readonly Pcg64 shuffling;
    private readonly Workspace workspace = new();

    // The memory now, and as it was before the first step of each sequence of the rollout; where episodes begin.
    private readonly RecurrentState memory;
    private readonly RecurrentState[] memoryAt;
    private readonly Tensor begins;
    private readonly float[] beginsAt;
    private readonly int length;
    private readonly int[] order;
    private readonly List<SequenceBatch> batches = [];
    private readonly float[] lastValues;

    // Of evaluation, which always starts from empty memories: no part of a checkpoint.
    private RecurrentState playing;
    private Tensor playingBegins = Tensor.Zeros(0);
    private long step;

    /// <param name="options">See <see cref="RecurrentPpoOptions"/>.</param>
    /// <param name="task">The spaces, and how many environments there are.</param>
    /// <param name="seeds">Gives the streams of initialisation, exploration and shuffling.</param>
    public RecurrentPpo(RecurrentPpoOptions options, AgentTask task, SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(seeds);
        options.Validate();
        this.options = options;
        box = task.ActionSpace as Box;
        environments = task.Environments;

        SeedSequence[] streams = seeds.Spawn(3);
        network = new RecurrentActorCritic(
            task.ObservationSpace, task.ActionSpace, options.Shape, options.LstmHiddenSize, options.NLstmLayers, options.SharedLstm,
            new Pcg64(streams[0]));
        optimizer = new Adam(network, options.LearningRate.Start, epsilon: options.AdamEpsilon)
        {
            Clip = new GradientClip(Norm: (float?)options.MaxGradNorm),
        };
        objective = new PpoObjective(options, optimizer, task.TotalSteps);
        exploration = new Pcg64(streams[1]);
        shuffling = new Pcg64(streams[2]);
        noise = network.Body.MakeNoise(environments, exploration);
        rollout = new RolloutBuffer(options.NSteps, environments, task.ObservationSpace, task.ActionSpace);
        length = LongestDivisor(options.NSteps, options.BatchSize);
        memory = network.EmptyState(environments);
        memoryAt = new RecurrentState[options.NSteps / length];
        for (int i = 0; i < memoryAt.Length; i++)
        {
            memoryAt[i] = network.EmptyState(environments);
        }

        begins = Tensor.Full(new Shape(1, environments), 1);
        beginsAt = new float[rollout.Length];
        order = new int[memoryAt.Length * environments];
        lastValues = new float[environments];
    }

    public Module Network => network;

    public Tensor? ActionMasks { get; set; }

    public void Begin(int rows)
    {
        playing = network.EmptyState(rows);
        playingBegins = Tensor.Full(new Shape(1, rows), 1);
    }

    public void BeginEpisode(int row) => playingBegins[row] = 1;

    /// <summary>argmax π(·|s₀ … s), within the bounds of a box.</summary>
    public void Act(Tensor observations, Tensor actions)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(actions);
        int rows = actions.Shape[0];
        if (playingBegins.Length != rows) Begin(rows);
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        (PolicyDistribution policy, _, RecurrentState after) =
            network.Evaluate(observations, time: 1, playing, playingBegins, ActionMasks);
        policy.Mode().Values.CopyTo(actions.Values);
        box?.Clip(actions.Values);
        playing.CopyFrom(after);
        playingBegins.Values.Clear();
    }

    /// <summary>a ~ π(·|s₀ … s)</summary>
    public void Explore(Tensor observations, Tensor actions)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(actions);
        int position = rollout.Count;
        if (position % length == 0) memoryAt[position / length].CopyFrom(memory);
        begins.Values.CopyTo(beginsAt.AsSpan(position * environments));
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        (PolicyDistribution policy, Tensor values, RecurrentState after) =
            network.Evaluate(observations, time: 1, memory, begins, ActionMasks);
        if (StateDependentNoise.IsDue(position, options.SdeSampleFreq)) noise?.Draw(exploration);
        (noise is null ? policy.Sample(exploration) : policy.Sample(noise)).Values.CopyTo(actions.Values);
        rollout.AddDecision(observations, actions.Values, values.Values, policy.LogProbability(actions).Values, ActionMasks);
        box?.Clip(actions.Values);
        memory.CopyFrom(after);
    }

    public void Observe(VectorEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        step += environments.Count;
        if (environments.Truncated.AsSpan().Contains(true)) Value(environments.NextObservations, starts: null, lastValues);
        rollout.AddOutcome(environments, options.Gamma, lastValues);
        for (int i = 0; i < environments.Count; i++)
        {
            begins[i] = environments.HasEnded(i) ? 1 : 0;
        }

        if (!rollout.IsFull) return;
        Value(environments.Observations, begins, lastValues);
        rollout.Finish(lastValues, options.Gamma, options.GaeLambda);
    }

    public void Learn(IMetrics metrics)
    {
        if (!rollout.IsFull) return;
        objective.BeginRound(step);
        for (int epoch = 0; epoch < options.NEpochs; epoch++)
        {
            if (!LearnOnce()) break;
        }

        objective.EndRound(metrics);
        if (rollout.ExplainedVariance is double explained) metrics.Record("train/explained_variance", explained);
        if (network.Body.LogDeviation is not null) metrics.Record("train/std", network.Body.MeanDeviation);
        rollout.Clear();
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(network), network);
        state.Part(nameof(optimizer), optimizer);
        state.Part(nameof(objective), objective);
        state.Part(nameof(rollout), rollout);
        if (noise is not null) state.Part(nameof(noise), noise);
        state.Part(nameof(exploration), exploration);
        state.Part(nameof(shuffling), shuffling);
        Visit(state, nameof(memory), memory);
        for (int i = 0; i < memoryAt.Length; i++)
        {
            Visit(state, $"{nameof(memoryAt)}{i}", memoryAt[i]);
        }

        state.Values(nameof(begins), begins.Values);
        state.Values(nameof(beginsAt), beginsAt.AsSpan());
        state.Value(nameof(step), ref step);
    }

    /// <summary>Uses every sequence of the rollout once, in random order.</summary>
    /// <returns>False once the policy has moved too far.</returns>
    private bool LearnOnce()
    {
        shuffling.Permutation(order);
        int perBatch = Math.Max(1, options.BatchSize / length);
        for (int first = 0; first < order.Length; first += perBatch)
        {
            SequenceBatch sequences = Sequences(order.AsSpan(first, Math.Min(perBatch, order.Length - first)));
            RolloutBatch batch = rollout.Batch(sequences.Rows);
            if (options.NormalizeAdvantage) batch.NormalizeAdvantages();
            using Workspace.Scope scope = workspace.Begin();
            (PolicyDistribution policy, Tensor value, _) = network.Evaluate(
                batch.Observations, length, sequences.Memory, sequences.Begins, batch.Masks);
            if (!objective.Update(policy, value, batch)) return false;
        }

        return true;
    }

    /// <summary>Sequence i is that of environment i mod N, from step (i div N) · length on. Rows lie by time, then by sequence.</summary>
    private SequenceBatch Sequences(ReadOnlySpan<int> chosen)
    {
        SequenceBatch batch = BatchOf(chosen.Length);
        for (int i = 0; i < chosen.Length; i++)
        {
            int environment = chosen[i] % environments;
            int part = chosen[i] / environments;
            batch.Memory.CopyRow(memoryAt[part], environment, i);
            for (int t = 0; t < length; t++)
            {
                int row = (((part * length) + t) * environments) + environment;
                batch.Rows[(t * chosen.Length) + i] = row;
                batch.Begins[(t * chosen.Length) + i] = beginsAt[row];
            }
        }

        return batch;
    }

    private SequenceBatch BatchOf(int count)
    {
        foreach (SequenceBatch known in batches)
        {
            if (known.Count == count) return known;
        }

        var batch = new SequenceBatch(count, new int[length * count], Tensor.Zeros(length, count), network.EmptyState(count));
        batches.Add(batch);
        return batch;
    }

    /// <summary>V of observations that follow the latest step; the memory stays as it is.</summary>
    private void Value(Tensor observations, Tensor? starts, Span<float> values)
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        network.Evaluate(observations, time: 1, memory, starts).Value.Values.CopyTo(values);
    }

    private static void Visit(IStateVisitor state, string name, in RecurrentState memory)
    {
        state.Enter(name);
        memory.Visit(state);
        state.Leave();
    }

    private static int LongestDivisor(int number, int limit)
    {
        for (int divisor = Math.Min(number, limit); ; divisor--)
        {
            if (number % divisor == 0) return divisor;
        }
    }

    /// <summary>Sequences of one batch: their rows in the rollout, where episodes begin, and the memory before their first step.</summary>
    private sealed record SequenceBatch(int Count, int[] Rows, Tensor Begins, RecurrentState Memory);
}
