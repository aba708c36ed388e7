using System.Text;
using Bellman.Plotting;
using Bellman.Statistics;

namespace Bellman.Training;

/// <summary>A page of results, made from files of results: one file, one row, one picture beside the file.</summary>
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
        foreach (Row row in rows)
        {
            Draw(row.Result).Save(row.Picture);
        }

        File.WriteAllText(path, $"{before}{Begin}\n\n{Text(rows, path)}\n{End}{after}");
    }

    private static string Text(IReadOnlyList<Row> rows, string page)
    {
        var text = new StringBuilder();
        text.Append("| environment | algorithm | preset | steps | seeds | IQM of returns [95 %] | mean | target | seconds a seed | curve |\n");
        text.Append("|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (Row row in rows)
        {
            ExperimentResult result = row.Result;
            Estimate iqm = result.InterquartileMean;
            double seconds = Aggregate.Median([.. result.Runs.Select(run => run.Result.WallTime.TotalSeconds)]);
            string jobs = result.Jobs > 1 ? $", {result.Jobs} at once" : "";
            text.Append($"| {result.Environment} | {result.Algorithm} | {Settings(result)} | {Steps(result.Steps)} ");
            text.Append($"| {SeedList.Text([.. result.Runs.Select(run => run.Seed)])} ");
            text.Append($"| **{Short(iqm.Value)}** [{Short(iqm.Interval.Low)}, {Short(iqm.Interval.High)}] | {Short(result.Mean)} ");
            text.Append($"| {Target(result)} | {Short(seconds)}{jobs} | [curve]({Link(row.Picture, page)}), [file]({Link(row.File, page)}) |\n");
        }

        text.Append("\nEach row comes from one command and is written by one version:\n\n");
        foreach (Row row in rows)
        {
            text.Append($"- `{row.Result.Command}` ({row.Result.Version}, {row.Result.Runtime}, {row.Result.System})\n");
        }

        return text.ToString();
    }

    /// <summary>The learning curves: every seed pale, their interquartile mean with its interval before them.</summary>
    private static Chart Draw(ExperimentResult result)
    {
        Curve[] curves = [.. result.Runs.Select(run => run.Curve).Where(curve => curve.Length > 0)];
        List<Series> series = [];
        if (curves.Length > 1) series.AddRange(curves.Select((curve, i) => Bands.Faint(i == 0 ? "one seed" : "", 0, curve)));
        if (curves.Length > 0)
        {
            string name = curves.Length == 1 ? "one seed" : $"interquartile mean of {curves.Length} seeds, 95 % interval";
            series.Add(Bands.Of(name, 0, curves, values => Aggregate.InterquartileMean(values)));
        }

        var panel = new Panel
        {
            Title = $"{result.Algorithm} on {result.Environment}, {Settings(result)}",
            XLabel = "environment steps",
            YLabel = "mean return of 100 episodes",
            Series = series,
            Levels = result.Target is double target ? [new Level($"target {target:0.##}", target)] : [],
        };
        return new Chart { Panels = [panel] };
    }

    /// <summary>The preset and what was changed of it.</summary>
    private static string Settings(ExperimentResult result) =>
        string.Join(", ", result.Changes.Concat(result.EnvironmentOptions).Select(option => $"{option.Key}={option.Value}").Prepend(result.Preset));

    private static string Target(ExperimentResult result)
    {
        if (result.Target is not double target) return "–";
        int reached = result.Scores.Count(score => score >= target);
        return $"{target:0.##}: {(result.IsTargetMet!.Value ? "met" : "not met")}, {reached} of {result.Runs.Count} seeds";
    }

    private static string Steps(long steps) => steps.ToString("#,0").Replace(',', ' ');

    private static string Short(double value) =>
        (Math.Abs(value) >= 100 ? value.ToString("0.0") : value.ToString("0.00")).Replace('-', '−');

    private static string Link(string file, string page) =>
        Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(page))!, Path.GetFullPath(file)).Replace('\\', '/');

    private sealed record Row(string File, ExperimentResult Result)
    {
        public string Picture => Path.ChangeExtension(File, ".svg");
    }
}
