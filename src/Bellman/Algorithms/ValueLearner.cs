using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>
/// What <see cref="Dqn"/>, <see cref="C51"/> and <see cref="QrDqn"/> have in common: networks, memory, exploration, and when to update
/// what. An algorithm owns one and adds what a network's output says of an action's value, and its update.
/// </summary>
internal sealed class ValueLearner : IStateful
{
    private static readonly Tensor Forbidden = Tensor.Scalar(float.MinValue);

    private readonly ValueOptions options;
    private readonly Discrete actionSpace;
    private readonly long totalSteps;
    private readonly Func<Tensor, Tensor> values;
    private readonly Func<Batch, Tensor> loss;
    private readonly Optimizer optimizer;
    private readonly ReplayBuffer replay;
    private readonly Pcg64 exploration;
    private readonly Pcg64 sampling;
    private readonly Schedule beta;
    private readonly Workspace workspace = new();
    private readonly Tensor firstRows;
    private readonly int numbers;
    private readonly int targetRounds;
    private readonly int stepsPerRound;
    private long step;
    private long rounds;
    private long updates;
    private long episodes;
    private long episodesBefore;

    /// <param name="algorithm">Its name, for messages.</param>
    /// <param name="options">Within their ranges.</param>
    /// <param name="observationSpace">What the network sees.</param>
    /// <param name="actionSpace">A discrete space.</param>
    /// <param name="environments">Copies that are stepped together.</param>
    /// <param name="totalSteps">Environment steps of the whole training, which schedules refer to.</param>
    /// <param name="seeds">Gives the streams of initialisation, exploration and sampling.</param>
    /// <param name="numbers">Numbers by which the network describes the value of an action.</param>
    /// <param name="values">A network's output [batch, actions · numbers] → Q(s, ·) [batch, actions].</param>
    /// <param name="loss">The algorithm's equation: what is minimised on a batch.</param>
    public ValueLearner(
        string algorithm, ValueOptions options, Space observationSpace, Space actionSpace, int environments, long totalSteps,
        SeedSequence seeds, int numbers, Func<Tensor, Tensor> values, Func<Batch, Tensor> loss)
    {
        this.options = options;
        this.actionSpace = actionSpace as Discrete
            ?? throw new ArgumentException($"{algorithm} chooses among Discrete actions; got {actionSpace}.", nameof(actionSpace));
        this.totalSteps = totalSteps;
        this.numbers = numbers;
        this.values = values;
        this.loss = loss;

        SeedSequence[] streams = seeds.Spawn(3);
        var initialisation = new Pcg64(streams[0]);
        exploration = new Pcg64(streams[1]);
        sampling = new Pcg64(streams[2]);
        Online = ValueNetwork.Create(options, observationSpace, Actions, numbers, initialisation);
        Target = options.TargetNetwork ? ValueNetwork.Create(options, observationSpace, Actions, numbers, initialisation) : Online;
        Target.CopyFrom(Online);

        // As in Stable-Baselines3 and PyTorch's lesson: targets come from running statistics, but with noise of their own (Hessel et al. 2018).
        if (options.TargetNetwork) Target.Train(options.NoisyNet);
        optimizer = OptimizerFactory.Create(
            options.Optimizer, Online, options.LearningRate.Start, options.Amsgrad, options.WeightDecay,
            new GradientClip((float?)options.ClipGradValue, (float?)options.MaxGradNorm), options.OptimizerEps);
        stepsPerRound = options.TrainFreq * environments;
        targetRounds = Math.Max(1, options.TargetUpdateInterval / environments);
        beta = Schedule.LinearOver(options.PrioritizedReplayBeta0, 1, fraction: 1);
        replay = new ReplayBuffer(
            options.BufferSize, observationSpace, actionSpace, environments, options.Gamma, options.NSteps,
            options.PrioritizedReplay ? new Prioritization(options.PrioritizedReplayAlpha, options.PrioritizedReplayEps) : null);
        firstRows = Tensor.Zeros(options.BatchSize);
        for (int i = 0; i < options.BatchSize; i++)
        {
            firstRows[i] = i * Actions;
        }
    }

    /// <summary>The network that learns and acts.</summary>
    public Module Online { get; }

    /// <summary>The network that targets are made with.</summary>
    public Module Target { get; }

    /// <summary>How many actions there are.</summary>
    public int Actions => actionSpace.Count;

    /// <summary>ε now: the probability of a random action.</summary>
    public double ExplorationRate =>
        step < options.LearningStarts ? 1 : options.NoisyNet ? 0 : options.Exploration.At(step, totalSteps);

    /// <summary>Which actions the next calls may choose; null where all may.</summary>
    public Tensor? ActionMasks { get; set; }

    private bool IsTargetDue => options.TargetUpdateEpisodes is int interval
        ? episodesBefore / interval != episodes / interval
        : rounds % targetRounds == 0;

