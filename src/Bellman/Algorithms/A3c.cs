using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>
/// Asynchronous advantage actor-critic: Mnih et al. 2016, "Asynchronous methods for deep reinforcement learning", algorithm S3. Every worker has
/// an environment, and a copy of the parameters by which it acts for t_max steps; its gradient then moves the shared parameters, without
/// waiting for the other workers or locking them out, and it copies what has become of them.
/// </summary>
/// <remarks>
/// Deviations from the paper: (1) workers step their environments in time with each other, as all algorithms here do, but begin their t_max
/// steps at different times; threads run side by side where they learn; (2) policy and value have networks of their own; (3) an episode cut
/// by a time limit is bootstrapped from its last observation. Since the order in which threads reach the shared parameters is left to the
/// machine, this is the one algorithm that a seed does not repeat to the bit.
/// </remarks>
public sealed class A3c : IAgent, IDisposable
{
    private readonly A3cOptions options;
    private readonly Box? box;
    private readonly long totalSteps;
    private readonly ActorCritic network;
    private readonly Optimizer optimizer;
    private readonly Worker[] workers;
    private readonly Worker[] due;
    private readonly WorkerTeam? team;
    private readonly Workspace workspace = new();
    private long step;
    private long updates;

    /// <param name="options">See <see cref="A3cOptions"/>.</param>
    /// <param name="task">The spaces, and how many environments there are: as many workers.</param>
    /// <param name="seeds">Gives the streams of initialisation and of each worker's exploration.</param>
    public A3c(A3cOptions options, AgentTask task, SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(seeds);
        options.Validate();
        this.options = options;
        totalSteps = task.TotalSteps;
        box = task.ActionSpace as Box;

        SeedSequence[] streams = seeds.Spawn(1 + task.Environments);
        network = new ActorCritic(task.ObservationSpace, task.ActionSpace, options.Shape, new Pcg64(streams[0]));
        optimizer = new RmsProp(network, options.LearningRate.Start, epsilon: options.RmsPropEps)
        {
            Clip = new GradientClip(Norm: (float?)options.MaxGradNorm),
        };
        workers = new Worker[task.Environments];
        due = new Worker[task.Environments];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Worker(this, task, new Pcg64(streams[1 + i]), firstLength: 1 + (i % options.NSteps));
        }

