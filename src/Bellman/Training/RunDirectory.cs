using System.Globalization;
using Bellman.Environments;
using Bellman.Neural.State;

namespace Bellman.Training;

/// <summary>The directory of a run and the names of its files; docs/runs.md describes them.</summary>
public sealed class RunDirectory
{
    internal const string OptionsName = "options.json";
    internal const string ResultName = "result.json";

    private const string CheckpointPrefix = "checkpoint-";
    private const string CheckpointSuffix = ".bellman";
    private const string DamagedSuffix = ".damaged";
    private const int KeptCheckpoints = 2;

    private RunDirectory(string path) => Path = path;

    /// <summary>As given.</summary>
    public string Path { get; }

    /// <summary>What the run follows from.</summary>
    public string Options => File(OptionsName);

    /// <summary>The table of metrics.</summary>
    public string Metrics => File("metrics.csv");

    /// <summary>The table of training episodes.</summary>
    public string Episodes => File("episodes.csv");

    /// <summary>What came of the run; only there once it is complete.</summary>
    public string Result => File(ResultName);

    /// <summary>The policy after the last step.</summary>
    public string Policy => File("policy.safetensors");

    /// <summary>The best policy that periodic evaluation saw; only there if it was on.</summary>
    public string BestPolicy => File("best.safetensors");

    /// <summary>The best policy where it was kept, else the last one.</summary>
    public string BestKeptPolicy => System.IO.File.Exists(BestPolicy) ? BestPolicy : Policy;

    /// <summary>Films of episodes.</summary>
    public string Videos => File("videos");

    /// <summary>Checkpoints, the newest first.</summary>
    public IReadOnlyList<string> Checkpoints =>
        [.. Directory.EnumerateFiles(Path, $"{CheckpointPrefix}*{CheckpointSuffix}")
            .Where(file => StepOf(file) >= 0)
            .OrderByDescending(StepOf)];

    /// <summary>Chooses the directory of a new run; the run makes it once it knows that it can begin.</summary>
    /// <param name="path">Where; null for a new directory under <c>runs/</c>.</param>
    /// <param name="title">What a directory without a path is called after.</param>
    /// <exception cref="ArgumentException">There is a run already.</exception>
    public static RunDirectory Create(string? path, string title)
    {
        if (path is not null && System.IO.File.Exists(System.IO.Path.Combine(path, OptionsName)))
        {
            throw new ArgumentException($"{path} holds a run already; give another directory, or delete it first.");
        }

        if (path is not null && System.IO.File.Exists(path))
        {
            throw new ArgumentException($"{path} is a file; a run needs a directory.");
        }
        return new RunDirectory(path ?? NewPath(title));
    }

    /// <summary>Opens the directory of a run.</summary>
    /// <exception cref="ArgumentException">There is no run.</exception>
    public static RunDirectory Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!Directory.Exists(path))
        {
            throw new ArgumentException($"There is no run directory {path}{NearestRun(path)}.");
        }
        var run = new RunDirectory(path);
        return System.IO.File.Exists(run.Options)
            ? run
            : throw new ArgumentException($"{path} is not a run directory: it has no {OptionsName}.");
    }

    /// <summary>The checkpoint of a step.</summary>
    public string Checkpoint(long step) => File($"{CheckpointPrefix}{step:D10}{CheckpointSuffix}");

    /// <summary>Deletes all checkpoints but the newest two.</summary>
    public void DropOldCheckpoints()
    {
        foreach (string file in Checkpoints.Skip(KeptCheckpoints))
        {
            System.IO.File.Delete(file);
        }
    }

    /// <summary>
    /// Gives a damaged checkpoint a name under which nothing looks for one, so that it does not count as one of the two that are kept.
    /// </summary>
    internal static void SetAside(string checkpoint) =>
        System.IO.File.Move(checkpoint, checkpoint + DamagedSuffix, overwrite: true);

    /// <summary>Deletes what a process that was killed had not written to its end.</summary>
    internal void DeleteLeftovers()
    {
        foreach (string file in Directory.EnumerateFiles(Path, $"*{AtomicFile.TemporarySuffix}"))
        {
            System.IO.File.Delete(file);
        }
    }

    /// <summary>The step of a checkpoint by its name; −1 for other files.</summary>
    internal static long StepOf(string file)
    {
        string name = System.IO.Path.GetFileName(file);
        ReadOnlySpan<char> step = name.AsSpan(CheckpointPrefix.Length..^CheckpointSuffix.Length);
        return long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out long result) ? result : -1;
    }

    private static string NewPath(string title)
    {
        for (int number = 1; ; number++)
        {
            string path = System.IO.Path.Combine("runs", $"{title}-{number}");
            if (!Directory.Exists(path)) return path;
        }
    }

    private static string NearestRun(string path)
    {
        string? parent = System.IO.Path.GetDirectoryName(System.IO.Path.TrimEndingDirectorySeparator(path));
        if (string.IsNullOrEmpty(parent)) parent = ".";
        if (!Directory.Exists(parent)) return "";
        IEnumerable<string> runs = Directory.EnumerateDirectories(parent)
            .Where(directory => System.IO.File.Exists(System.IO.Path.Combine(directory, OptionsName)));
        return Nearest.Hint(path, runs);
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
