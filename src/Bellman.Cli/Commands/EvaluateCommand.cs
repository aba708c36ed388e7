using System.CommandLine;
using Bellman.Telemetry;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary><c>evaluate</c>: acts with a saved policy.</summary>
internal static class EvaluateCommand
{
    private const string Best = "best";
    private const string Last = "last";

    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "Directory of a run." };
        Option<long?> episodes =
            CommandOptions.Count("--episodes", $"Episodes to play. Default {TrainingRun.FinalEpisodes}.");
        Option<ulong?> seed =
            CommandOptions.Seed("Episode k starts from a reset with seed S + k. Default: as at the end of training.");
        Option<string?> policy = CommandOptions.Text(
            "--policy", "best|last", "The best policy that training saw, or the last. Default: the best, where kept.");
        Option<string?> video = CommandOptions.Text("--video", "FILE.gif", "Film the first episode, for TensorBoard too.");
        Option<bool> json = CommandOptions.Json();
        var command = new Command("evaluate", "Play episodes with a saved policy's best actions.")
        {
            run, episodes, seed, policy, video, json,
        };
        command.SetAction(parsed =>
        {
            RunDirectory directory = RunDirectory.Open(parsed.GetRequiredValue(run));
            RunOptions options = RunOptions.Load(directory.Options);
            string file = PolicyFile(directory, parsed.GetValue(policy));
            TrainedPolicy saved = TrainingRun.LoadPolicy(options, file);
            ulong firstSeed = parsed.GetValue(seed) ?? options.EvaluationSeed;
            if (parsed.GetValue(video) is string film)
            {
                new EpisodeFilm(saved.Around(TrainingRun.MakeForEvaluation(options))).Shoot(saved.Agent, firstSeed, film);
                ShowInTensorBoard(directory, options, file, film, terminal.Clock);
            }

            int count = (int)Math.Min(parsed.GetValue(episodes) ?? TrainingRun.FinalEpisodes, int.MaxValue);
            var evaluator =
                new Evaluator(() => saved.Around(TrainingRun.MakeForEvaluation(options)), Math.Min(count, Evaluator.DefaultCopies));
            Evaluation evaluation = evaluator.Run(saved.Agent, count, firstSeed, terminal.Stop);
            if (parsed.GetValue(json)) WriteJson(terminal.Output, evaluation);
            else WriteText(terminal.Output, options, file, evaluation);
            return ExitCode.Success;
        });
        return command;
    }

    private static string PolicyFile(RunDirectory directory, string? choice)
    {
        string file = choice switch
        {
            null => directory.BestKeptPolicy,
            Best => directory.BestPolicy,
            Last => directory.Policy,
            _ => throw new UserException($"--policy is {Best} or {Last}; got '{choice}'."),
        };
        return File.Exists(file)
            ? file
            : throw new UserException($"{directory.Path} holds no {Path.GetFileName(file)}.");
    }

    /// <summary>Adds the film to the run's event files, at the step of the policy.</summary>
    private static void ShowInTensorBoard(RunDirectory directory, RunOptions options, string policy, string film, TimeProvider clock)
    {
        long step = options.Steps;
        if (File.Exists(directory.Result))
        {
            RunResult result = RunResult.Load(directory.Result);
            step = policy == directory.BestPolicy ? result.BestStep ?? result.Steps : result.Steps;
        }

        using var events = new TensorBoardWriter(directory.Path, clock);
        events.WriteImage($"evaluation/{Path.GetFileNameWithoutExtension(policy)}", File.ReadAllBytes(film), step);
    }

    private static void WriteText(TextWriter output, RunOptions options, string file, Evaluation evaluation)
    {
        output.WriteLine($"{options.Algorithm} on {options.Environment}, policy {file}");
        output.WriteLine(
            $"{evaluation.Episodes} episodes: return {evaluation.MeanReturn:0.00} "
            + $"± {evaluation.StandardDeviation:0.00} (lowest {evaluation.Returns.Min():0.##}, "
            + $"highest {evaluation.Returns.Max():0.##}), mean length {evaluation.MeanLength:0.0}");
    }

    private static void WriteJson(TextWriter output, Evaluation evaluation) => JsonLine.Write(output, json =>
    {
        json.WriteNumber("episodes", evaluation.Episodes);
        json.WriteNumber("meanReturn", evaluation.MeanReturn);
        json.WriteNumber("standardDeviation", evaluation.StandardDeviation);
        json.WriteStartArray("returns");
        foreach (double value in evaluation.Returns)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    });
}
