using Bellman.Environments;
using Bellman.Statistics;
using Bellman.Telemetry;

namespace Bellman.Training;

/// <summary>What the horizontal axis of a curve counts.</summary>
public enum Progress
{
    /// <summary>Environment steps over all copies.</summary>
    Steps,

    /// <summary>Finished training episodes.</summary>
    Episodes,

    /// <summary>Seconds of training.</summary>
    Wall,
}

/// <summary>The numbers that a run has written so far; it may still be going on.</summary>
public sealed class RunHistory
{
    /// <summary>The return of every training episode.</summary>
    public const string Return = "return";

    /// <summary>The steps of every training episode.</summary>
    public const string Length = "length";

    private readonly CsvTable metrics;
    private readonly CsvTable? episodes;

    private RunHistory(RunDirectory directory)
    {
        Directory = directory;
        Options = RunOptions.Load(directory.Options);
        if (!File.Exists(directory.Metrics)) throw new InvalidDataException($"{directory.Path} holds no metrics.csv.");
        metrics = CsvTable.Read(directory.Metrics);
        episodes = File.Exists(directory.Episodes) ? CsvTable.Read(directory.Episodes) : null;
    }

    public RunDirectory Directory { get; }

    public RunOptions Options { get; }

    /// <summary>What <see cref="Curve"/> takes, those of every episode first.</summary>
    public IEnumerable<string> Metrics =>
        (episodes is null ? Enumerable.Empty<string>() : [Return, Length]).Concat(metrics.Columns.Skip(1));

    /// <summary>Reads a run's numbers.</summary>
    /// <exception cref="ArgumentException">There is no run.</exception>
    /// <exception cref="InvalidDataException">A file of it is damaged or missing.</exception>
    public static RunHistory Load(string path) => new(RunDirectory.Open(path));

    /// <summary>The runs in a directory, in the order of their names: itself, or all below it.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static IReadOnlyList<RunHistory> LoadAll(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] runs = System.IO.Directory.Exists(path) && !File.Exists(Path.Combine(path, RunDirectory.OptionsName))
            ?
            [
                .. System.IO.Directory.EnumerateFiles(path, RunDirectory.OptionsName, SearchOption.AllDirectories)
                    .Select(file => Path.GetDirectoryName(file)!)
                    .OrderBy(run => run.Length).ThenBy(run => run, StringComparer.Ordinal),
            ]
            : [];
        return runs.Length > 0 ? [.. runs.Select(Load)] : [Load(path)];
    }

    /// <summary>The full name of a metric: <c>loss</c> is <c>train/loss</c>, <c>duration</c> is <c>length</c>.</summary>
    /// <exception cref="ArgumentException">The run has no such metric.</exception>
    public string Find(string metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (metric == "duration") metric = Length;
        if (metric == "epsilon") metric = "rollout/exploration_rate";
        return Metrics.FirstOrDefault(name => name == metric)
            ?? Metrics.FirstOrDefault(name => name[(name.LastIndexOf('/') + 1)..] == metric)
            ?? throw new ArgumentException($"{Directory.Path} has no metric '{metric}'{Hint(metric)}.");
    }

    /// <summary>Whether every episode has a value of its own.</summary>
    public static bool IsPerEpisode(string metric) => metric is Return or Length;

    /// <summary>A metric over the course of training.</summary>
    /// <param name="metric">As <see cref="Find"/> gives it.</param>
    /// <param name="over">What the horizontal axis counts.</param>
    /// <exception cref="ArgumentException">The run kept no episodes, so that nothing but steps can be counted.</exception>
    public Curve Curve(string metric, Progress over)
    {
        if (over != Progress.Steps && episodes is null)
        {
            throw new ArgumentException($"{Directory.Path} has no episodes.csv; its curves can be drawn over steps only.");
        }

        if (IsPerEpisode(metric)) return new Curve([.. episodes![Column(over)]], [.. episodes[metric]]);
        int[] rows = [.. Enumerable.Range(0, metrics.Rows).Where(row => double.IsFinite(metrics[metric][row]))];
        double[] steps = [.. rows.Select(row => metrics["step"][row])];
        double[] values = [.. rows.Select(row => metrics[metric][row])];
        if (over == Progress.Steps || steps.Length == 0 || episodes!.Rows == 0) return new Curve(steps, values);
        var course = new Curve([0, .. episodes["step"]], [0, .. episodes[Column(over)]]);
        return new Curve(course.At(steps), values);
    }

    private static string Column(Progress over) => over switch
    {
        Progress.Episodes => "episode",
        Progress.Wall => "seconds",
        _ => "step",
    };

    private string Hint(string metric)
    {
        IEnumerable<string> names = Metrics.Concat(Metrics.Select(name => name[(name.LastIndexOf('/') + 1)..]));
        string hint = Nearest.Hint(metric, names);
        return hint.Length > 0 ? hint : $"; it has {string.Join(", ", Metrics)}";
    }
}
