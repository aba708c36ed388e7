using System.CommandLine;
using Bellman.Environments;
using Bellman.Plotting;
using Bellman.Statistics;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary><c>plot</c>: curves of runs as a picture.</summary>
internal sealed class PlotCommand
{
    private const int DefaultSmoothing = 100;

    private static readonly string[] Groups = ["algorithm", "environment", "preset", "seed", RunGroups.None];
    private static readonly string[] PanelKeys = ["environment", "algorithm", "preset", RunGroups.None];

    private readonly Argument<string[]> runs = new("RUN")
    {
        Description = "Directories of runs, or directories that hold runs.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> over = CommandOptions.Text("--x", "steps|episodes|wall", "What to draw over. Default: steps.");
    private readonly Option<string[]> metric = CommandOptions.Assignments(
        "--metric", "NAME", "return and length of every episode, or a column of metrics.csv; may be repeated. Default: return.");
    private readonly Option<string?> groupBy = CommandOptions.Text(
        "--group-by", "KEY", "What makes a line: algorithm, environment, preset, seed, option:NAME, or none for a line a run. Default: algorithm.");
    private readonly Option<string?> panels = CommandOptions.Text(
        "--panels", "KEY", "What makes a panel: environment, algorithm, preset, option:NAME or none. Default: environment. Each metric has its own.");
    private readonly Option<string?> center = CommandOptions.Text(
        "--center", "iqm|mean|median", "What the line of several runs shows, with its 95 % bootstrap interval. Default: iqm.");
    private readonly Option<long?> smooth = CommandOptions.Count(
        "--smooth", "Values that a mean is taken over. Default: 100 episodes for what every episode has, else 1.");
    private readonly Option<double?> level = CommandOptions.Number("--target", "A dashed line at this height, where the first metric is drawn.");
    private readonly Option<string?> title = CommandOptions.Text("--title", "TEXT", "Above the picture.");
    private readonly Option<string?> output = CommandOptions.Text("--out", "FILE", "A .svg or .png file. Default: plot.svg.");

    private PlotCommand()
    {
    }

    public static Command Create(Terminal terminal)
    {
        var plot = new PlotCommand();
        var command = new Command("plot", "Draw learning curves of runs, alone or in groups with their intervals.")
        {
            plot.runs, plot.over, plot.metric, plot.groupBy, plot.panels, plot.center, plot.smooth, plot.level, plot.title, plot.output,
        };
        command.SetAction(parsed => plot.Run(parsed, terminal));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal)
    {
        string file = parsed.GetValue(output) ?? "plot.svg";
        Chart.RequireFormat(file);
        string group = RunGroups.RequireKey("--group-by", parsed.GetValue(groupBy) ?? "algorithm", Groups);
        string panel = RunGroups.RequireKey("--panels", parsed.GetValue(panels) ?? "environment", PanelKeys);
        RunHistory[] histories = RunGroups.Load(parsed.GetRequiredValue(runs));
        string[] metrics = parsed.GetValue(metric) is { Length: > 0 } given ? given : [RunHistory.Return];
        var settings = new Settings(
            Over(parsed.GetValue(over)), group, Center(parsed.GetValue(center)), parsed.GetValue(smooth), parsed.GetValue(level));

        var colors = new Dictionary<string, int>(StringComparer.Ordinal);
        Panel[] drawn =
        [
            .. from name in metrics
               from part in histories.GroupBy(run => panel == RunGroups.None ? "" : RunGroups.Of(run, panel))
               select Draw(part.Key, part, name, name == metrics[0] ? settings : settings with { Level = null }, colors),
        ];
        var chart = new Chart
        {
            Title = parsed.GetValue(title) ?? "",
            Panels = drawn,
            Note = Note(drawn, parsed.GetValue(center)),
            Columns = metrics.Length > 1 ? Math.Min(4, drawn.Length / metrics.Length) : Math.Min(3, drawn.Length),
        };
        if (metrics.Length > 1 && chart.Columns == 1) chart = chart with { Columns = Math.Min(3, drawn.Length) };
        chart.Save(file);
        terminal.Output.WriteLine($"{file}: {Count(histories.Length, "run")} in {Count(drawn.Length, "panel")}.");
        return ExitCode.Success;
    }

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private static Panel Draw(
        string title, IEnumerable<RunHistory> runs, string metric, Settings settings, Dictionary<string, int> colors)
    {
        List<Series> series = [];
        string full = runs.First().Find(metric);
        int window = (int)Math.Min(settings.Smooth ?? (RunHistory.IsPerEpisode(full) ? DefaultSmoothing : 1), int.MaxValue);
        foreach (IGrouping<string, RunHistory> group in runs.GroupBy(run => RunGroups.Of(run, settings.GroupBy)))
        {
            if (!colors.TryGetValue(group.Key, out int color)) colors.Add(group.Key, color = colors.Count);
            Curve[] raw = [.. group.Select(run => run.Curve(run.Find(metric), settings.Over)).Where(curve => curve.Length > 0)];
            if (raw.Length == 0) continue;
            if (raw.Length == 1 && window > 1) series.Add(Bands.Faint(window == DefaultSmoothing ? "every episode" : "every value", color, raw[0]));
            series.Add(Bands.Of(group.Key, color, [.. raw.Select(curve => curve.Smooth(window))], settings.Center));
        }

        if (series.Count == 0) throw new UserException($"No run has a value of {metric} yet.");
        return new Panel
        {
            Title = title,
            XLabel = settings.Over switch
            {
                Progress.Episodes => "episodes",
                Progress.Wall => "seconds of training",
                _ => "environment steps",
            },
            YLabel = Label(full) + (window > 1 ? $", mean of {window}" : ""),
            Series = series,
            Levels = settings.Level is double level ? [new Level($"target {level:0.##}", level)] : [],
        };
    }

    private static string Note(Panel[] drawn, string? center)
    {
        if (!drawn.SelectMany(panel => panel.Series).Any(series => series.Low is not null)) return "";
        string quantity = center switch { "mean" => "mean", "median" => "median", _ => "interquartile mean" };
        return $"Lines are the {quantity} of several runs, bands its 95 % bootstrap interval.";
    }

    private static string Label(string metric) => metric switch
    {
        RunHistory.Return => "return",
        RunHistory.Length => "steps of an episode",
        "rollout/ep_rew_mean" => "mean return of 100 episodes",
        "rollout/ep_len_mean" => "mean length of 100 episodes",
        "rollout/exploration_rate" => "ε",
        "eval/mean_reward" => "mean return in evaluation",
        _ => metric,
    };

    private static Progress Over(string? text) => text switch
    {
        null or "steps" => Progress.Steps,
        "episodes" => Progress.Episodes,
        "wall" => Progress.Wall,
        _ => throw new UserException($"--x is steps, episodes or wall; got '{text}'{Nearest.Hint(text, ["steps", "episodes", "wall"])}."),
    };

    private static Func<double[], double> Center(string? text) => text switch
    {
        null or "iqm" => values => Aggregate.InterquartileMean(values),
        "mean" => values => Aggregate.Mean(values),
        "median" => values => Aggregate.Median(values),
        _ => throw new UserException($"--center is iqm, mean or median; got '{text}'{Nearest.Hint(text, ["iqm", "mean", "median"])}."),
    };

    private sealed record Settings(Progress Over, string GroupBy, Func<double[], double> Center, long? Smooth, double? Level);
}
