using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments;

/// <summary>One number of an observation.</summary>
/// <param name="Name">For people.</param>
/// <param name="Low">The smallest value, or negative infinity.</param>
/// <param name="High">The largest value, or infinity.</param>
/// <param name="Of">Reads it off the state.</param>
public readonly record struct Feature<TState>(string Name, float Low, float High, Func<TState, double> Of);

/// <summary>Where an action led.</summary>
public readonly record struct Move<TState>(TState State, double Reward, bool Terminated = false);

/// <summary>
/// A task of your own without spans: the state is a struct, and the observation a list of what is read off the state. Seeds, checks,
/// saving and restoring come with it. Derive from <see cref="TypedEnvironment{TState, TAction}"/> where actions are an enumeration,
/// from <see cref="ContinuousEnvironment{TState, TAction}"/> where they are numbers.
/// </summary>
/// <typeparam name="TState">All that decides how an episode goes on; a struct of plain values.</typeparam>
public abstract class TypedEnvironment<TState> : IEnvironment, IStateful
    where TState : unmanaged
{
    private readonly Feature<TState>[] features;
    private Pcg64 random = new(0);
    private TState state;
    private bool isRunning;

    private protected TypedEnvironment(ReadOnlySpan<Feature<TState>> features)
    {
        if (features.IsEmpty) throw new ArgumentException("An observation has at least one number.", nameof(features));
        this.features = features.ToArray();
        ObservationSpace = new Box(
            Array.ConvertAll(this.features, feature => feature.Low), Array.ConvertAll(this.features, feature => feature.High));
    }

    public Space ObservationSpace { get; }

    public abstract Space ActionSpace { get; }

    /// <summary>The state that the latest action led to.</summary>
    public TState State => state;

    /// <summary>Names and bounds of the observation's numbers.</summary>
    public IReadOnlyList<Feature<TState>> Features => features;

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);
        state = Start(random);
        isRunning = true;
        Observe(observation);
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(isRunning);
        Move<TState> move = Act(state, action, random);
        state = move.State;
        isRunning = !move.Terminated;
        Observe(observation);
        return new StepResult(move.Reward, move.Terminated);
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        state.Value(nameof(this.state), ref this.state);
        state.Value(nameof(isRunning), ref isRunning);
    }

    /// <summary>The state in which an episode begins.</summary>
    protected abstract TState Start(Pcg64 random);

    private protected abstract Move<TState> Act(in TState from, ReadOnlySpan<float> action, Pcg64 random);

    private void Observe(Span<float> observation)
    {
        for (int i = 0; i < features.Length; i++)
        {
            observation[i] = (float)features[i].Of(state);
        }
    }
}

/// <summary>A task of your own whose actions are an enumeration.</summary>
/// <typeparam name="TState">All that decides how an episode goes on; a struct of plain values.</typeparam>
/// <typeparam name="TAction">The actions; action i is the i-th value by number.</typeparam>
/// <param name="features">The numbers of an observation, in their order.</param>
public abstract class TypedEnvironment<TState, TAction>(params ReadOnlySpan<Feature<TState>> features) : TypedEnvironment<TState>(features)
    where TState : unmanaged
    where TAction : unmanaged, Enum
{
    private static readonly TAction[] Actions = [.. Enum.GetValues<TAction>().Order()];

    private readonly Discrete actionSpace = new(Actions.Length);

    public override Space ActionSpace => actionSpace;

    /// <summary>What an action does.</summary>
    protected abstract Move<TState> Next(TState state, TAction action, Pcg64 random);

    private protected override Move<TState> Act(in TState from, ReadOnlySpan<float> action, Pcg64 random) =>
        Next(from, Actions[Guard.Index(action, actionSpace)], random);
}
