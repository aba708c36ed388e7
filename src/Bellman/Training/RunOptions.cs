using System.Runtime.InteropServices;
using System.Text.Json;
using Bellman.Algorithms;

namespace Bellman.Training;

/// <summary>Everything that a run follows from; <c>options.json</c> of its directory.</summary>
public sealed record RunOptions
{
    /// <summary>Name of the algorithm.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Id of the environment.</summary>
    public required string Environment { get; init; }

    /// <summary>What the environment is made with, as text.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> EnvironmentOptions { get; init; } = [];

    /// <summary>Of everything random.</summary>
    public ulong Seed { get; init; }

    /// <summary>Environment steps over all copies.</summary>
    public required long Steps { get; init; }

    /// <summary>Copies stepped together.</summary>
    public int Environments { get; init; } = 1;

    /// <summary>What of the environments is normalised by running statistics.</summary>
    public NormalizationKind Normalize { get; init; }

    /// <summary>Name of the preset that the options were taken from.</summary>
    public required string Preset { get; init; }

    /// <summary>All options of the algorithm, as text.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Options { get; init; } = [];

    /// <summary>Environment steps between evaluations that choose the best policy; 0 for none.</summary>
    public long EvaluationInterval { get; init; }

    /// <summary>Episodes of each such evaluation.</summary>
    public int EvaluationEpisodes { get; init; } = 20;

    /// <summary>Mean return at which training ends early.</summary>
    public double? StopAt { get; init; }

    /// <summary>Environment steps between rows of metrics.</summary>
    public required long MetricsInterval { get; init; }

    /// <summary>Environment steps between checkpoints; 0 for an interval of time.</summary>
    public long CheckpointEvery { get; init; }

    /// <summary>Time between checkpoints where no interval of steps is given.</summary>
    public TimeSpan CheckpointPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Evaluations in a row without a higher mean return after which training ends; null to go on.</summary>
    public int? Patience { get; init; }

    /// <summary>Environment steps between films of an episode; 0 for none. Decides nothing else.</summary>
    public long VideoEvery { get; init; }

    /// <summary>The version of Bellman that began the run.</summary>
    public string Version { get; init; } = ThisVersion;

    /// <summary>Seed of the first of the final evaluation's episodes; far from those of training.</summary>
    public ulong EvaluationSeed => Seed + 1_000_000;

    /// <summary>Seed of the first episode of each evaluation during training.</summary>
    internal ulong PeriodicEvaluationSeed => Seed + 2_000_000;

    internal static string ThisVersion => typeof(RunOptions).Assembly.GetName().Version!.ToString(fieldCount: 3);

    /// <summary>Merges an algorithm's defaults, a preset and the changes to it.</summary>
    /// <param name="algorithm">Whose options these are.</param>
    /// <param name="environment">Id of the environment.</param>
    /// <param name="preset">See <see cref="Training.Preset.Find"/>.</param>
    /// <param name="changes">Options that are given in addition.</param>
    /// <param name="environmentOptions">Arguments of the environment, by name; they go before the preset's.</param>
    /// <exception cref="OptionException">There is no such option, or the text is not a value of its kind.</exception>
    public static RunOptions From(
        AlgorithmEntry algorithm,
        string environment,
        Preset preset,
        IEnumerable<KeyValuePair<string, string>> changes,
        IReadOnlyList<KeyValuePair<string, string>>? environmentOptions = null)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        ArgumentNullException.ThrowIfNull(preset);
        object options = algorithm.Options([.. preset.Options, .. changes]);
        environmentOptions ??= [];
        return new RunOptions
        {
            Algorithm = algorithm.Name,
            Environment = environment,
            Steps = preset.Steps,
            Environments = preset.Environments,
            Normalize = preset.Normalize,
            Preset = preset.Name,
            EvaluationInterval = preset.EvaluationInterval,
            EvaluationEpisodes = preset.EvaluationEpisodes,
            MetricsInterval = Math.Max(1, preset.Steps / 500),
            EnvironmentOptions =
                [.. preset.EnvironmentOptions.ExceptBy(environmentOptions.Select(pair => pair.Key), pair => pair.Key), .. environmentOptions],
            Options =
                [.. OptionRecord.Describe(options).Select(option => KeyValuePair.Create(option.Name, option.Value))],
        };
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is not what <see cref="Save"/> writes.</exception>
    public static RunOptions Load(string path) => JsonFile.Read(path, Read);

