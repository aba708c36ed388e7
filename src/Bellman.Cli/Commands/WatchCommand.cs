using System.CommandLine;
using System.Globalization;
using Bellman.Cli.Display;
using Bellman.Statistics;
using Bellman.Training;
using Spectre.Console;
using Progress = Bellman.Training.Progress;

namespace Bellman.Cli.Commands;

/// <summary><c>watch</c>: the curve of a run that another process trains.</summary>
internal static class WatchCommand
{
    private const int MostLines = 18;
    private const int Smoothing = 100;

    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "Directory of a run." };
        Option<string?> metric = CommandOptions.Text(
            "--metric", "NAME", "return or length of the last 100 episodes, or a column of metrics.csv. Default: return.");
        Option<double?> every = CommandOptions.Number("--every", "Seconds between two looks. Default 2.");
        Option<bool> once = new("--once") { Description = "Look once and end." };
        var command = new Command("watch", "Show a run's curve while it goes on, until it is finished.") { run, metric, every, once };
        command.SetAction(parsed =>
        {
            double seconds = parsed.GetValue(every) ?? 2;
            if (seconds is not (> 0 and <= 86400)) throw new UserException($"--every is a number of seconds from 0 to 86400; got {seconds}.");
            string path = parsed.GetRequiredValue(run);
            string name = RunHistory.Load(path).Find(parsed.GetValue(metric) ?? RunHistory.Return);
            Watch(path, name, TimeSpan.FromSeconds(seconds), parsed.GetValue(once), terminal);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Watch(string path, string metric, TimeSpan interval, bool once, Terminal terminal)
    {
        if (!terminal.IsInteractive)
        {
            Follow(path, metric, interval, once, terminal, history => terminal.Output.WriteLine(State(history, metric)));
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Output) });
        console.Live(new Text("")).Start(live =>
            Follow(path, metric, interval, once, terminal, history => live.UpdateTarget(Picture(history, metric, console.Profile))));
    }

    private static void Follow(
        string path, string metric, TimeSpan interval, bool once, Terminal terminal, Action<RunHistory> show)
    {
        long shown = -1;
        while (true)
        {
            RunHistory history = RunHistory.Load(path);
            bool isOver = once || File.Exists(history.Directory.Result);
            Curve curve = history.Curve(metric, Progress.Steps);
            long last = curve.Length == 0 ? 0 : (long)curve.X[^1];
            if (last != shown || isOver) show(history);
            shown = last;
            terminal.Output.Flush();
            if (isOver || terminal.Stop.WaitHandle.WaitOne(interval)) return;
        }
    }

    private static Text Picture(RunHistory history, string metric, Profile profile)
    {
        Curve curve = Curve(history, metric);
        IEnumerable<string> lines = curve.Length == 0
            ? []
            : DotCurve.Draw(curve, Math.Min(100, profile.Width - 1), Math.Clamp(profile.Height - 3, 6, MostLines));
        return new Text(string.Join('\n', lines.Prepend(State(history, metric))));
    }

    private static string State(RunHistory history, string metric)
    {
        Curve curve = Curve(history, metric);
        RunOptions options = history.Options;
        string title = $"{options.Algorithm} on {options.Environment}, seed {options.Seed}";
        if (curve.Length == 0) return $"{title}: no {metric} yet";
        string state = File.Exists(history.Directory.Result) ? "finished" : $"{100 * curve.X[^1] / options.Steps:0} %";
        return string.Create(
            CultureInfo.InvariantCulture, $"{title}: step {curve.X[^1]:0} of {options.Steps} ({state}), {metric} {curve.Y[^1]:0.####}");
    }

    private static Curve Curve(RunHistory history, string metric)
    {
        Curve curve = history.Curve(metric, Progress.Steps);
        return RunHistory.IsPerEpisode(metric) ? curve.Smooth(Smoothing) : curve;
    }
}
