using System.CommandLine;
using Bellman.Environments;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary>The option by which commands hand Gymnasium's keyword arguments to an environment.</summary>
internal static class KeywordOption
{
    public static Option<string[]> Create() =>
        CommandOptions.Assignments(
            "--option", "key=value", "An argument of the environment, such as map_name=8x8; may be repeated.");

    public static KeyValuePair<string, string>[] Pairs(IEnumerable<string>? assignments) =>
        [.. (assignments ?? []).Select(OptionRecord.SplitAssignment)];

    public static IEnvironment Make(string id, IEnumerable<KeyValuePair<string, string>> arguments) =>
        Registry.Find(id).Make(arguments.Select(argument => KeyValuePair.Create(argument.Key, (object)argument.Value)));
}
