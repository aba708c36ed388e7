using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.State;
using Bellman.Telemetry;

namespace Bellman.Training;

/// <summary>Something that happens beside training: evaluation, checkpoints, a display.</summary>
public interface ITrainingHook
{
    /// <summary>Called after every step of the environments, once the agent has learned from it.</summary>
    void AfterStep(Trainer trainer);
}

/// <summary>The one training loop. It holds everything that decides how training goes on.</summary>
public sealed class Trainer : IStateful
{
    private readonly IReadOnlyList<ITrainingHook> hooks;
    private long step;
    private bool hasBegun;

    /// <param name="agent">Made for these environments.</param>
    /// <param name="environments">Reset at the first step.</param>
    /// <param name="metrics">Gets the agent's numbers and those of the episodes.</param>
    /// <param name="hooks">Called in this order after every step.</param>
    public Trainer(
        IAgent agent, VectorEnvironment environments, Metrics metrics, params IReadOnlyList<ITrainingHook> hooks)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(environments);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(hooks);
        Agent = agent;
        Environments = environments;
        Metrics = metrics;
        this.hooks = hooks;
    }

    public IAgent Agent { get; }

    public VectorEnvironment Environments { get; }

    public Metrics Metrics { get; }

    /// <summary>The episodes that ended last.</summary>
    public EpisodeStatistics Episodes { get; } = new(capacity: 100);

    /// <summary>Environment steps taken so far, over all copies.</summary>
    public long Step => step;

    /// <summary>Why training ends before its last step; null while it does not.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Lets training end after this step.</summary>
    /// <param name="reason">A sentence for the user.</param>
    public void Stop(string reason) => StopReason = reason;

    /// <summary>
    /// Trains, or goes on training, until so many steps have been taken, a hook stops it or the caller does.
    /// </summary>
    /// <param name="totalSteps">Environment steps over all copies, counted from the very first.</param>
    /// <param name="seed">Of the environments.</param>
    /// <param name="stop">Ends training between two steps, at a state from which it can go on.</param>
    /// <exception cref="NonFiniteException">An environment gave a reward or an observation that is none.</exception>
    public void Run(long totalSteps, ulong seed, CancellationToken stop = default)
    {
        if (!hasBegun) Environments.Reset(seed);
        hasBegun = true;
        while (step < totalSteps && StopReason is null && !stop.IsCancellationRequested)
        {
            if (Agent is IMaskedPolicy masked) masked.ActionMasks = Environments.ActionMasks;
            Agent.Explore(Environments.Observations, Environments.Actions);
            Environments.Step();
            step += Environments.Count;
            Metrics.Step = step;
            NonFiniteException.ThrowIfAny(Environments, step);
            Episodes.Observe(Environments);
            Agent.Observe(Environments);
            Agent.Learn(Metrics);
            foreach (ITrainingHook hook in hooks)
            {
                hook.AfterStep(this);
            }
        }
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(step), ref step);
        state.Value(nameof(hasBegun), ref hasBegun);
        string? reason = StopReason;
        state.Text(nameof(StopReason), ref reason);
        StopReason = reason;
        state.Part(nameof(Environments), Environments);
        state.Part(nameof(Agent), Agent);
        state.Part(nameof(Metrics), Metrics);
        state.Part(nameof(Episodes), Episodes);
        for (int i = 0; i < hooks.Count; i++)
        {
            if (hooks[i] is IStateful hook) state.Part($"hook{i}", hook);
        }
    }
}
