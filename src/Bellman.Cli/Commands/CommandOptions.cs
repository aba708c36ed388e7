using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Bellman.Cli.Commands;

/// <summary>
/// Options as all commands read them: numbers with a point, <c>1e6</c> and <c>50_000</c> welcome, errors as sentences.
/// </summary>
internal static class CommandOptions
{
    public static Option<long?> Count(string name, string description, long minimum = 1) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result => Integer(result, name, minimum),
        };

    public static Option<ulong?> Seed(string description) =>
        new("--seed")
        {
            Description = description,
            HelpName = "S",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)) return seed;
                result.AddError($"--seed is an integer from 0; got '{text}'.");
                return null;
            },
        };

    public static Option<double?> Number(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "X",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
                {
                    return number;
                }
                result.AddError($"{name} is a number; got '{text}'.");
                return null;
            },
        };

    public static Option<bool> Json() =>
        new("--json") { Description = "Print one JSON object on the last line of standard output." };

    public static Option<bool> Episodes() =>
        new("--episodes") { Description = "Print a line for every finished episode." };

    public static Option<long?> Threads() =>
        Count("--threads", "Threads to use; no result depends on it. Default: all cores.");

    /// <summary>What was asked for, but not more than there are cores.</summary>
    public static int ThreadCount(long? wanted) =>
        (int)Math.Min(wanted ?? Environment.ProcessorCount, Environment.ProcessorCount);

    public static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    /// <summary>An option that may be given several times, one <c>key=value</c> each.</summary>
    public static Option<string[]> Assignments(string name, string helpName, string description) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => [],
        };

    /// <summary>A number of steps, or a time such as <c>90s</c>, <c>10min</c>, <c>2h</c>.</summary>
    public static Option<StepsOrTime?> StepsOrTime(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "N|TIME",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (Commands.StepsOrTime.TryParse(text, out StepsOrTime? interval)) return interval;
                result.AddError($"{name} is a number of steps from 1, or a time such as 90s, 10min or 2h; got '{text}'.");
                return null;
            },
        };

    /// <summary>Null for a text that is no integer, or too small a one.</summary>
    internal static long? Integer(string text, long minimum)
    {
        bool isNumber = decimal.TryParse(
            text.Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number);
        return isNumber && decimal.IsInteger(number) && number >= minimum && number <= long.MaxValue ? (long)number : null;
    }

    private static long? Integer(ArgumentResult result, string name, long minimum)
    {
        string text = result.Tokens[0].Value;
        if (Integer(text, minimum) is long number) return number;
        result.AddError($"{name} is an integer from {minimum}; got '{text}'.");
        return null;
    }
}
