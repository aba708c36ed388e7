using System.Globalization;
using Bellman.Algorithms;
using Bellman.Environments;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Bellman.Training;

/// <summary>One algorithm, one environment, one set of options, several seeds.</summary>
public sealed record ExperimentPlan
{
    private static readonly string[] Settings =
        ["algorithm", "environment", "preset", "steps", "seeds", "target", "options", "environmentOptions"];

    /// <summary>Name of the algorithm.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Id of the environment.</summary>
    public required string Environment { get; init; }

    /// <summary>Name of the preset; null for the pair's first.</summary>
    public string? Preset { get; init; }

    /// <summary>Environment steps over all copies; null for the preset's.</summary>
    public long? Steps { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Mean return that is hoped for; null for the environment's threshold, where it has one.</summary>
    public double? Target { get; init; }

    /// <summary>Options of the algorithm that differ from the preset's.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Options { get; init; } = [];

    /// <summary>What the environment is made with.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> EnvironmentOptions { get; init; } = [];

    /// <summary>The target, or the environment's threshold.</summary>
    public double? Goal => Target ?? Registry.Find(Environment).RewardThreshold;

    /// <summary>What its directory and its file are called, such as <c>dqn-CartPole-v1-tuned</c>.</summary>
    public string Title => $"{RunOptions(Seeds[0]).Algorithm}-{Environment}-{RunOptions(Seeds[0]).Preset}";

    /// <summary>The command that does all of it.</summary>
    public string Command
    {
        get
        {
            List<string> words = ["bellman experiment", Algorithm, Environment];
            if (Preset is not null) words.Add($"--preset {Preset}");
            if (Steps is long steps) words.Add($"--steps {steps}");
            words.AddRange(Options.Select(option => $"--set {option.Key}={option.Value}"));
            words.AddRange(EnvironmentOptions.Select(option => $"--option {option.Key}={option.Value}"));
            words.Add($"--seeds {SeedList.Text(Seeds)}");
            if (Target is double target) words.Add(FormattableString.Invariant($"--target {target}"));
            return string.Join(' ', words);
        }
    }

    /// <summary>The options of one seed's run.</summary>
    /// <exception cref="ArgumentException">The algorithm, the environment or the preset does not exist, or they do not fit.</exception>
    /// <exception cref="OptionException">There is no such option, or the text is not a value of its kind.</exception>
    public RunOptions RunOptions(ulong seed)
    {
        AlgorithmEntry entry = AlgorithmRegistry.Find(Algorithm);
        Preset preset = Training.Preset.Find(entry.Name, Registry.Find(Environment).Id, Preset);
        preset = preset with { Steps = Steps ?? preset.Steps };
        RunOptions options = Training.RunOptions.From(entry, Environment, preset, Options, EnvironmentOptions) with { Seed = seed };
        entry.RequireFit(TrainingRun.MakeEnvironment(options).ActionSpace, Environment);
        return options;
    }

    /// <summary>Reads a list of plans from YAML; docs/formats.md describes it.</summary>
    /// <exception cref="FormatException">A setting is unknown, missing or has a wrong form.</exception>
    public static IReadOnlyList<ExperimentPlan> Load(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var stream = new YamlStream();
            stream.Load(reader);
            if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlSequenceNode { Children.Count: > 0 } list)
            {
                throw new FormatException("expected a list of experiments");
            }

            return [.. list.Children.Select(Parse)];
        }
        catch (Exception error) when (error is FormatException or OverflowException or YamlException)
        {
            throw new FormatException($"{path}: {error.Message.TrimEnd('.')}.", error);
        }
    }

    private static ExperimentPlan Parse(YamlNode node)
    {
        if (node is not YamlMappingNode settings) throw new FormatException($"expected an experiment with an algorithm; got '{node}'");
        Dictionary<string, YamlNode> values = settings.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value);
        if (values.Keys.FirstOrDefault(name => !Settings.Contains(name)) is string unknown)
        {
            throw new FormatException($"an experiment has no setting '{unknown}'{Nearest.Hint(unknown, Settings)}");
        }

        return new ExperimentPlan
        {
            Algorithm = Text("algorithm") ?? throw new FormatException("an experiment needs an algorithm"),
            Environment = Text("environment") ?? throw new FormatException("an experiment needs an environment"),
            Preset = Text("preset"),
            Steps = Text("steps") is string steps ? (long)Number("steps", steps) : null,
            Seeds = SeedList.Parse(Text("seeds") ?? throw new FormatException("an experiment needs seeds")),
            Target = Text("target") is string target ? (double)Number("target", target) : null,
            Options = Pairs("options"),
            EnvironmentOptions = Pairs("environmentOptions"),
        };

        string? Text(string name) => values.TryGetValue(name, out YamlNode? value) ? Plain(value) : null;

        KeyValuePair<string, string>[] Pairs(string name) => values.GetValueOrDefault(name) switch
        {
            null => [],
            YamlMappingNode map => [.. map.Select(entry => KeyValuePair.Create(entry.Key.ToString(), Plain(entry.Value)))],
            YamlNode other => throw new FormatException($"{name} are given as Name: Value; got '{other}'"),
        };
    }

    private static string Plain(YamlNode value) =>
        value is YamlSequenceNode list ? string.Join(',', list.Children) : value.ToString();

    private static decimal Number(string name, string text) =>
        decimal.TryParse(text.Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            ? number
            : throw new FormatException($"{name} is a number; got '{text}'");
}

/// <summary>Seeds as people write them: <c>1..5</c>, <c>1,4,9</c>, <c>1..3,10</c>.</summary>
public static class SeedList
{
    private const int Most = 10_000;

    /// <exception cref="FormatException">The text is not such a list.</exception>
    public static IReadOnlyList<ulong> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<ulong> seeds = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split("..");
            if (ends.Length > 2 || !TryParse(ends[0], out ulong first) || !TryParse(ends[^1], out ulong last) || last < first
                || last - first >= Most)
            {
                throw new FormatException($"Seeds are written as 1..5 or 1,4,9; got '{text}'.");
            }

            for (ulong i = 0; i <= last - first; i++)
            {
                seeds.Add(first + i);
            }
        }

        if (seeds.Distinct().Count() < seeds.Count) throw new FormatException($"Every seed is given once; got '{text}'.");
        return seeds;
    }

    /// <summary>The list as it can be given.</summary>
    public static string Text(IReadOnlyList<ulong> seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        List<string> parts = [];
        for (int i = 0; i < seeds.Count; i++)
        {
            int first = i;
            while (i + 1 < seeds.Count && seeds[i + 1] == seeds[i] + 1) i++;
            parts.Add(i == first ? $"{seeds[i]}" : $"{seeds[first]}..{seeds[i]}");
        }

        return string.Join(',', parts);
    }

    private static bool TryParse(string text, out ulong seed) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}
