using System.CommandLine;
using System.Globalization;
using Bellman.Cli.Display;
using Bellman.Statistics;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary><c>experiment</c>: the same training with several seeds, and what they say together.</summary>
internal sealed class ExperimentCommand
{
    private readonly Argument<string[]> what = new("WHAT")
    {
        Description = "ALGORITHM ENVIRONMENT; or a FILE.yaml with a list of experiments; or, with --report, files of results.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> seeds = CommandOptions.Text("--seeds", "1..5", "Seeds: a range, a list, or both. Default 1..5.");
    private readonly Option<long?> steps =
        CommandOptions.Count("--steps", "Environment steps over all copies. Default: the preset's.");
    private readonly Option<string?> preset =
        CommandOptions.Text("--preset", "NAME", "Named settings. Default: the pair's first preset.");
    private readonly Option<string[]> set =
        CommandOptions.Assignments("--set", "Option=Value", "An option of the algorithm; may be repeated.");
    private readonly Option<string[]> option = KeywordOption.Create();
    private readonly Option<double?> target =
        CommandOptions.Number("--target", "Mean return to reach. Default: the environment's threshold.");
    private readonly Option<long?> jobs = CommandOptions.Count("--jobs", "Seeds trained side by side. Default: as many as cores.");
    private readonly Option<string?> directory = CommandOptions.Text(
        "--directory", "DIR", "Holds the runs. Default: runs/experiments; what is finished there is not trained again.");
    private readonly Option<string?> output = CommandOptions.Text(
        "--out", "FILE.json", "The file of results; with FILE.yaml, the directory of them. Default: one per experiment in results/.");
    private readonly Option<string?> report = CommandOptions.Text(
        "--report", "PAGE.md", "Train nothing; write, or renew, a page from files of results.");

    private ExperimentCommand()
    {
    }

    public static Command Create(Terminal terminal)
    {
        var experiment = new ExperimentCommand();
        var command = new Command("experiment", "Train several seeds side by side and write what came of them, or make a page of results.")
        {
            experiment.what, experiment.seeds, experiment.steps, experiment.preset, experiment.set, experiment.option,
            experiment.target, experiment.jobs, experiment.directory, experiment.output, experiment.report,
        };
        command.SetAction(parsed => experiment.Run(parsed, terminal));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal)
    {
        string[] arguments = parsed.GetRequiredValue(what);
        if (parsed.GetValue(report) is string page) return Report(page, arguments, terminal);
        IReadOnlyList<ExperimentPlan> plans = Plans(parsed, arguments);
        string? place = parsed.GetValue(output);
        bool isList = arguments.Length == 1;
        int count = (int)Math.Min(parsed.GetValue(jobs) ?? Environment.ProcessorCount, 1024);
        using var display = new ExperimentProgress(terminal, plans);
        var runner = new ExperimentRunner(parsed.GetValue(directory) ?? Path.Combine("runs", "experiments"), terminal.Clock, count)
        {
            Report = display.WriteLine,
            Watch = display.Watch,
            OnComplete = (plan, result) =>
            {
                string file = !isList && place is not null ? place : Path.Combine(place ?? "results", $"{plan.Title}.json");
                result.Save(file);
                display.WriteLine(Summary(plan, result, file));
            },
        };
        IReadOnlyList<string> failures = runner.Run(plans, terminal.Stop);
        if (terminal.Stop.IsCancellationRequested) return terminal.StopCode();
        if (failures.Count > 0) throw new FailureException($"{failures.Count} of the runs failed; the first: {failures[0]}");
        return ExitCode.Success;
    }

    private static int Report(string page, string[] files, Terminal terminal)
    {
        foreach (string file in files)
        {
            if (!File.Exists(file)) throw new UserException($"There is no file of results {file}.");
        }

        ExperimentReport.Write(page, files);
        terminal.Output.WriteLine($"{page}: {files.Length} results.");
        return ExitCode.Success;
    }

    private IReadOnlyList<ExperimentPlan> Plans(ParseResult parsed, string[] arguments)
    {
        if (arguments.Length == 2) return [Plan(parsed, arguments[0], arguments[1])];
        if (arguments.Length > 2) throw new UserException($"experiment takes ALGORITHM ENVIRONMENT or one file; got {arguments.Length} names.");
        if (!File.Exists(arguments[0]))
        {
            throw new UserException($"There is no file {arguments[0]}; without a file, experiment takes ALGORITHM ENVIRONMENT.");
        }

        Option[] single = [seeds, steps, preset, set, option, target];
        if (Array.Find(single, one => parsed.GetResult(one) is { Implicit: false }) is Option given)
        {
            throw new UserException($"{given.Name} belongs to a single experiment; in a file each one says its own.");
        }

        return ExperimentPlan.Load(arguments[0]);
    }

    private ExperimentPlan Plan(ParseResult parsed, string algorithm, string environment) => new()
    {
        Algorithm = algorithm,
        Environment = environment,
        Preset = parsed.GetValue(preset),
        Steps = parsed.GetValue(steps),
        Seeds = SeedList.Parse(parsed.GetValue(seeds) ?? "1..5"),
        Target = parsed.GetValue(target),
        Options = [.. (parsed.GetValue(set) ?? []).Select(OptionRecord.SplitAssignment)],
        EnvironmentOptions = KeywordOption.Pairs(parsed.GetValue(option)),
    };

    private static string Summary(ExperimentPlan plan, ExperimentResult result, string file)
    {
        Estimate iqm = result.InterquartileMean;
        string reached = result.Target is double goal
            ? string.Create(CultureInfo.InvariantCulture, $", target {goal:0.##} {(result.IsTargetMet!.Value ? "met" : "not met")}")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Title}, {result.Runs.Count} seeds: IQM {iqm.Value:0.00} [{iqm.Interval.Low:0.00}, {iqm.Interval.High:0.00}], "
            + $"mean {result.Mean:0.00}{reached}; {file}");
    }
}