        int threads = Math.Min(workers.Length, Environment.ProcessorCount);
        if (threads > 1) team = new WorkerTeam(threads, LearnRange);
    }

    public Module Network => network;

    /// <summary>argmax π(·|s) by the shared parameters, within the bounds of a box.</summary>
    public void Act(Tensor observations, Tensor actions)
    {
        ArgumentNullException.ThrowIfNull(actions);
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        network.Policy(observations).Mode().Values.CopyTo(actions.Values);
        box?.Clip(actions.Values);
    }

    /// <summary>Each worker draws a ~ π(·|s) by its own copy of the parameters.</summary>
    public void Explore(Tensor observations, Tensor actions)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(actions);
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i].Explore(observations.Row(i), actions.Row(i));
        }

        box?.Clip(actions.Values);
    }

    public void Observe(VectorEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        step += environments.Count;
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i].Observe(
                environments.Rewards[i], environments.Terminated[i], environments.Truncated[i], environments.NextObservations.Row(i));
        }
    }

    public void Learn(IMetrics metrics)
    {
        int count = 0;
        foreach (Worker worker in workers)
        {
            if (worker.IsDue) due[count++] = worker;
        }

        if (count == 0) return;
        optimizer.LearningRate = options.LearningRate.At(step, totalSteps);
        if (team is null || count == 1) LearnRange(0, count);
        else team.Run(count);
        updates += count;
        metrics.Record("train/learning_rate", optimizer.LearningRate);
        metrics.Record("train/n_updates", updates);
        metrics.Record("train/policy_loss", due[0].PolicyLoss);
        metrics.Record("train/value_loss", due[0].ValueLoss);
        metrics.Record("train/entropy_loss", -due[0].Entropy);
        metrics.Record("train/loss", due[0].PolicyLoss + (options.VfCoef * due[0].ValueLoss) - (options.EntCoef * due[0].Entropy));
        if (network.LogDeviation is not null) metrics.Record("train/std", network.MeanDeviation);
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(network), network);
        state.Part(nameof(optimizer), optimizer);
        for (int i = 0; i < workers.Length; i++)
        {
            state.Part($"worker{i}", workers[i]);
        }

        state.Value(nameof(step), ref step);
        state.Value(nameof(updates), ref updates);
    }

    public void Dispose() => team?.Dispose();

    private void LearnRange(int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            due[i].Learn();
        }
    }

    /// <summary>One worker: what it acts by, what it has seen since its last update, and its gradient.</summary>
    private sealed class Worker : IStateful
    {
        private readonly A3c shared;
        private readonly ActorCritic local;
        private readonly Pcg64 random;
        private readonly Workspace workspace = new();
        private readonly Tensor observation;
        private readonly Tensor successor;
        private readonly Tensor observations;
        private readonly Tensor actions;
        private readonly Tensor rewards;
        private readonly Tensor returns;
        private readonly Tensor shares;
        private int length;
        private int count;
        private bool hasEnded;
        private bool isTerminal;

        public Worker(A3c shared, AgentTask task, Pcg64 random, int firstLength)
        {
            this.shared = shared;
            this.random = random;
            local = new ActorCritic(task.ObservationSpace, task.ActionSpace, shared.options.Shape, new Pcg64(0));
            local.CopyFrom(shared.network);
            int steps = shared.options.NSteps;
            observation = Tensor.Zeros(task.ObservationSpace.Shape.Prepend(1));
            successor = Tensor.Zeros(task.ObservationSpace.Shape.Prepend(1));
            observations = Tensor.Zeros(task.ObservationSpace.Shape.Prepend(steps));
            actions = Tensor.Zeros(steps, task.ActionSpace.FlatSize);
            rewards = Tensor.Zeros(steps);
            returns = Tensor.Zeros(steps);
            shares = Tensor.Zeros(steps);
            length = firstLength;
        }

        /// <summary>True after t_max steps, and where an episode has ended.</summary>
        public bool IsDue => hasEnded || count == length;

        public double PolicyLoss { get; private set; }

        public double ValueLoss { get; private set; }

        public double Entropy { get; private set; }

        public void Explore(ReadOnlySpan<float> seen, Span<float> action)
        {
            seen.CopyTo(observation.Values);
            seen.CopyTo(observations.Values[(count * seen.Length)..]);
            using Workspace.Scope scope = workspace.Begin();
            using Autograd.PauseScope pause = Autograd.Pause();
            local.Policy(observation).Sample(random).Values.CopyTo(action);
            action.CopyTo(actions.Values[(count * action.Length)..]);
        }

        public void Observe(float reward, bool terminated, bool truncated, ReadOnlySpan<float> next)
        {
            rewards[count++] = reward;
            hasEnded = terminated || truncated;
            isTerminal = terminated;
            next.CopyTo(successor.Values);
        }

        /// <summary>One step of the shared parameters on −ln π(a|s)·(R − V(s)) − β·H(π(·|s)) + c·(R − V(s))², by the local gradient.</summary>
        public void Learn()
        {
            using Workspace.Scope scope = workspace.Begin();
            ComputeReturns();
            (PolicyDistribution policy, Tensor value) = local.Evaluate(observations);
            Tensor advantage = returns - value.Detach();
            Tensor policyLoss = -(policy.LogProbability(actions) * advantage * shares).Sum();
            Tensor valueLoss = ((returns - value).Square() * shares).Sum();
            Tensor entropy = (policy.Entropy() * shares).Sum();
            Tensor loss = policyLoss + (valueLoss * (float)shared.options.VfCoef) - (entropy * (float)shared.options.EntCoef);
            local.ZeroGradients();
            loss.Backward();
            shared.optimizer.StepBy(local);
            local.CopyFrom(shared.network);
            (PolicyLoss, ValueLoss, Entropy) = (policyLoss.Item(), valueLoss.Item(), entropy.Item());
            count = 0;
            length = shared.options.NSteps;
            hasEnded = false;
        }

        public void Visit(IStateVisitor state)
        {
            state.Part(nameof(local), local);
            state.Part(nameof(random), random);
            state.Values(nameof(observations), observations.Values);
            state.Values(nameof(actions), actions.Values);
            state.Values(nameof(rewards), rewards.Values);
            state.Value(nameof(length), ref length);
            state.Value(nameof(count), ref count);
        }

        /// <summary>R = r + γ·R backwards from V(s_last), or from 0 after a terminal step. Rows that were not reached have no share.</summary>
        private void ComputeReturns()
        {
            double after = 0;
            if (!isTerminal)
            {
                using Autograd.PauseScope pause = Autograd.Pause();
                after = local.Value(successor)[0];
            }

            Returns.RewardToGo(rewards.Values[..count], shared.options.Gamma, after, returns.Values);
            shares.Values.Clear();
            shares.Values[..count].Fill(1f / count);
        }
    }
}
