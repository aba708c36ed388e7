using System.Globalization;
using Bellman.Environments.Wrappers;

namespace Bellman.Environments;

/// <summary>One option of an environment.</summary>
/// <param name="Name">As Gymnasium calls it: <c>is_slippery</c>.</param>
/// <param name="Default">A <see cref="bool"/>, <see cref="int"/>, <see cref="double"/> or <see cref="string"/>; its type is the option's.</param>
/// <param name="Description">Meaning, unit and range, in a few words.</param>
public sealed record EnvironmentOption(string Name, object Default, string Description);

/// <summary>The values of an environment's options: the defaults, changed by what the caller gave.</summary>
public sealed class EnvironmentOptions
{
    private readonly Dictionary<string, object> values;

    internal EnvironmentOptions(string id, IReadOnlyList<EnvironmentOption> options, IEnumerable<KeyValuePair<string, object>> changes)
    {
        values = options.ToDictionary(option => option.Name, option => option.Default);
        foreach ((string name, object value) in changes)
        {
            if (!values.TryGetValue(name, out object? current))
            {
                string known = values.Count == 0 ? "; it has none" : Nearest.Hint(name, values.Keys);
                throw new ArgumentException($"{id} has no option '{name}'{known}.");
            }

            values[name] = Convert(id, name, current, value);
        }
    }

    public bool Flag(string name) => (bool)values[name];

    public int Whole(string name) => (int)values[name];

    public double Number(string name) => (double)values[name];

    public string Text(string name) => (string)values[name];

    /// <summary>Python's and .NET's spellings are both taken: True, true, 1e-3, None for an empty text.</summary>
    private static object Convert(string id, string name, object current, object value)
    {
        string text = System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return current switch
        {
            bool when bool.TryParse(text, out bool flag) => flag,
            int when int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int whole) => whole,
            double when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
            string => text == "None" ? "" : text,
            _ => throw new ArgumentException($"{id}: option {name} takes {Kind(current)}; got '{text}'."),
        };
    }

    private static string Kind(object value) => value switch
    {
        bool => "True or False",
        int => "a whole number",
        _ => "a number",
    };
}

/// <summary>An environment under its id: how it is made, and what is known about its task.</summary>
public sealed record EnvironmentSpec
{
    /// <summary>Gymnasium's id with its version, such as <c>CartPole-v1</c>: changed dynamics are a new version.</summary>
    public required string Id { get; init; }

    /// <summary>One line.</summary>
    public required string Summary { get; init; }

    /// <summary>Makes the environment itself, without its time limit.</summary>
    public required Func<EnvironmentOptions, IEnvironment> Create { get; init; }

    /// <summary>Steps after which an episode is truncated; null for none.</summary>
    public int? MaxEpisodeSteps { get; init; }

    /// <summary>The mean return over 100 episodes at which the task counts as solved; null where none is agreed on.</summary>
    public double? RewardThreshold { get; init; }

    public IReadOnlyList<EnvironmentOption> Options { get; init; } = [];

    /// <summary>
    /// Options that evaluation sets, whatever training had: what makes a game easier to learn, such as rewards of ±1, must not count in what
    /// is reported.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, object>> EvaluationOptions { get; init; } = [];

    /// <summary>True where a step costs so much that copies are worth stepping on several threads.</summary>
    public bool IsSlow { get; init; }

    /// <summary>Makes a copy with its time limit.</summary>
    /// <param name="options">Values by name, as texts or of the option's own type; null for the defaults.</param>
    public IEnvironment Make(IEnumerable<KeyValuePair<string, object>>? options = null)
    {
        IEnvironment environment = Create(new EnvironmentOptions(Id, Options, options ?? []));
        return MaxEpisodeSteps is int limit ? new TimeLimit(environment, limit) : environment;
    }

    /// <summary>Makes a copy to measure a policy with.</summary>
    /// <param name="options">As for training; null for the defaults.</param>
    public IEnvironment MakeForEvaluation(IEnumerable<KeyValuePair<string, object>>? options = null) =>
        Make([.. options ?? [], .. EvaluationOptions]);
}
