using System.Text.RegularExpressions;

namespace Bellman.Environments.ToyText;

/// <summary>The ids of the toy texts.</summary>
internal static partial class ToyTextSpecs
{
    public static IEnumerable<EnvironmentSpec> All =>
    [
        FrozenLakeSpec("FrozenLake-v1", "4x4", limit: 100, threshold: 0.70),
        FrozenLakeSpec("FrozenLake8x8-v1", "8x8", limit: 200, threshold: 0.85),
        CliffWalkingSpec("CliffWalking-v1", isSlippery: false),
        CliffWalkingSpec("CliffWalkingSlippery-v1", isSlippery: true),
        new EnvironmentSpec
        {
            Id = "Taxi-v4",
            Summary = "Fetch a passenger and bring it to its hotel",
            MaxEpisodeSteps = 200,
            RewardThreshold = 8,
            Options =
            [
                new("is_rainy", false, "a move may slide to a side"),
                new("fickle_passenger", false, "the passenger may change its mind on the way"),
                new("rainy_probability", 0.8, "probability of moving as wanted in the rain, in [0, 1]"),
                new("fickle_probability", 0.3, "probability that an episode's passenger is fickle, in [0, 1]"),
            ],
            Create = options => new Taxi(
                options.Flag("is_rainy"), options.Flag("fickle_passenger"), options.Number("rainy_probability"),
                options.Number("fickle_probability")),
        },
        new EnvironmentSpec
        {
            Id = "Blackjack-v1",
            Summary = "Get closer to 21 than the dealer",
            Options =
            [
                new("natural", false, "pays 1.5 for a win with an ace and a ten"),
                new("sab", true, "the rules of Sutton and Barto's book"),
            ],
            Create = options => new Blackjack(options.Flag("natural"), options.Flag("sab")),
        },
    ];

    private static EnvironmentSpec FrozenLakeSpec(string id, string map, int limit, double threshold) => new()
    {
        Id = id,
        Summary = $"Cross a frozen lake of {map} cells",
        MaxEpisodeSteps = limit,
        RewardThreshold = threshold,
        Options =
        [
            new("desc", "", "rows of a map of your own, of S start, F frozen, H hole and G goal: SFF,FHF,FFG"),
            new("map_name", map, "4x4, 8x8, or None for a random map"),
            new("is_slippery", true, "a step may slide to a side"),
            new("success_rate", 1.0 / 3.0, "probability of going where one wants on slippery ice, in [0, 1]"),
            new("reward_schedule", "1,0,0", "rewards of goal, hole and any other step"),
        ],
        Create = options =>
        {
            double[] rewards = [.. Number().Matches(options.Text("reward_schedule")).Select(match => double.Parse(match.ValueSpan))];
            if (rewards.Length != 3)
            {
                throw new ArgumentException($"reward_schedule is three numbers, such as 1,0,0; got '{options.Text("reward_schedule")}'.");
            }

            return new FrozenLake(
                Map(options.Text("desc"), options.Text("map_name")), options.Flag("is_slippery"), options.Number("success_rate"),
                rewards[0], rewards[1], rewards[2]);
        },
    };

    private static EnvironmentSpec CliffWalkingSpec(string id, bool isSlippery) => new()
    {
        Id = id,
        Summary = isSlippery ? "Walk along a slippery cliff" : "Walk along a cliff",
        Options = [new("is_slippery", isSlippery, "a step may slide to a side")],
        Create = options => new CliffWalking(options.Flag("is_slippery")),
    };

    // Rows may come as SFF,FHF or as Python and JSON write a list of them.
    private static IReadOnlyList<string> Map(string rows, string name) =>
        rows.Length > 0 ? [.. Row().Matches(rows).Select(match => match.Value)]
        : name.Length > 0 ? FrozenLake.Map(name) : FrozenLake.RandomMap();

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Row();

    [GeneratedRegex(@"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?")]
    private static partial Regex Number();
}
