namespace Bellman.Environments.Box2D;

/// <summary>The ids of the Box2D family.</summary>
internal static class Box2DSpecs
{
    public static IEnumerable<EnvironmentSpec> All =>
    [
        LanderSpec("LunarLander-v3", isContinuous: false),
        LanderSpec("LunarLanderContinuous-v3", isContinuous: true),
        WalkerSpec("BipedalWalker-v3", isHardcore: false, limit: 1600),
        WalkerSpec("BipedalWalkerHardcore-v3", isHardcore: true, limit: 2000),
    ];

    private static EnvironmentSpec LanderSpec(string id, bool isContinuous) => new()
    {
        Id = id,
        Summary = isContinuous ? "Land between two flags with continuous throttles" : "Land between two flags with three engines",
        MaxEpisodeSteps = 1000,
        RewardThreshold = 200,
        IsSlow = true,
        Options =
        [
            new("continuous", isContinuous, "two throttles in [-1, 1] instead of four actions"),
            new("gravity", -10.0, "m/s², between -12 and 0"),
            new("enable_wind", false, "wind pushes and turns the lander in flight"),
            new("wind_power", 15.0, "the strongest push in N, best in [0, 20]"),
            new("turbulence_power", 1.5, "the strongest turn in N m, best in [0, 2]"),
        ],
        Create = options => new LunarLander(new LunarLanderOptions
        {
            Continuous = options.Flag("continuous"),
            Gravity = options.Number("gravity"),
            EnableWind = options.Flag("enable_wind"),
            WindPower = options.Number("wind_power"),
            TurbulencePower = options.Number("turbulence_power"),
        }),
    };

    private static EnvironmentSpec WalkerSpec(string id, bool isHardcore, int limit) => new()
    {
        Id = id,
        Summary = isHardcore ? "Walk on two legs over stumps, stairs and pits" : "Walk on two legs over uneven ground",
        MaxEpisodeSteps = limit,
        RewardThreshold = 300,
        IsSlow = true,
        Options = [new("hardcore", isHardcore, "stumps, stairs and pits in the way")],
        Create = options => new BipedalWalker(new BipedalWalkerOptions { Hardcore = options.Flag("hardcore") }),
    };
}
