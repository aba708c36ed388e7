namespace Bellman.Environments.Wrappers;

/// <summary>
/// Goes on to the next life where <see cref="EpisodicLife"/> ended an episode, so that an episode is a game again. A policy that has learned
/// life by life sees just what it saw then, and its return is the game's.
/// </summary>
public sealed class WholeGames : Wrapper
{
    private readonly EpisodicLife lives;

    /// <param name="inner">An environment with <see cref="EpisodicLife"/> inside.</param>
    public WholeGames(IEnvironment inner)
        : base(inner) => lives = inner.Find<EpisodicLife>()
            ?? throw new ArgumentException($"{nameof(WholeGames)} needs {nameof(EpisodicLife)} inside.", nameof(inner));

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, observation);
        if (!lives.HasLostLife) return result;
        Inner.Reset(observation);

        // The game may have run out of time on the way to the next life.
        return lives.HasBegunGame ? result : result with { Terminated = false };
    }
}
