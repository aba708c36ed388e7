using System.Globalization;
using System.Text.Json;
using Bellman.Environments;

namespace Bellman.Training.Tuning;

/// <summary>What a search follows from.</summary>
public sealed record TuningPlan
{
    /// <summary>Name of the algorithm.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Id of the environment.</summary>
    public required string Environment { get; init; }

    /// <summary>Name of the preset that trials begin with; null for the pair's first.</summary>
    public string? Preset { get; init; }

    /// <summary>Environment steps of each training, over all copies; null for the preset's.</summary>
    public long? Steps { get; init; }

    /// <summary>Trainings of a trial, at least one; its score is their mean.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Of the sampler, and of each trial's first training; the others have the seeds after it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Evaluations of each training, evenly spaced; the last one is its score.</summary>
    public int Evaluations { get; init; } = 10;

    /// <summary>Episodes of each evaluation.</summary>
    public int Episodes { get; init; } = 20;

    /// <summary>Options of the algorithm that differ from the preset's and are not searched.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Options { get; init; } = [];

    /// <summary>What the environment is made with.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> EnvironmentOptions { get; init; } = [];

    /// <summary>What is searched; null for the algorithm's own space.</summary>
    public SearchSpace? Space { get; init; }

    /// <summary>Name of the sampler; see <see cref="Samplers"/>.</summary>
    public string Sampler { get; init; } = "tpe";

    /// <summary>Name of the pruner; see <see cref="Pruners"/>.</summary>
    public string Pruner { get; init; } = "median";

    /// <summary>What <see cref="Sampler"/> may be.</summary>
    public static IReadOnlyList<string> Samplers { get; } = ["random", "tpe"];

    /// <summary>What <see cref="Pruner"/> may be.</summary>
    public static IReadOnlyList<string> Pruners { get; } = ["none", "median", "halving"];

    internal AlgorithmEntry Entry => AlgorithmRegistry.Find(Algorithm);

    internal SearchSpace Dimensions => Space ?? SearchSpace.Default(Entry);

    /// <summary>The run that all trials vary.</summary>
    /// <exception cref="ArgumentException">The algorithm, the environment or the preset does not exist, or they do not fit.</exception>
    internal RunOptions BaseRun()
    {
        RunOptions run = Experiment([]).RunOptions(Seed);
        if (run.Steps < Evaluations) throw new ArgumentException($"{Evaluations} evaluations need as many steps; got {run.Steps}.");
        string? both = Options.Select(option => SearchSpace.Canonical(Entry, option.Key, option.Value).Name)
            .FirstOrDefault(name => Dimensions.Dimensions.Any(dimension => dimension.Name == name));
        return both is null ? run : throw new ArgumentException($"{both} is searched; it cannot be set as well.");
    }

    /// <summary>The run of a trial's training.</summary>
    /// <param name="values">A value for each dimension.</param>
    /// <param name="index">Of the training in its trial, from 0.</param>
    internal RunOptions Run(IReadOnlyList<string> values, int index)
    {
        RunOptions run = Experiment([.. Dimensions.Dimensions.Select((dimension, i) => KeyValuePair.Create(dimension.Name, values[i]))])
            .RunOptions(Seed + (ulong)index);
        return run with { EvaluationInterval = run.Steps / Evaluations, EvaluationEpisodes = Episodes };
    }

    internal ISampler MakeSampler() => Sampler switch
    {
        "random" => new RandomSampler(),
        "tpe" => new TpeSampler(),
        _ => throw new ArgumentException(
            $"A sampler is {string.Join(" or ", Samplers)}; got '{Sampler}'{Nearest.Hint(Sampler, Samplers)}."),
    };

    internal IPruner MakePruner() => Pruner switch
    {
        "none" => new NoPruner(),
        "median" => new MedianPruner(),
        "halving" => new HalvingPruner(),
        _ => throw new ArgumentException(
            $"A pruner is none, median or halving; got '{Pruner}'{Nearest.Hint(Pruner, Pruners)}."),
    };

    /// <summary>All that decides the trials, with the names under which a difference is told.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        RunOptions run = BaseRun();
        json.WriteString("algorithm", run.Algorithm);
        json.WriteString("environment", run.Environment);
        json.WriteString("preset", run.Preset);
        json.WriteString("steps", run.Steps.ToString(CultureInfo.InvariantCulture));
        json.WriteString("seeds", Seeds.ToString(CultureInfo.InvariantCulture));
        json.WriteString("seed", Seed.ToString(CultureInfo.InvariantCulture));
        json.WriteString("evaluations", Evaluations.ToString(CultureInfo.InvariantCulture));
        json.WriteString("episodes", Episodes.ToString(CultureInfo.InvariantCulture));
        json.WriteString("sampler", Sampler);
        json.WriteString("pruner", Pruner);
        json.WriteString("space", string.Join("; ", Dimensions.Dimensions.Select(dimension => dimension.Describe())));
        json.WriteString("options", string.Join("; ", run.Options.Select(option => $"{option.Key}={option.Value}")));
        json.WriteString("environmentOptions", string.Join("; ", EnvironmentOptions.Select(option => $"{option.Key}={option.Value}")));
    }

    private ExperimentPlan Experiment(IReadOnlyList<KeyValuePair<string, string>> searched) => new()
    {
        Algorithm = Algorithm,
        Environment = Environment,
        Preset = Preset,
        Steps = Steps,
        Seeds = [Seed],
        Options = [.. Options, .. searched],
        EnvironmentOptions = EnvironmentOptions,
    };
}
