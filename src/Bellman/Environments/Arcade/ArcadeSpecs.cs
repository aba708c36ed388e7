using Bellman.Environments.Wrappers;

namespace Bellman.Environments.Arcade;

/// <summary>The ids of the arcade games: the game alone as <c>NameRaw</c>, and as networks learn it.</summary>
internal static class ArcadeSpecs
{
    public static IEnumerable<EnvironmentSpec> All =>
    [
        .. Specs("Paddle", "Break a wall with a ball and a paddle", frames: 10_000, () => new Paddle()),
        .. Specs("Sentry", "Shoot down what comes from the sky", frames: 10_000, () => new Sentry()),
        .. Specs("Crossing", "Cross eight lanes of traffic", frames: 5000, () => new Crossing()),
    ];

    private static IEnumerable<EnvironmentSpec> Specs(string name, string summary, int frames, Func<ArcadeGame> make)
    {
        var defaults = new NatureOptions();
        yield return new EnvironmentSpec
        {
            Id = $"{name}Raw-v0",
            Summary = $"{summary}, frame by frame",
            MaxEpisodeSteps = frames,
            Create = _ => make(),
        };
        yield return new EnvironmentSpec
        {
            Id = $"{name}-v0",
            Summary = summary,
            Options =
            [
                new("noop_max", defaults.NoopMax, "most frames of doing nothing at a game's beginning"),
                new("frame_skip", defaults.FrameSkip, "frames for one action"),
                new("episodic_life", defaults.EpisodicLife, "a lost life ends an episode"),
                new("whole_games", defaults.WholeGames, "an episode is a game, each life begun as with episodic_life"),
                new("clip_reward", defaults.ClipReward, "rewards become -1, 0 or 1"),
                new("stack", defaults.Stack, "pictures shown at once"),
            ],
            EvaluationOptions = [KeyValuePair.Create<string, object>("whole_games", true), KeyValuePair.Create<string, object>("clip_reward", false)],
            Create = options => NaturePipeline.Wrap(
                new TimeLimit(make(), frames),
                new NatureOptions
                {
                    NoopMax = options.Whole("noop_max"),
                    FrameSkip = options.Whole("frame_skip"),
                    EpisodicLife = options.Flag("episodic_life"),
                    WholeGames = options.Flag("whole_games"),
                    ClipReward = options.Flag("clip_reward"),
                    Stack = options.Whole("stack"),
                }),
        };
    }
}
