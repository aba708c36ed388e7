using Bellman.Environments;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary>What runs are put together by: <c>plot</c> and <c>compare</c> share it.</summary>
internal static class RunGroups
{
    public const string None = "none";

    private const string ByOption = "option:";

    /// <summary>All runs in some directories, each once.</summary>
    public static RunHistory[] Load(IEnumerable<string> paths) =>
        [.. paths.SelectMany(RunHistory.LoadAll).DistinctBy(run => Path.GetFullPath(run.Directory.Path))];

    /// <summary>Refuses a key that there is not.</summary>
    /// <param name="option">Of the command line, for the sentence.</param>
    /// <param name="text">What was given; <c>option:NAME</c> stands for any option of the algorithm or the environment.</param>
    /// <param name="names">The others.</param>
    public static string RequireKey(string option, string text, string[] names)
    {
        string key = text.Replace("option ", ByOption).Replace("option=", ByOption);
        if (key.StartsWith(ByOption, StringComparison.Ordinal) || names.Contains(key)) return key;
        throw new UserException($"{option} is one of {string.Join(", ", names)} or option:NAME; got '{text}'{Nearest.Hint(text, names)}.");
    }

    /// <summary>What a run belongs to; by <c>none</c> nothing but itself.</summary>
    public static string Of(RunHistory run, string key)
    {
        RunOptions options = run.Options;
        return key switch
        {
            "algorithm" => options.Algorithm,
            "environment" => options.Environment,
            "preset" => $"{options.Algorithm} {options.Preset}",
            "seed" => $"seed {options.Seed}",
            None => Path.GetFileName(Path.GetFullPath(run.Directory.Path)),
            _ => ByOptionValue(run, key[ByOption.Length..]),
        };
    }

    private static string ByOptionValue(RunHistory run, string name)
    {
        KeyValuePair<string, string>[] all = [.. run.Options.Options, .. run.Options.EnvironmentOptions];
        int index = Array.FindIndex(all, option => option.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (index >= 0) return $"{all[index].Key} = {all[index].Value}";
        throw new UserException($"{run.Directory.Path} has no option '{name}'{Nearest.Hint(name, all.Select(option => option.Key))}.");
    }
}
