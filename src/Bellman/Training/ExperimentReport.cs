using System.Text;
using Bellman.Statistics;

namespace Bellman.Training;

/// <summary>A page of results, made from files of results: one file, one row.</summary>
public static class ExperimentReport
{
    private const string Begin = "<!-- Results of `bellman experiment`: begin. What stands between these lines is generated. -->";
    private const string End = "<!-- Results of `bellman experiment`: end. -->";

    /// <summary>Writes the page, or renews its generated part and leaves the rest of it alone.</summary>
    /// <param name="path">A Markdown file. One that is there must hold the two lines that the generated part stands between.</param>
    /// <param name="files">Files of results, in any order.</param>
    /// <exception cref="ArgumentException">The page has no generated part.</exception>
    public static void Write(string path, IReadOnlyList<string> files)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(files);
        Row[] rows =
        [
            .. files.Select(file => new Row(file, ExperimentResult.Load(file)))
                .OrderBy(row => row.Result.Environment, StringComparer.Ordinal)
                .ThenBy(row => row.Result.Algorithm, StringComparer.Ordinal)
                .ThenBy(row => row.Result.Preset, StringComparer.Ordinal)
                .ThenBy(row => row.File, StringComparer.Ordinal),
        ];
        string before = "# Results\n\n";
        string after = "\n";
        if (File.Exists(path))
        {
            string page = File.ReadAllText(path);
            int begin = page.IndexOf(Begin, StringComparison.Ordinal);
            int end = page.IndexOf(End, StringComparison.Ordinal);
            if (begin < 0 || end < begin) throw new ArgumentException($"{path} has no place for results: it lacks the line {Begin}");
            before = page[..begin];
            after = page[(end + End.Length)..];
        }

        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        File.WriteAllText(path, $"{before}{Begin}\n\n{Text(rows, path)}\n{End}{after}");
    }

    private static string Text(IReadOnlyList<Row> rows, string page)
    {
        var text = new StringBuilder();
        text.Append("| environment | algorithm | preset | steps | seeds | IQM of returns [95 %] | mean | target | seconds a seed | file |\n");
        text.Append("|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (Row row in rows)
        {
            ExperimentResult result = row.Result;
            Estimate iqm = result.InterquartileMean;
            double seconds = Aggregate.Median([.. result.Runs.Select(run => run.Result.WallTime.TotalSeconds)]);
            string jobs = result.Jobs > 1 ? $", {result.Jobs} at once" : "";
            text.Append($"| {result.Environment} | {result.Algorithm} | {result.Preset} | {Steps(result.Steps)} ");
            text.Append($"| {SeedList.Text([.. result.Runs.Select(run => run.Seed)])} ");
            text.Append($"| **{Short(iqm.Value)}** [{Short(iqm.Interval.Low)}, {Short(iqm.Interval.High)}] | {Short(result.Mean)} ");
            text.Append($"| {Target(result)} | {Short(seconds)}{jobs} | [{Path.GetFileNameWithoutExtension(row.File)}]({Link(row.File, page)}) |\n");
        }

        text.Append("\nEach row comes from one command and is written by one version:\n\n");
        foreach (Row row in rows)
        {
            text.Append($"- `{row.Result.Command}` ({row.Result.Version}, {row.Result.Runtime}, {row.Result.System})\n");
        }

        return text.ToString();
    }

    private static string Target(ExperimentResult result)
    {
        if (result.Target is not double target) return "–";
        int reached = result.Scores.Count(score => score >= target);
        return $"{Short(target)}: {(result.IsTargetMet!.Value ? "met" : "not met")}, {reached} of {result.Runs.Count} seeds";
    }

    private static string Steps(long steps) => steps.ToString("#,0").Replace(',', ' ');

    private static string Short(double value) =>
        (Math.Abs(value) >= 100 ? value.ToString("0.0") : value.ToString("0.00")).Replace('-', '−');

    private static string Link(string file, string page) =>
        Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(page))!, Path.GetFullPath(file)).Replace('\\', '/');

    private sealed record Row(string File, ExperimentResult Result);
}