    /// <summary>a = argmax Q(s, ·), without noise.</summary>
    public void Act(Tensor observations, Tensor actions)
    {
        Online.Train(on: false);
        ActGreedily(observations, actions);
        Online.Train();
    }

    /// <summary>ε-greedy, or greedy with new noise; entirely random before learning starts.</summary>
    public void Explore(Tensor observations, Tensor actions)
    {
        replay.Begin(observations);
        double epsilon = ExplorationRate;
        if (step >= options.LearningStarts)
        {
            if (options.NoisyNet) Online.ResetNoise();
            Online.Train(options.NoisyNet || options.ExploreInTrainingMode);
            ActGreedily(observations, actions);
            Online.Train();
            if (options.NoisyNet) return;
        }

        for (int i = 0; i < actions.Length; i++)
        {
            if (exploration.NextDouble() < epsilon) actions[i] = Random(i);
        }
    }

    public void Observe(VectorEnvironment environments)
    {
        replay.Add(environments);
        step += environments.Count;
        rounds++;
        episodesBefore = episodes;
        for (int i = 0; i < environments.Count; i++)
        {
            if (environments.HasEnded(i)) episodes++;
        }
    }

    public void Learn(IMetrics metrics)
    {
        if (options.TargetNetwork && IsTargetDue) Target.Blend(Online, (float)options.Tau);
        if (rounds % options.TrainFreq != 0 || step <= options.LearningStarts) return;

        optimizer.LearningRate = options.LearningRate.At(step, totalSteps);
        int count = options.GradientSteps == -1 ? stepsPerRound : options.GradientSteps;
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += Update();
        }

        updates += count;
        metrics.Record("train/loss", sum / count);
        metrics.Record("train/learning_rate", optimizer.LearningRate);
        metrics.Record("train/n_updates", updates);
        metrics.Record("rollout/exploration_rate", ExplorationRate);
        if (options.PrioritizedReplay) metrics.Record("train/priority_beta", beta.At(step, totalSteps));
    }

    /// <summary>Actions as the environments know them, [batch, 1], as columns of a network's output, [batch].</summary>
    public Tensor Columns(Tensor actions)
    {
        Tensor flat = actions.Reshape(-1);
        return actionSpace.Start == 0 ? flat : flat - actionSpace.Start;
    }

    /// <summary>The numbers of one action of each row.</summary>
    /// <param name="output">[batch, actions · numbers], of a whole batch.</param>
    /// <param name="columns">Which action: [batch].</param>
    /// <returns>[batch, numbers]</returns>
    public Tensor Pick(Tensor output, Tensor columns) => output.Reshape(-1, numbers).Rows(columns + firstRows);

    /// <summary>Tells the memory how large the errors of a batch are.</summary>
    /// <param name="batch">As it was drawn.</param>
    /// <param name="errors">δ, or another measure of surprise that is 0 where there is none: [batch].</param>
    public void SetPriorities(Batch batch, Tensor errors) => replay.SetPriorities(batch, errors.Values);

    public void Visit(IStateVisitor state)
    {
        state.Part("online", Online);
        state.Part("target", Target);
        state.Part(nameof(optimizer), optimizer);
        state.Part(nameof(replay), replay);
        state.Part(nameof(exploration), exploration);
        state.Part(nameof(sampling), sampling);
        state.Value(nameof(step), ref step);
        state.Value(nameof(rounds), ref rounds);
        state.Value(nameof(updates), ref updates);
        state.Value(nameof(episodes), ref episodes);
    }

    private void ActGreedily(Tensor observations, Tensor actions)
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        Tensor all = values(Online.Forward(observations));
        if (ActionMasks is not null) all = Tensor.Where(ActionMasks, all, Forbidden);
        all.ArgMaxRows(actions.Values);
        for (int i = 0; i < actions.Length; i++)
        {
            actions[i] += actionSpace.Start;
        }
    }

    /// <summary>One of the actions that row i may choose, all with the same probability.</summary>
    private float Random(int row)
    {
        if (ActionMasks is null) return actionSpace.Start + exploration.Integers(Actions);
        ReadOnlySpan<float> mask = ActionMasks.Row(row);
        int allowed = Actions - mask.Count(0f);
        if (allowed == 0) return actionSpace.Start;
        int left = exploration.Integers(allowed);
        for (int action = 0; ; action++)
        {
            if (mask[action] != 0 && left-- == 0) return actionSpace.Start + action;
        }
    }

    private float Update()
    {
        using Workspace.Scope scope = workspace.Begin();
        if (options.NoisyNet)
        {
            Online.ResetNoise();
            if (options.TargetNetwork) Target.ResetNoise();
        }

        Batch batch = options.PrioritizedReplay
            ? replay.Sample(options.BatchSize, sampling, beta.At(step, totalSteps))
            : replay.Sample(options.BatchSize, sampling);
        return optimizer.Minimize(loss(batch));
    }
}
