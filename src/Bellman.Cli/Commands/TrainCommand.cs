using System.CommandLine;
using Bellman.Environments;
using Bellman.Neural;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary><c>train</c>: from an algorithm's and an environment's name to a trained, evaluated agent.</summary>
internal sealed class TrainCommand
{
    private readonly Argument<string> algorithm = new("ALGORITHM") { Description = "See `bellman list algorithms`." };
    private readonly Argument<string> environment =
        new("ENVIRONMENT") { Description = "See `bellman list environments`." };
    private readonly Option<long?> steps =
        CommandOptions.Count("--steps", "Environment steps over all copies. Default: the preset's.");
    private readonly Option<ulong?> seed = CommandOptions.Seed("Fixes every bit of the result. Default 0.");
    private readonly Option<long?> environments =
        CommandOptions.Count("--environments", "Copies stepped together. Default: the preset's.");
    private readonly Option<string?> normalize = CommandOptions.Text(
        "--normalize", "WHAT", "Normalise observations, rewards, both or none by running statistics. Default: the preset's.");
    private readonly Option<string?> preset =
        CommandOptions.Text("--preset", "NAME", "Named settings. Default: the pair's first preset.");
    private readonly Option<string[]> set =
        CommandOptions.Assignments(
            "--set", "Option=Value", "An option of the algorithm, such as LearningRate=1e-3; may be repeated.");

    private readonly Option<string[]> option = KeywordOption.Create();
    private readonly Option<string?> run =
        CommandOptions.Text("--run", "DIR", "Directory of the run. Default: a new one in runs/.");
    private readonly Option<double?> stopAt = CommandOptions.Number(
        "--stop-at", "Mean return that ends training early: of an evaluation, or of the last 100 training episodes.");

    private readonly Option<long?> evaluateEvery = CommandOptions.Count(
        "--evaluate-every", "Steps between evaluations that keep the best policy; 0: none. Default: the preset's.",
        minimum: 0);

    private readonly Option<long?> patience = CommandOptions.Count(
        "--patience", "Evaluations in a row without a higher mean return that end training early.");

    private readonly Option<StepsOrTime?> checkpointEvery = CommandOptions.StepsOrTime(
        "--checkpoint-every", "Environment steps between checkpoints, or a time such as 10min. Default: 5min. There is always one at the end.");

    private readonly Option<long?> videoEvery = CommandOptions.Count(
        "--video-every", "Environment steps between films of an episode in RUN/videos. Default: none.");


    private readonly Option<long?> threads = CommandOptions.Threads();
    private readonly Option<bool> episodes = CommandOptions.Episodes();
    private readonly Option<bool> json = CommandOptions.Json();

    private TrainCommand()
    {
    }

    public static Command Create(Terminal terminal)
    {
        var train = new TrainCommand();
        var command = new Command("train", "Train an agent, evaluate it on 100 episodes and write a run directory.")
        {
            train.algorithm, train.environment, train.steps, train.seed, train.environments, train.normalize, train.preset, train.set,
            train.option, train.run, train.stopAt, train.evaluateEvery, train.patience, train.checkpointEvery, train.videoEvery,
            train.threads,
            train.episodes, train.json,
        };
        command.SetAction(parsed => train.Run(parsed, terminal));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal)
    {
        RunOptions options = Options(parsed);
        int threadCount = CommandOptions.ThreadCount(parsed.GetValue(threads));
        Compute.Threads = threadCount;
        RunDirectory directory =
            RunDirectory.Create(parsed.GetValue(run), $"{options.Algorithm}-{options.Environment}");
        return RunReport.Execute(
            reporting => TrainingRun.Begin(options, directory, terminal.Clock, threadCount, reporting),
            directory, parsed.GetValue(episodes), parsed.GetValue(json), terminal);
    }

    private RunOptions Options(ParseResult parsed)
    {
        AlgorithmEntry entry = AlgorithmRegistry.Find(parsed.GetRequiredValue(algorithm));
        string id = Registry.Find(parsed.GetRequiredValue(environment)).Id;
        Preset settings = Preset.Find(entry.Name, id, parsed.GetValue(preset));
        settings = settings with { Steps = parsed.GetValue(steps) ?? settings.Steps };
        StepsOrTime? checkpoints = parsed.GetValue(checkpointEvery);
        RunOptions options = RunOptions.From(
            entry, id, settings, (parsed.GetValue(set) ?? []).Select(OptionRecord.SplitAssignment), KeywordOption.Pairs(parsed.GetValue(option)));
        entry.RequireFit(TrainingRun.MakeEnvironment(options).ActionSpace, id);
        options = options with
        {
            Seed = parsed.GetValue(seed) ?? 0,
            Environments = (int)Math.Min(parsed.GetValue(environments) ?? options.Environments, int.MaxValue),
            Normalize = Normalization(parsed.GetValue(normalize)) ?? options.Normalize,
            EvaluationInterval = parsed.GetValue(evaluateEvery) ?? options.EvaluationInterval,
            StopAt = parsed.GetValue(stopAt),
            CheckpointEvery = checkpoints?.Steps ?? 0,
            CheckpointPeriod = checkpoints?.Time ?? options.CheckpointPeriod,
            Patience = parsed.GetValue(patience) is long limit ? (int)Math.Min(limit, int.MaxValue) : null,
            VideoEvery = parsed.GetValue(videoEvery) ?? 0,
        };
        if (options is { Patience: not null, EvaluationInterval: 0 })
        {
            throw new UserException("--patience counts evaluations, and there are none; give --evaluate-every N.");
        }

        return options;
    }

    private static NormalizationKind? Normalization(string? text)
    {
        if (text is null) return null;
        if (Enum.TryParse(text, ignoreCase: true, out NormalizationKind kind) && !char.IsDigit(text[0])) return kind;
        string[] names = Array.ConvertAll(Enum.GetNames<NormalizationKind>(), name => name.ToLowerInvariant());
        throw new UserException($"--normalize is {string.Join(", ", names)}; got '{text}'{Nearest.Hint(text, names)}.");
    }
}
