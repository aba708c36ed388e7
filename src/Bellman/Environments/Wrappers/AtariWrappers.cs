using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.Wrappers;

/// <summary>An environment that counts lives.</summary>
public interface ILives
{
    /// <summary>Lives left; 0 when the game is over.</summary>
    int Lives { get; }
}

/// <summary>An environment whose discrete actions have names.</summary>
public interface IActionNames
{
    /// <summary>In the order of the actions; "fire" as the second says that a life waits for it.</summary>
    IReadOnlyList<string> ActionNames { get; }
}

/// <summary>Begins an episode with a random number of steps of action 0, so that episodes differ. Mnih et al. 2015.</summary>
public sealed class NoopReset : Wrapper, IKeepsObservation
{
    private readonly int most;
    private readonly float[] noop;
    private Pcg64 random = new(0);

    /// <param name="inner">The environment whose beginnings are varied.</param>
    /// <param name="most">The most such steps, at least one; one is the fewest.</param>
    public NoopReset(IEnvironment inner, int most = 30)
        : base(inner)
    {
        if (most < 1) throw new ArgumentOutOfRangeException(nameof(most), $"The most no-ops of a beginning are at least one; got {most}.");
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
public sealed class EpisodicLife : Wrapper, IKeepsObservation
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

    /// <summary>Whether the latest step cost a life, but not the game.</summary>
    public bool HasLostLife { get; private set; }

    /// <summary>Whether the latest Reset began a new game, and not the next life of one.</summary>
    public bool HasBegunGame { get; private set; }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        HasBegunGame = isOver || seed is not null;
        if (!HasBegunGame)
        {
            StepResult result = Inner.Step(noop, observation);
            HasBegunGame = result.Terminated || result.Truncated;
            seed = null;
        }

        if (HasBegunGame) Inner.Reset(observation, seed);

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
        HasLostLife = hasLost && !isOver;
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

/// <summary>
/// Takes action 1, then action 2, at the beginning of an episode, where a game waits to be started. After Stable-Baselines3's FireResetEnv.
/// </summary>
public sealed class FireReset : Wrapper, IKeepsObservation
{
    private const int Fire = 1;
    private const int After = 2;

    /// <param name="inner">An environment with at least three discrete actions.</param>
    public FireReset(IEnvironment inner)
        : base(inner)
    {
        if (inner.ActionSpace is not Discrete { Start: 0, Count: > After })
        {
            throw new ArgumentException($"{nameof(FireReset)} needs the actions 1 and 2; got {inner.ActionSpace}.", nameof(inner));
        }
    }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        Inner.Reset(observation, seed);
        for (int action = Fire; action <= After; action++)
        {
            StepResult result = Inner.Step([action], observation);
            if (result.Terminated || result.Truncated) Inner.Reset(observation);
        }
    }
}