    public void Save(string path) => JsonFile.Write(path, Write);

    /// <summary>What this run follows from and the other one does not, in words; null where both give the same bits.</summary>
    internal string? DifferenceFrom(RunOptions other)
    {
        foreach ((IReadOnlyList<KeyValuePair<string, string>> ours, IReadOnlyList<KeyValuePair<string, string>> theirs) in
            new[] { (Options, other.Options), (EnvironmentOptions, other.EnvironmentOptions) })
        {
            foreach ((string name, string value) in ours.Except(theirs))
            {
                string? old = theirs.FirstOrDefault(pair => pair.Key == name).Value;
                return old is null ? $"{name} was not given" : $"{name} was {old}, now {value}";
            }

            foreach ((string name, string value) in theirs.Except(ours))
            {
                return $"{name} was {value}";
            }
        }

        return Plain(this) == Plain(other) ? null : $"{Plain(other)}, now {Plain(this)}";

        static string Plain(RunOptions options) =>
            $"{options.Algorithm} on {options.Environment} with seed {options.Seed}, {options.Steps} steps, {options.Environments} "
            + $"environments, normalisation {options.Normalize}, evaluation every {options.EvaluationInterval} steps"
            + (options.Patience is int patience ? $", patience of {patience}" : "");
    }

    private static RunOptions Read(JsonElement json) => new()
    {
        Algorithm = json.GetProperty("algorithm").GetString()!,
        Environment = json.GetProperty("environment").GetString()!,
        EnvironmentOptions = JsonFile.Pairs(json.GetProperty("environmentOptions")),
        Seed = json.GetProperty("seed").GetUInt64(),
        Steps = json.GetProperty("steps").GetInt64(),
        Environments = json.GetProperty("environments").GetInt32(),
        Normalize = Enum.Parse<NormalizationKind>(json.GetProperty("normalize").GetString()!, ignoreCase: true),
        Preset = json.GetProperty("preset").GetString()!,
        Options = JsonFile.Pairs(json.GetProperty("options")),
        EvaluationInterval = json.GetProperty("evaluationInterval").GetInt64(),
        EvaluationEpisodes = json.GetProperty("evaluationEpisodes").GetInt32(),
        StopAt = json.GetProperty("stopAt") is { ValueKind: JsonValueKind.Number } stop ? stop.GetDouble() : null,
        MetricsInterval = json.GetProperty("metricsInterval").GetInt64(),
        CheckpointEvery = json.GetProperty("checkpointEvery").GetInt64(),
        CheckpointPeriod = TimeSpan.FromSeconds(Optional(json, "checkpointSeconds") ?? 300),
        Patience = (int?)Optional(json, "patience"),
        VideoEvery = (long)(Optional(json, "videoEvery") ?? 0),
        Version = json.GetProperty("versions").GetProperty("bellman").GetString()!,
    };

    // Runs that were begun before there were these options lack them.
    private static double? Optional(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private void Write(Utf8JsonWriter json)
    {
        json.WriteString("algorithm", Algorithm);
        json.WriteString("environment", Environment);
        JsonFile.WritePairs(json, "environmentOptions", EnvironmentOptions);
        json.WriteNumber("seed", Seed);
        json.WriteNumber("steps", Steps);
        json.WriteNumber("environments", Environments);
        json.WriteString("normalize", Normalize.ToString().ToLowerInvariant());
        json.WriteString("preset", Preset);
        JsonFile.WritePairs(json, "options", Options);
        json.WriteNumber("evaluationInterval", EvaluationInterval);
        json.WriteNumber("evaluationEpisodes", EvaluationEpisodes);
        if (StopAt is double stop) json.WriteNumber("stopAt", stop);
        else json.WriteNull("stopAt");
        json.WriteNumber("metricsInterval", MetricsInterval);
        json.WriteNumber("checkpointEvery", CheckpointEvery);
        json.WriteNumber("checkpointSeconds", CheckpointPeriod.TotalSeconds);
        if (Patience is int patience) json.WriteNumber("patience", patience);
        else json.WriteNull("patience");
        json.WriteNumber("videoEvery", VideoEvery);
        json.WriteStartObject("versions");
        json.WriteString("bellman", Version);
        json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        json.WriteString("system", RuntimeInformation.OSDescription);
        json.WriteString("processor", RuntimeInformation.ProcessArchitecture.ToString());
        json.WriteEndObject();
    }
}
