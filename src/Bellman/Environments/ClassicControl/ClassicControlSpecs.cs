using Bellman.Environments.Wrappers;

namespace Bellman.Environments.ClassicControl;

/// <summary>The ids of classic control, and those of the same tasks with hidden velocities.</summary>
internal static class ClassicControlSpecs
{
    public static IEnumerable<EnvironmentSpec> All =>
    [
        .. Whole,
        Hidden("CartPoleNoVel-v1", "CartPole-v1", 1, 3),
        Hidden("MountainCarNoVel-v0", "MountainCar-v0", 1),
        Hidden("MountainCarContinuousNoVel-v0", "MountainCarContinuous-v0", 1),
        Hidden("PendulumNoVel-v1", "Pendulum-v1", 2),
    ];

    private static EnvironmentSpec[] Whole =>
    [
        CartPoleSpec("CartPole-v0", limit: 200, threshold: 195),
        CartPoleSpec("CartPole-v1", limit: 500, threshold: 475),
        new EnvironmentSpec
        {
            Id = "MountainCar-v0",
            Summary = "Swing an underpowered car up a hill",
            MaxEpisodeSteps = 200,
            RewardThreshold = -110,
            Options = [GoalVelocity],
            Create = options => new MountainCar(options.Number("goal_velocity")),
        },
        new EnvironmentSpec
        {
            Id = "MountainCarContinuous-v0",
            Summary = "Swing a car up a hill with little energy",
            MaxEpisodeSteps = 999,
            RewardThreshold = 90,
            Options = [GoalVelocity],
            Create = options => new MountainCarContinuous(options.Number("goal_velocity")),
        },
        new EnvironmentSpec
        {
            Id = "Pendulum-v1",
            Summary = "Swing a pendulum up and hold it",
            MaxEpisodeSteps = 200,
            Options = [new("g", 10.0, "gravity in m/s²")],
            Create = options => new Pendulum(options.Number("g")),
        },
        new EnvironmentSpec
        {
            Id = "Acrobot-v1",
            Summary = "Swing the tip of two links over a line",
            MaxEpisodeSteps = 500,
            RewardThreshold = -100,
            Create = _ => new Acrobot(),
        },
    ];

    private static EnvironmentOption GoalVelocity => new("goal_velocity", 0.0, "smallest velocity at the goal that counts as arriving");

    private static EnvironmentSpec CartPoleSpec(string id, int limit, double threshold) => new()
    {
        Id = id,
        Summary = $"Balance a pole on a cart for {limit} steps",
        MaxEpisodeSteps = limit,
        RewardThreshold = threshold,
        Options = [new("sutton_barto_reward", false, "0 for every step and -1 at the fall, instead of 1 for every step")],
        Create = options => new CartPole(options.Flag("sutton_barto_reward")),
    };

    /// <summary>The task under another id, with zeros in place of velocities: one has to remember what was seen.</summary>
    private static EnvironmentSpec Hidden(string id, string whole, params int[] velocities)
    {
        EnvironmentSpec spec = Array.Find(Whole, spec => spec.Id == whole)!;
        return spec with
        {
            Id = id,
            Summary = $"{spec.Summary}, velocities hidden",
            Create = options => new TransformObservation(spec.Create(options), (from, to) =>
            {
                from.CopyTo(to);
                foreach (int velocity in velocities)
                {
                    to[velocity] = 0;
                }
            }),
        };
    }
}
