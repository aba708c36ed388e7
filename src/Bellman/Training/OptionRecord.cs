using System.Collections;
using System.Globalization;
using System.Reflection;
using Bellman.Algorithms;
using Bellman.Environments;

namespace Bellman.Training;

/// <summary>One option of an algorithm.</summary>
/// <param name="Name">As the record's property is called.</param>
/// <param name="Kind">What it takes, in a few words: "integer", "number or none", "Adam | AdamW".</param>
/// <param name="Value">The value as text, in the form in which it can be given.</param>
public sealed record OptionDescription(string Name, string Kind, string Value);

/// <summary>Reads, changes and lists the properties of an options record by their names.</summary>
/// <remarks>
/// Names are compared without regard to case and underscores, so <c>learning_rate</c> is <c>LearningRate</c>. Numbers
/// are written with a point, whatever the culture; <c>1e6</c> and <c>1_000_000</c> are integers too; lists are
/// <c>256,256</c>; <c>none</c> is the absence of a value.
/// </remarks>
public static class OptionRecord
{
    private const string None = "none";

    /// <summary>All options with their present values, in the order in which the record declares them.</summary>
    public static IReadOnlyList<OptionDescription> Describe(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [.. Properties(options).Select(property =>
            new OptionDescription(property.Name, Kind(property.PropertyType), Text(property.GetValue(options))))];
    }

    /// <summary>A copy of the record with some options changed.</summary>
    /// <exception cref="OptionException">There is no such option, or the text is not a value of its kind.</exception>
    public static object With(object options, IEnumerable<KeyValuePair<string, string>> changes)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(changes);
        MethodInfo clone = options.GetType().GetMethod("<Clone>$")
            ?? throw new ArgumentException($"Options are records; {options.GetType().Name} is not.", nameof(options));
        object copy = clone.Invoke(options, null)!;
        foreach ((string name, string text) in changes)
        {
            PropertyInfo property = Find(options, name);
            property.SetValue(copy, Parse(property.Name, property.PropertyType, text));
        }

        return copy;
    }

    /// <summary>Splits <c>Name=Value</c>.</summary>
    /// <exception cref="OptionException">There is no equals sign.</exception>
    public static KeyValuePair<string, string> SplitAssignment(string assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        int equals = assignment.IndexOf('=');
        return equals > 0
            ? new KeyValuePair<string, string>(assignment[..equals].Trim(), assignment[(equals + 1)..].Trim())
            : throw new OptionException($"An option is set by Name=Value; got '{assignment}'.");
    }

    /// <summary>The value as a text that can be given for it.</summary>
    public static string Text(object? value) => value switch
    {
        null => None,
        string text => text,
        bool flag => flag ? "true" : "false",
        IEnumerable list => string.Join(',', list.Cast<object?>().Select(Text)),
        IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static IEnumerable<PropertyInfo> Properties(object options) =>
        options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .OrderBy(property => Depth(property.DeclaringType!));

    /// <summary>How many records a record builds on: what those declare comes first.</summary>
    private static int Depth(Type type) => type.BaseType is Type below ? 1 + Depth(below) : 0;

    private static PropertyInfo Find(object options, string name)
    {
        string plain = Plain(name);
        IEnumerable<string> names = Properties(options).Select(property => property.Name);
        return Properties(options).FirstOrDefault(property => Plain(property.Name) == plain)
            ?? throw new OptionException($"There is no option '{name}'{Nearest.Hint(name, names)}.");
    }

    /// <summary>What two spellings of one name have in common.</summary>
    internal static string Plain(string name) => name.Replace("_", "").Replace("-", "").ToLowerInvariant();

    private static object? Parse(string name, Type type, string text)
    {
        Type? inner = Nullable.GetUnderlyingType(type);
        if (inner is not null && text is None or "null" or "None" or "") return null;
        Type wanted = inner ?? type;
        if (wanted.IsEnum) return ParseEnum(name, wanted, text);
        try
        {
            return ParseValue(wanted, text);
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            string reason =
                wanted == typeof(Schedule) ? error.Message : $"{name} is {Article(Kind(type))}; got '{text}'.";
            throw new OptionException(reason);
        }
    }

    private static object ParseValue(Type type, string text)
    {
        if (type == typeof(string)) return text;
        if (type == typeof(bool)) return ParseFlag(text);
        if (type == typeof(int)) return checked((int)ParseInteger(text));
        if (type == typeof(long)) return ParseInteger(text);
        if (type == typeof(double)) return ParseNumber(text);
        if (type == typeof(float)) return (float)ParseNumber(text);
        if (type == typeof(Schedule)) return Schedule.Parse(text);
        if (type.IsAssignableFrom(typeof(int[]))) return ParseList(text);
        throw new NotSupportedException($"Options of type {type.Name} cannot be given as text.");
    }

    private static bool ParseFlag(string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" or "on" => true,
        "false" or "0" or "no" or "off" => false,
        _ => throw new FormatException(),
    };

    private static long ParseInteger(string text)
    {
        decimal number = decimal.Parse(text.Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture);
        return decimal.IsInteger(number) ? checked((long)number) : throw new FormatException();
    }

    private static double ParseNumber(string text) =>
        double.Parse(text.Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static int[] ParseList(string text)
    {
        string[] parts = text.Trim('[', ']', ' ').Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        return Array.ConvertAll(parts, part => checked((int)ParseInteger(part)));
    }

    private static object ParseEnum(string name, Type type, string text)
    {
        string plain = Plain(text);
        string[] names = Enum.GetNames(type);
        string match = Array.Find(names, value => Plain(value) == plain)
            ?? throw new OptionException(
                $"{name} is one of {string.Join(", ", names)}; got '{text}'{Nearest.Hint(text, names)}.");
        return Enum.Parse(type, match);
    }

    private static string Kind(Type type)
    {
        Type? inner = Nullable.GetUnderlyingType(type);
        if (inner is not null) return $"{Kind(inner)} or {None}";
        if (type.IsEnum) return string.Join(" | ", Enum.GetNames(type));
        if (type == typeof(bool)) return "true | false";
        if (type == typeof(int) || type == typeof(long)) return "integer";
        if (type == typeof(double) || type == typeof(float)) return "number";
        if (type == typeof(Schedule)) return "number or schedule";
        if (type.IsAssignableFrom(typeof(int[]))) return "list of integers";
        return "text";
    }

    private static string Article(string kind) => kind switch
    {
        "true | false" => "true or false",
        _ when kind.StartsWith('i') => $"an {kind}",
        _ => $"a {kind}",
    };
}
