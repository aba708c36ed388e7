using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Bellman.Algorithms;
using Bellman.Environments;
using YamlDotNet.RepresentationModel;

namespace Bellman.Training;

/// <summary>Settings that are known to suit an algorithm and an environment.</summary>
/// <param name="Name">Unique for the pair.</param>
/// <param name="Steps">Environment steps of the whole training.</param>
/// <param name="Environments">Copies stepped together.</param>
/// <param name="EvaluationInterval">Environment steps between evaluations that choose the best policy; 0 for
/// none.</param>
/// <param name="EvaluationEpisodes">Episodes of each such evaluation.</param>
/// <param name="Normalize">What of the environments is normalised by running statistics.</param>
/// <param name="Options">Options that differ from the algorithm's defaults, as text.</param>
public sealed record Preset(
    string Name,
    long Steps,
    int Environments,
    long EvaluationInterval,
    int EvaluationEpisodes,
    NormalizationKind Normalize,
    IReadOnlyList<KeyValuePair<string, string>> Options)
{
    /// <summary>Arguments of the environment, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> EnvironmentOptions { get; init; } = [];

    private const string AnyEnvironment = "any";
    private const string AnyPictures = "pictures";
    private const string ResourcePrefix = "Presets/";

    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, Preset[]>> Loaded = new();

    /// <summary>
    /// The presets of a pair, the default one first: the environment's own, then those for pictures where it shows such, then those for any
    /// environment.
    /// </summary>
    public static IReadOnlyList<Preset> For(string algorithm, string environment)
    {
        IReadOnlyDictionary<string, Preset[]> all = Of(algorithm);
        Preset[] own = all.GetValueOrDefault(environment) ?? [];
        Preset[] pictures = all.TryGetValue(AnyPictures, out Preset[]? found) && ShowsPictures(environment) ? found : [];
        return [.. own, .. pictures, .. all.GetValueOrDefault(AnyEnvironment) ?? []];
    }

    /// <summary>The preset of a name, or the default one of the pair.</summary>
    /// <exception cref="OptionException">The pair has no preset of that name.</exception>
    public static Preset Find(string algorithm, string environment, string? name)
    {
        IReadOnlyList<Preset> presets = For(algorithm, environment);
        if (name is null) return presets[0];
        string names = string.Join(", ", presets.Select(preset => preset.Name));
        return presets.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new OptionException($"{algorithm} has no preset '{name}' for {environment}; there is {names}.");
    }

    /// <summary>All presets of an algorithm by environment.</summary>
    public static IReadOnlyDictionary<string, Preset[]> Of(string algorithm) => Loaded.GetOrAdd(algorithm, Load);

    /// <summary>Reads presets from YAML.</summary>
    /// <exception cref="FormatException">A setting is unknown or has a wrong form.</exception>
    public static IReadOnlyDictionary<string, Preset[]> Parse(TextReader yaml)
    {
        var stream = new YamlStream();
        stream.Load(yaml);
        Dictionary<string, Preset[]> presets = new(StringComparer.Ordinal);
        foreach ((YamlNode environment, YamlNode named) in (YamlMappingNode)stream.Documents[0].RootNode)
        {
            presets.Add(
                environment.ToString(),
                [.. ((YamlMappingNode)named)
                    .Select(entry => ParseOne(entry.Key.ToString(), (YamlMappingNode)entry.Value))]);
        }

        return presets;
    }

    private static bool ShowsPictures(string environment) =>
        Registry.All.FirstOrDefault(spec => spec.Id == environment)?.Make().ObservationSpace is Box { Shape.Rank: 3 };

    private static IReadOnlyDictionary<string, Preset[]> Load(string algorithm)
    {
        Assembly assembly = typeof(Preset).Assembly;
        using Stream? resource = assembly.GetManifestResourceStream($"{ResourcePrefix}{algorithm}.yaml");
        Preset defaults =
            new("defaults", Steps: 100_000, Environments: 1, EvaluationInterval: 0, EvaluationEpisodes: 0, NormalizationKind.None, []);
        if (resource is null) return new Dictionary<string, Preset[]> { [AnyEnvironment] = [defaults] };
        using var reader = new StreamReader(resource);
        return Parse(reader);
    }

    private static Preset ParseOne(string name, YamlMappingNode settings)
    {
        var preset = new Preset(
            name, Steps: 100_000, Environments: 1, EvaluationInterval: 0, EvaluationEpisodes: 20, NormalizationKind.None, []);
        foreach ((YamlNode key, YamlNode value) in settings)
        {
            preset = key.ToString() switch
            {
                "steps" => preset with { Steps = (long)Integer(value) },
                "environments" => preset with { Environments = (int)Integer(value) },
                "evaluationInterval" => preset with { EvaluationInterval = (long)Integer(value) },
                "evaluationEpisodes" => preset with { EvaluationEpisodes = (int)Integer(value) },
                "normalize" => preset with { Normalize = Enum.Parse<NormalizationKind>(value.ToString(), ignoreCase: true) },
                "options" => preset with { Options = Pairs(value) },
                "environmentOptions" => preset with { EnvironmentOptions = Pairs(value) },
                string unknown => throw new FormatException($"Preset {name} has an unknown setting '{unknown}'."),
            };
        }

        return preset;
    }

    private static KeyValuePair<string, string>[] Pairs(YamlNode value) => [.. ((YamlMappingNode)value).Select(Option)];

    private static KeyValuePair<string, string> Option(KeyValuePair<YamlNode, YamlNode> entry)
    {
        string text = entry.Value is YamlSequenceNode list ? string.Join(',', list.Children) : entry.Value.ToString();
        return new KeyValuePair<string, string>(entry.Key.ToString(), text);
    }

    private static decimal Integer(YamlNode value) =>
        decimal.Parse(value.ToString().Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture);
}
