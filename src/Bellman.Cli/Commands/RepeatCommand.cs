using System.CommandLine;
using Bellman.Neural;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary><c>repeat</c>: trains a run again and compares the weights.</summary>
internal static class RepeatCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "Directory of a complete run." };
        Option<string?> again = CommandOptions.Text("--run", "DIR", "Directory of the new run. Default: RUN-repeat-1 or the next number.");
        Option<long?> threads = CommandOptions.Threads();
        Option<bool> json = CommandOptions.Json();
        var command = new Command("repeat", "Train a run again from its options.json and compare the weights.") { run, again, threads, json };
        command.SetAction(parsed =>
        {
            RunDirectory first = RunDirectory.Open(parsed.GetRequiredValue(run));
            RunOptions options = RunOptions.Load(first.Options);
            if (!File.Exists(first.Result))
            {
                throw new UserException($"{first.Path} has no result to compare with; `bellman resume {first.Path}` completes it.");
            }

            RunResult wanted = RunResult.Load(first.Result);
            var second = RunDirectory.Create(parsed.GetValue(again) ?? NewPath(first.Path), "repeat");
            int threadCount = CommandOptions.ThreadCount(parsed.GetValue(threads));
            Compute.Threads = threadCount;
            bool asJson = parsed.GetValue(json);
            int code = RunReport.Execute(
                progress => TrainingRun.Begin(options with { Version = RunOptions.ThisVersion }, second, terminal.Clock, threadCount, progress),
                second, showEpisodes: false, asJson: false, asJson ? terminal.WithSentencesOnly() : terminal);
            if (code != ExitCode.Success) return code;
            RunResult got = RunResult.Load(second.Result);
            bool isSame = got.WeightsSha256 == wanted.WeightsSha256;
            if (asJson) WriteJson(terminal.Output, isSame, wanted, got, second);
            else terminal.Output.WriteLine(isSame ? Same(first, second, got) : Different(first, options, wanted, second, got));
            return isSame ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static string Same(RunDirectory first, RunDirectory second, RunResult got) =>
        $"The same: {first.Path} and {second.Path} end with the weights {got.WeightsSha256}.";

    private static string Different(RunDirectory first, RunOptions options, RunResult wanted, RunDirectory second, RunResult got) =>
        $"Different: {first.Path}, trained by bellman {options.Version}, ends with the weights {wanted.WeightsSha256}, "
        + $"{second.Path}, trained by bellman {RunOptions.ThisVersion}, with {got.WeightsSha256}.";

    private static void WriteJson(TextWriter output, bool isSame, RunResult wanted, RunResult got, RunDirectory second) =>
        JsonLine.Write(output, json =>
        {
            json.WriteBoolean("same", isSame);
            json.WriteString("firstSha256", wanted.WeightsSha256);
            json.WriteString("secondSha256", got.WeightsSha256);
            json.WriteString("run", second.Path);
        });

    private static string NewPath(string run)
    {
        string start = $"{Path.TrimEndingDirectorySeparator(run)}-repeat";
        for (int number = 1; ; number++)
        {
            if (!Directory.Exists($"{start}-{number}")) return $"{start}-{number}";
        }
    }
}
