using System.Globalization;
using System.Reflection;
using Bellman.Algorithms;
using Bellman.Environments;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Bellman.Training.Tuning;

/// <summary>The options that are searched; docs/tuning.md describes the file.</summary>
/// <param name="Dimensions">At least one, of different names.</param>
public sealed record SearchSpace(IReadOnlyList<SearchDimension> Dimensions)
{
    private const string ResourcePrefix = "Spaces/";

    private static readonly string[] Settings = ["low", "high", "log", "step", "choices"];

    /// <summary>The space that is searched where none is given.</summary>
    /// <exception cref="ArgumentException">The algorithm has none.</exception>
    public static SearchSpace Default(AlgorithmEntry algorithm)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        Assembly assembly = typeof(SearchSpace).Assembly;
        using Stream resource = assembly.GetManifestResourceStream($"{ResourcePrefix}{algorithm.Name}.yaml")
            ?? throw new ArgumentException($"{algorithm.Name} has no search space of its own; give one by --space.");
        using var reader = new StreamReader(resource);
        return Parse(reader, algorithm);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">An option is unknown or has a range of a wrong form; the sentence names the file.</exception>
    public static SearchSpace Load(string path, AlgorithmEntry algorithm)
    {
        try
        {
            using var reader = new StreamReader(path);
            return Parse(reader, algorithm);
        }
        catch (Exception error) when (error is FormatException or YamlException or OptionException)
        {
            throw new FormatException($"{path}: {error.Message.TrimEnd('.')}.", error);
        }
    }

    /// <summary>Reads YAML: the name of an option, and its range or choices.</summary>
    /// <exception cref="FormatException">A range has a wrong form.</exception>
    /// <exception cref="OptionException">There is no such option, or a value is not of its kind.</exception>
    public static SearchSpace Parse(TextReader yaml, AlgorithmEntry algorithm)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        var stream = new YamlStream();
        stream.Load(yaml);
        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode { Children.Count: > 0 } map)
        {
            throw new FormatException("expected the names of options with their ranges, as LearningRate: { low: 1e-5, high: 1e-2, log: true }");
        }

        SearchDimension[] dimensions = [.. map.Select(entry => ParseOne(entry.Key.ToString(), entry.Value, algorithm))];
        string? twice = dimensions.GroupBy(dimension => dimension.Name).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null ? new SearchSpace(dimensions) : throw new FormatException($"{twice} is given twice");
    }

    /// <summary>The option as the record has it after a value was given for it.</summary>
    internal static OptionDescription Canonical(AlgorithmEntry algorithm, string name, string text)
    {
        IReadOnlyList<OptionDescription> before = OptionRecord.Describe(algorithm.Defaults);
        IReadOnlyList<OptionDescription> after = OptionRecord.Describe(algorithm.Options([KeyValuePair.Create(name, text)]));
        string plain = OptionRecord.Plain(name);
        int index = Enumerable.Range(0, before.Count).First(i => OptionRecord.Plain(before[i].Name) == plain);
        return after[index];
    }

    private static SearchDimension ParseOne(string name, YamlNode node, AlgorithmEntry algorithm)
    {
        OptionDescription option = Find(name, algorithm);
        if (node is not YamlMappingNode settings)
        {
            throw new FormatException($"{name} takes {{ low, high }} or {{ choices: [...] }}; got '{node}'");
        }

        Dictionary<string, YamlNode> values = settings.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value);
        if (values.Keys.FirstOrDefault(key => !Settings.Contains(key)) is string unknown)
        {
            throw new FormatException($"the range of {name} has no setting '{unknown}'{Nearest.Hint(unknown, Settings)}");
        }

        return values.TryGetValue("choices", out YamlNode? choices)
            ? Choices(option, choices, values.Count, algorithm)
            : Range(option, values, algorithm);
    }

    /// <summary>Finds the option by the record's own rules, so that the error is the same as everywhere.</summary>
    private static OptionDescription Find(string name, AlgorithmEntry algorithm)
    {
        IReadOnlyList<OptionDescription> options = OptionRecord.Describe(algorithm.Defaults);
        string plain = OptionRecord.Plain(name);
        return options.FirstOrDefault(option => OptionRecord.Plain(option.Name) == plain)
            ?? throw new OptionException(
                $"{algorithm.Name} has no option '{name}'{Nearest.Hint(name, options.Select(option => option.Name))}");
    }

    private static ChoiceDimension Choices(OptionDescription option, YamlNode node, int settings, AlgorithmEntry algorithm)
    {
        if (settings > 1) throw new FormatException($"{option.Name} has choices or a range, not both");
        if (node is not YamlSequenceNode { Children.Count: > 0 } list) throw new FormatException($"the choices of {option.Name} are a list; got '{node}'");
        string[] texts = [.. list.Children.Select(child => Canonical(algorithm, option.Name, Text(child)).Value)];
        return texts.Distinct().Count() == texts.Length
            ? new ChoiceDimension(option.Name, texts)
            : throw new FormatException($"a choice of {option.Name} is given twice");
    }

    private static RangeDimension Range(OptionDescription option, Dictionary<string, YamlNode> values, AlgorithmEntry algorithm)
    {
        bool isInteger = option.Kind.StartsWith("integer", StringComparison.Ordinal);
        if (!isInteger && !option.Kind.StartsWith("number", StringComparison.Ordinal))
        {
            throw new FormatException($"{option.Name} is no number ({option.Kind}); give its choices");
        }

        double low = Number("low") ?? throw new FormatException($"the range of {option.Name} needs low and high, or choices");
        double high = Number("high") ?? throw new FormatException($"the range of {option.Name} needs low and high, or choices");
        double? step = Number("step");
        if (step <= 0) throw new FormatException($"the step of {option.Name} is greater than 0; got {step}");
        if (isInteger && new[] { low, high, step ?? 1 }.Any(number => !double.IsInteger(number)))
        {
            throw new FormatException($"{option.Name} is an integer; so are low, high and step");
        }

        var range = new RangeDimension(option.Name, low, high, Flag("log"), step ?? (isInteger ? 1 : 0));
        _ = Canonical(algorithm, option.Name, range.Text(range.Lower));
        _ = Canonical(algorithm, option.Name, range.Text(range.Upper));
        return range;

        double? Number(string name)
        {
            if (!values.TryGetValue(name, out YamlNode? node)) return null;
            return double.TryParse(node.ToString().Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? number
                : throw new FormatException($"{name} of {option.Name} is a number; got '{node}'");
        }

        bool Flag(string name) => values.GetValueOrDefault(name)?.ToString() switch
        {
            null or "false" => false,
            "true" => true,
            string other => throw new FormatException($"{name} of {option.Name} is true or false; got '{other}'"),
        };
    }

    private static string Text(YamlNode node) => node is YamlSequenceNode list ? string.Join(',', list.Children) : node.ToString();
}
