using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.Wrappers;

/// <summary>An environment that counts lives.</summary>
public interface ILives
{
    /// <summary>Lives left; 0 when the game is over.</summary>
    int Lives { get; }
}

/// <summary>Takes each action several times and shows the brighter of the last two pictures: old games draw things by turns. Mnih et al. 2015.</summary>
public sealed class MaxAndSkip : Wrapper
{
    private readonly int skip;
    private readonly float[] previous;

    /// <param name="inner">The environment whose frames are skipped.</param>
    /// <param name="skip">Steps for one action, at least one.</param>
    public MaxAndSkip(IEnvironment inner, int skip = 4)
        : base(inner)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(skip);
        this.skip = skip;
        previous = new float[inner.ObservationSpace.FlatSize];
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        double sum = 0;
        StepResult result = default;
        for (int i = 0; i < skip && !(result.Terminated || result.Truncated); i++)
        {
            if (i > 0) observation.CopyTo(previous);
            result = Inner.Step(action, observation);
            sum += result.Reward;
            if (i == 0) observation.CopyTo(previous);
        }

        for (int i = 0; i < previous.Length; i++)
        {
            observation[i] = Math.Max(observation[i], previous[i]);
        }

        return result with { Reward = sum };
    }
}

/// <summary>Begins an episode with a random number of steps of action 0, so that episodes differ. Mnih et al. 2015.</summary>
public sealed class NoopReset : Wrapper
{
    private readonly int most;
    private readonly float[] noop;
    private Pcg64 random = new(0);

    /// <param name="inner">The environment whose beginnings are varied.</param>
    /// <param name="most">The most such steps, at least one; one is the fewest.</param>
    public NoopReset(IEnvironment inner, int most = 30)
        : base(inner)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        this.most = most;
        noop = new float[inner.ActionSpace.FlatSize];
    }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(new SeedSequence(value).Spawn(1)[0]);
        Inner.Reset(observation, seed);
        for (long i = random.Integers(1, most + 1); i > 0; i--)
        {
            StepResult result = Inner.Step(noop, observation);
            if (result.Terminated || result.Truncated) Inner.Reset(observation);
        }
    }

    public override void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        base.Visit(state);
    }
}

/// <summary>Ends an episode for the learner where a life is lost; the game goes on until it is over. Mnih et al. 2015.</summary>
public sealed class EpisodicLife : Wrapper
{
    private readonly ILives game;
    private readonly float[] noop;
    private int lives;
    private bool isOver = true;
    private bool isRunning;

    /// <param name="inner">An environment that counts lives.</param>
    public EpisodicLife(IEnvironment inner)
        : base(inner)
    {
        game = inner.Find<ILives>() ?? throw new ArgumentException($"{nameof(EpisodicLife)} needs an environment that counts lives.", nameof(inner));
        noop = new float[inner.ActionSpace.FlatSize];
    }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        if (isOver || seed is not null)
        {
            Inner.Reset(observation, seed);
        }
        else
        {
            StepResult result = Inner.Step(noop, observation);
            if (result.Terminated || result.Truncated) Inner.Reset(observation);
        }

        isOver = false;
        isRunning = true;
        lives = game.Lives;
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(isRunning);
        StepResult result = Inner.Step(action, observation);
        isOver = result.Terminated || result.Truncated;
        bool hasLost = game.Lives < lives && game.Lives > 0;
        lives = game.Lives;
        isRunning = !(isOver || hasLost);
        return hasLost ? result with { Terminated = true } : result;
    }

    public override void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(lives), ref lives);
        state.Value(nameof(isOver), ref isOver);
        state.Value(nameof(isRunning), ref isRunning);
        base.Visit(state);
    }
}

/// <summary>Presses action 1 at the beginning of an episode, where a game waits for it. Mnih et al. 2015.</summary>
public sealed class FireReset : Wrapper
{
    private static readonly float[] Fire = [1];

    /// <param name="inner">An environment with at least two discrete actions.</param>
    public FireReset(IEnvironment inner)
        : base(inner)
    {
        if (inner.ActionSpace is not Discrete { Start: 0, Count: >= 2 })
        {
            throw new ArgumentException($"{nameof(FireReset)} needs an action 1; got {inner.ActionSpace}.", nameof(inner));
        }
    }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        Inner.Reset(observation, seed);
        StepResult result = Inner.Step(Fire, observation);
        if (result.Terminated || result.Truncated) Inner.Reset(observation);
    }
}
