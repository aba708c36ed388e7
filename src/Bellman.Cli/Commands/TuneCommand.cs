using System.CommandLine;
using Bellman.Training;
using Bellman.Training.Tuning;

namespace Bellman.Cli.Commands;

/// <summary><c>tune</c>: searches options of an algorithm by trials.</summary>
internal sealed class TuneCommand
{
    private const long DefaultTrials = 50;
    private const int Most = 1_000_000;

    private readonly Argument<string> algorithm = new("ALGORITHM") { Description = "See `bellman list algorithms`." };
    private readonly Argument<string> environment = new("ENVIRONMENT") { Description = "See `bellman list environments`." };
    private readonly Option<long?> trials =
        CommandOptions.Count("--trials", "Trials in all, with those of an earlier search in the directory. Default 50.");
    private readonly Option<string?> space =
        CommandOptions.Text("--space", "FILE.yaml", "Options and their ranges. Default: the algorithm's own.");
    private readonly Option<string?> sampler = CommandOptions.Text("--sampler", "random|tpe", "How to choose what to try. Default: tpe.");
    private readonly Option<string?> pruner =
        CommandOptions.Text("--pruner", "none|median|halving", "How to give trials up. Default: median.");
    private readonly Option<long?> steps = CommandOptions.Count("--steps", "Environment steps of a training. Default: the preset's.");
    private readonly Option<long?> seeds = CommandOptions.Count("--seeds", "Trainings of a trial; its score is their mean. Default 1.");
    private readonly Option<long?> evaluations =
        CommandOptions.Count("--evaluations", "Evaluations of a training; the last one is its score. Default 10.");
    private readonly Option<long?> episodes = CommandOptions.Count("--episodes", "Episodes of an evaluation. Default 20.");
    private readonly Option<long?> jobs =
        CommandOptions.Count("--jobs", "Trials side by side; with more than one, the search is not repeatable. Default 1.");
    private readonly Option<ulong?> seed = CommandOptions.Seed("Of the search and of each trial's first training. Default 0.");
    private readonly Option<string?> preset =
        CommandOptions.Text("--preset", "NAME", "What trials begin with. Default: the pair's first preset.");
    private readonly Option<string[]> set =
        CommandOptions.Assignments("--set", "Option=Value", "An option that is not searched; may be repeated.");
    private readonly Option<string[]> option = KeywordOption.Create();
    private readonly Option<string?> directory = CommandOptions.Text(
        "--directory", "DIR", "Holds the search; the same command goes on with it. Default: one in runs/tuning.");

    private TuneCommand()
    {
    }

    public static Command Create(Terminal terminal)
    {
        var tune = new TuneCommand();
        var command = new Command("tune", "Search options of an algorithm by trials.")
        {
            tune.algorithm, tune.environment, tune.trials, tune.space, tune.sampler, tune.pruner, tune.steps, tune.seeds, tune.evaluations,
            tune.episodes, tune.jobs, tune.seed, tune.preset, tune.set, tune.option, tune.directory,
        };
        command.SetAction(parsed => tune.Run(parsed, terminal));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal)
    {
        TuningPlan plan = Plan(parsed);
        string title = Tuner.Title(plan);
        string place = parsed.GetValue(directory) ?? Path.Combine("runs", "tuning", title);
        var output = TextWriter.Synchronized(terminal.Output);
        var tuner = new Tuner(plan, place, terminal.Clock)
        {
            Report = line =>
            {
                output.WriteLine(line);
                output.Flush();
            },
        };
        TuningResult result = tuner.Run(Limited(trials, DefaultTrials), Limited(jobs, 1), terminal.Stop);
        result.Save(place);
        if (terminal.Stop.IsCancellationRequested)
        {
            output.WriteLine($"Stopped before the end; the same command goes on. What was found so far is in {place}.");
            return terminal.StopCode();
        }

        if (result.Ranked.Count == 0) throw new FailureException($"No trial came to its end; {Reason(result)}");
        Write(output, result, place);
        return ExitCode.Success;

        int Limited(Option<long?> count, long usual) => (int)Math.Min(parsed.GetValue(count) ?? usual, Most);
    }

    private TuningPlan Plan(ParseResult parsed)
    {
        AlgorithmEntry entry = AlgorithmRegistry.Find(parsed.GetRequiredValue(algorithm));
        string? file = parsed.GetValue(space);
        if (file is not null && !File.Exists(file)) throw new UserException($"There is no file {file}.");
        var usual = new TuningPlan { Algorithm = entry.Name, Environment = parsed.GetRequiredValue(environment) };
        return usual with
        {
            Preset = parsed.GetValue(preset),
            Steps = parsed.GetValue(steps),
            Seeds = (int)Math.Min(parsed.GetValue(seeds) ?? usual.Seeds, Most),
            Seed = parsed.GetValue(seed) ?? 0,
            Evaluations = (int)Math.Min(parsed.GetValue(evaluations) ?? usual.Evaluations, Most),
            Episodes = (int)Math.Min(parsed.GetValue(episodes) ?? usual.Episodes, Most),
            Options = [.. (parsed.GetValue(set) ?? []).Select(OptionRecord.SplitAssignment)],
            EnvironmentOptions = KeywordOption.Pairs(parsed.GetValue(option)),
            Space = file is null ? null : SearchSpace.Load(file, entry),
            Sampler = parsed.GetValue(sampler) ?? usual.Sampler,
            Pruner = parsed.GetValue(pruner) ?? usual.Pruner,
        };
    }

    private static string Reason(TuningResult result) =>
        result.Trials.FirstOrDefault(trial => trial.Failure is not null)?.Failure ?? "all were given up.";

    private static void Write(TextWriter output, TuningResult result, string place)
    {
        output.WriteLine();
        foreach (string line in result.Table())
        {
            output.WriteLine(line);
        }

        if (result.Importance.Count > 0)
        {
            output.WriteLine();
            foreach (string line in result.ImportanceTable())
            {
                output.WriteLine(line);
            }
        }

        output.WriteLine();
        output.WriteLine($"The best options: {string.Join(' ', result.BestOptions.Select(pair => $"--set {pair.Key}={pair.Value}"))}");
        output.WriteLine($"Report, preset and pictures are in {place}.");
    }
}
