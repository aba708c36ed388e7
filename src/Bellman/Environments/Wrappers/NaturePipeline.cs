namespace Bellman.Environments.Wrappers;

/// <summary>What <see cref="NaturePipeline"/> does; each part can be left out.</summary>
public sealed record NatureOptions
{
    /// <summary>Most steps of action 0 at the beginning of a game; 0 for none.</summary>
    public int NoopMax { get; init; } = 30;

    /// <summary>Frames for one action, at least one.</summary>
    public int FrameSkip { get; init; } = 4;

    /// <summary>A lost life ends an episode, where the game counts lives; the game goes on with the next one.</summary>
    public bool EpisodicLife { get; init; } = true;

    /// <summary>
    /// An episode is a game, though each life is begun as <see cref="EpisodicLife"/> begins it: for measuring what was learned that way.
    /// </summary>
    public bool WholeGames { get; init; }

    /// <summary>Takes actions 1 and 2 at the beginning of a life, where the game's action 1 is called so.</summary>
    public bool FireReset { get; init; } = true;

    /// <summary>Height and width of the grey picture.</summary>
    public int Size { get; init; } = 84;

    /// <summary>Rewards become −1, 0 or 1 by their sign.</summary>
    public bool ClipReward { get; init; } = true;

    /// <summary>Pictures shown at once.</summary>
    public int Stack { get; init; } = 4;
}

/// <summary>
/// The road from a game's screen to a network's input, as in "Human-level control through deep reinforcement learning" (Mnih et al. 2015),
/// in the order of Stable-Baselines3's AtariWrapper and VecFrameStack: [stack, size, size] of bytes.
/// </summary>
public static class NaturePipeline
{
    /// <param name="game">With pictures [height, width, 3] or [height, width] as observations, and its time limit around it.</param>
    /// <param name="options">Null for the defaults.</param>
    public static IEnvironment Wrap(IEnvironment game, NatureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(game);
        options ??= new NatureOptions();
        IEnvironment environment = game;
        if (options.NoopMax > 0) environment = new NoopReset(environment, options.NoopMax);
        if (options.FrameSkip != 1) environment = new MaxAndSkip(environment, options.FrameSkip);
        bool byLives = options.EpisodicLife && game.Find<ILives>() is not null;
        if (byLives) environment = new EpisodicLife(environment);
        if (options.FireReset && WaitsForFire(game)) environment = new FireReset(environment);
        if (environment.ObservationSpace.Shape.Rank == 3) environment = new GrayscaleObservation(environment);
        if (environment.ObservationSpace.Shape[0] != options.Size || environment.ObservationSpace.Shape[1] != options.Size)
        {
            environment = new ResizeObservation(environment, options.Size, options.Size);
        }

        if (options.ClipReward) environment = ClipReward.ToSign(environment);
        environment = new FrameStack(environment, options.Stack);
        return byLives && options.WholeGames ? new WholeGames(environment) : environment;
    }

    private static bool WaitsForFire(IEnvironment game) =>
        game.Find<IActionNames>() is { ActionNames: [_, "fire", ..] };
}
