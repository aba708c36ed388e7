using Bellman.Cli.Display;
using Bellman.Neural.State;
using Bellman.Telemetry;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary>Runs a training and tells the user what came of it; <c>train</c> and <c>resume</c> share it.</summary>
internal static class RunReport
{
    /// <param name="begin">Makes the run with the hook that shows its progress.</param>
    /// <param name="directory">The run's.</param>
    /// <param name="showEpisodes">Whether each episode gets a line.</param>
    /// <param name="asJson">Whether the last line is a JSON object.</param>
    /// <param name="terminal">Where to write.</param>
    /// <returns>The exit code.</returns>
    public static int Execute(
        Func<ITrainingHook, TrainingRun> begin, RunDirectory directory, bool showEpisodes, bool asJson,
        Terminal terminal)
    {
        // With --json, standard output holds the object alone.
        TextWriter output = asJson ? terminal.Error : terminal.Output;
        using var progress =
            ProgressDisplay.Create(output, terminal, isLive: terminal.IsInteractive && !asJson, showEpisodes);
        using TrainingRun run = begin(progress);
        RunResult result = Execute(run, progress, terminal);
        progress.Dispose();
        if (run.Trainer.StopReason is string reason) output.WriteLine(reason);
        if (asJson) WriteJson(terminal.Output, run.Options, result, directory);
        else WriteText(output, run.Options, result, directory);
        return result.Evaluation is null ? terminal.StopCode() : ExitCode.Success;
    }

    private static RunResult Execute(TrainingRun run, ProgressDisplay progress, Terminal terminal)
    {
        progress.Begin(run.Trainer.Step, run.Options.Steps);
        try
        {
            return run.Execute(terminal.Stop);
        }
        catch (Exception error) when (error is not (OutOfMemoryException or NullReferenceException))
        {
            string last = run.LatestCheckpoint switch
            {
                null => "no checkpoint was saved before",
                string path when File.Exists(path) => $"the last good checkpoint is {path}",
                string path => $"the last checkpoint, {path}, is gone too",
            };
            throw new FailureException($"{What(error, run.Trainer.Step)}; {last}.");
        }
    }

    /// <summary>One sentence without its end.</summary>
    private static string What(Exception error, long step)
    {
        string message = error.Message.TrimEnd('.');
        return error switch
        {
            NonFiniteMetricException or NonFiniteException or FileFormatException => message,
            IOException or UnauthorizedAccessException => $"A file of the run could not be written at step {step}: {message}",
            _ => $"Training ended at step {step} by {error.GetType().Name}: {message}",
        };
    }

    private static void WriteText(TextWriter output, RunOptions options, RunResult result, RunDirectory directory)
    {
        output.WriteLine(
            $"{options.Algorithm} on {options.Environment}, seed {options.Seed}: {result.Steps} steps in "
            + $"{result.TrainingTime.TotalSeconds:0.00} s, {result.StepsPerSecond:0} steps/s.");
        if (result.Evaluation is null)
        {
            output.WriteLine($"Stopped before the end. Its state is saved in {directory.Path}.");
            return;
        }

        string which = result.BestStep is long step ? $"the best policy, seen at step {step}," : "the policy";
        output.WriteLine(
            $"Evaluation of {which} over {result.Evaluation.Episodes} episodes: "
            + $"return {result.Evaluation.MeanReturn:0.00} ± {result.Evaluation.StandardDeviation:0.00}.");
        output.WriteLine(
            $"Evaluate again: bellman evaluate {directory.Path} --episodes {result.Evaluation.Episodes} "
            + $"--seed {options.EvaluationSeed}");
    }

    private static void WriteJson(TextWriter output, RunOptions options, RunResult result, RunDirectory directory) =>
        JsonLine.Write(output, json =>
        {
            json.WriteString("algorithm", options.Algorithm);
            json.WriteString("environment", options.Environment);
            json.WriteNumber("seed", options.Seed);
            json.WriteNumber("steps", result.Steps);
            json.WriteNumber("wallSeconds", result.WallTime.TotalSeconds);
            json.WriteNumber("stepsPerSecond", result.StepsPerSecond);
            if (result.Evaluation is Evaluation evaluation)
            {
                json.WriteStartObject("evaluation");
                json.WriteNumber("episodes", evaluation.Episodes);
                json.WriteNumber("meanReturn", evaluation.MeanReturn);
                json.WriteNumber("standardDeviation", evaluation.StandardDeviation);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("evaluation");
            }

            json.WriteString("weightsSha256", result.WeightsSha256);
            json.WriteString("run", directory.Path);
        });
}
