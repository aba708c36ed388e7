using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Random;

namespace Bellman.Training;

/// <summary>An algorithm under its name, as the program offers it.</summary>
public sealed class AlgorithmEntry
{
    internal AlgorithmEntry(
        string name, string summary, object defaults, Func<Space, bool> fits, string needs, AgentFactory create)
    {
        Name = name;
        Summary = summary;
        Defaults = defaults;
        Fits = fits;
        Needs = needs;
        Factory = create;
    }

    internal delegate IAgent AgentFactory(object options, AgentTask task, SeedSequence seeds);

    /// <summary>In lower case: <c>dqn</c>.</summary>
    public string Name { get; }

    /// <summary>One line.</summary>
    public string Summary { get; }

    /// <summary>The options record with its defaults.</summary>
    public object Defaults { get; }

    /// <summary>The action spaces it works with, in words: "a Discrete action space".</summary>
    public string Needs { get; }

    private Func<Space, bool> Fits { get; }

    private AgentFactory Factory { get; }

    /// <summary>The defaults with some options changed.</summary>
    /// <exception cref="OptionException">There is no such option, or the text is not a value of its kind.</exception>
    public object Options(IEnumerable<KeyValuePair<string, string>> changes)
    {
        try
        {
            return OptionRecord.With(Defaults, changes);
        }
        catch (OptionException error)
        {
            throw new OptionException($"{Name}: {error.Message}");
        }
    }

    /// <summary>Refuses spaces that the algorithm does not work with.</summary>
    /// <exception cref="ArgumentException">Names what is needed and what came.</exception>
    public void RequireFit(Space actionSpace, string environment)
    {
        ArgumentNullException.ThrowIfNull(actionSpace);
        if (!Fits(actionSpace)) throw new ArgumentException($"{Name} needs {Needs}; {environment} has {actionSpace}.");
    }

    /// <summary>Makes an agent.</summary>
    /// <param name="options">As <see cref="Options"/> gives it.</param>
    /// <param name="task">What the agent is made for.</param>
    /// <param name="seeds">The source of all its randomness.</param>
    public IAgent Create(object options, AgentTask task, SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Factory(options, task, seeds);
    }
}

/// <summary>All algorithms by name.</summary>
public static class AlgorithmRegistry
{
    private const string NeedsDiscrete = "a Discrete action space";
    private const string NeedsAny = "a Discrete, MultiDiscrete, MultiBinary or Box action space";

    /// <summary>In the order in which they are listed.</summary>
    public static IReadOnlyList<AlgorithmEntry> All { get; } =
    [
        Entry<DqnOptions>(
            "dqn",
            "Deep Q-learning with replay memory and target network (Mnih et al. 2015)",
            space => space is Discrete,
            NeedsDiscrete,
            (options, task, seeds) =>
                new Dqn(options, task.ObservationSpace, task.ActionSpace, task.Environments, task.TotalSteps, seeds)),
        Entry<C51Options>(
            "c51",
            "Categorical Q-learning: the distribution of the return (Bellemare et al. 2017)",
            space => space is Discrete,
            NeedsDiscrete,
            Categorical),
        Entry<QrDqnOptions>(
            "qrdqn",
            "Q-learning with quantiles of the return (Dabney et al. 2018)",
            space => space is Discrete,
            NeedsDiscrete,
            (options, task, seeds) =>
                new QrDqn(options, task.ObservationSpace, task.ActionSpace, task.Environments, task.TotalSteps, seeds)),
        Entry(
            "rainbow",
            "C51 with double Q-learning, dueling, priorities, n steps and noisy networks (Hessel et al. 2018)",
            space => space is Discrete,
            NeedsDiscrete,
            Categorical,
            C51Options.Rainbow),
        Entry<ReinforceOptions>(
            "reinforce",
            "Policy gradient from whole episodes, with an optional baseline (Williams 1992)",
            PolicyDistribution.Fits,
            NeedsAny,
            (options, task, seeds) => new Reinforce(options, task, seeds)),
        Entry<A2cOptions>(
            "a2c",
            "Advantage actor-critic with synchronous workers (Mnih et al. 2016)",
            PolicyDistribution.Fits,
            NeedsAny,
            (options, task, seeds) => new A2c(options, task, seeds)),
        Entry<A3cOptions>(
            "a3c",
            "Advantage actor-critic with asynchronous workers; not reproducible (Mnih et al. 2016)",
            PolicyDistribution.Fits,
            NeedsAny,
            (options, task, seeds) => new A3c(options, task, seeds)),
        Entry<PpoOptions>(
            "ppo",
            "Proximal policy optimization with clipped objective or divergence penalty (Schulman et al. 2017)",
            PolicyDistribution.Fits,
            NeedsAny,
            (options, task, seeds) => new Ppo(options, task, seeds)),
        Entry<RecurrentPpoOptions>(
            "recurrentppo",
            "PPO with a long short-term memory, for tasks that are seen in part",
            PolicyDistribution.Fits,
            NeedsAny,
            (options, task, seeds) => new RecurrentPpo(options, task, seeds)),
        Entry<DdpgOptions>(
            "ddpg",
            "Deep deterministic policy gradient: an actor that climbs a critic (Lillicrap et al. 2016)",
            ActionScale.Fits,
            ActionScale.Needs,
            (options, task, seeds) =>
                new Ddpg(options, task.ObservationSpace, task.ActionSpace, task.Environments, task.TotalSteps, seeds)),
        Entry<Td3Options>(
            "td3",
            "Twin delayed DDPG: two critics, a slower actor, a smoother target (Fujimoto et al. 2018)",
            ActionScale.Fits,
            ActionScale.Needs,
            (options, task, seeds) =>
                new Td3(options, task.ObservationSpace, task.ActionSpace, task.Environments, task.TotalSteps, seeds)),
        Entry<SacOptions>(
            "sac",
            "Soft actor-critic with a learned weight of entropy (Haarnoja et al. 2018)",
            ActionScale.Fits,
            ActionScale.Needs,
            (options, task, seeds) =>
                new Sac(options, task.ObservationSpace, task.ActionSpace, task.Environments, task.TotalSteps, seeds)),
        Entry<TrpoOptions>(
            "trpo",
            "Trust region policy optimization by conjugate gradients and line search (Schulman et al. 2015)",
            PolicyDistribution.Fits,
            NeedsAny,
            (options, task, seeds) => new Trpo(options, task, seeds)),
    ];

    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static AlgorithmEntry Find(string name) =>
        All.FirstOrDefault(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"There is no algorithm '{name}'{Nearest.Hint(name, All.Select(entry => entry.Name))}.");

    private static C51 Categorical(C51Options options, AgentTask task, SeedSequence seeds) =>
        new(options, task.ObservationSpace, task.ActionSpace, task.Environments, task.TotalSteps, seeds);

    private static AlgorithmEntry Entry<TOptions>(
        string name, string summary, Func<Space, bool> fits, string needs,
        Func<TOptions, AgentTask, SeedSequence, IAgent> create, TOptions? defaults = null)
        where TOptions : class, new() =>
        new(name, summary, defaults ?? new TOptions(), fits, needs,
            (options, task, seeds) => create((TOptions)options, task, seeds));
}
