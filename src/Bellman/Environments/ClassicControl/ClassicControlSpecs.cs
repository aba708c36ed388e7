namespace Bellman.Environments.ClassicControl;

/// <summary>The ids of classic control.</summary>
internal static class ClassicControlSpecs
{
    public static IEnumerable<EnvironmentSpec> All =>
    [
        CartPoleSpec("CartPole-v0", limit: 200, threshold: 195),
        CartPoleSpec("CartPole-v1", limit: 500, threshold: 475),
    ];

    private static EnvironmentSpec CartPoleSpec(string id, int limit, double threshold) => new()
    {
        Id = id,
        Summary = $"Balance a pole on a cart for {limit} steps",
        MaxEpisodeSteps = limit,
        RewardThreshold = threshold,
        Options = [new("sutton_barto_reward", false, "0 for every step and -1 at the fall, instead of 1 for every step")],
        Create = options => new CartPole(options.Flag("sutton_barto_reward")),
    };
}
