using System.CommandLine;
using Bellman.Neural;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary><c>resume</c>: goes on with a run.</summary>
internal static class ResumeCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "Directory of a run." };
        Option<long?> threads = CommandOptions.Threads();
        Option<bool> episodes = CommandOptions.Episodes();
        Option<bool> json = CommandOptions.Json();
        var command = new Command("resume", "Go on with a run from its last checkpoint to its end.")
        {
            run, threads, episodes, json,
        };
        command.SetAction(parsed =>
        {
            RunDirectory directory = RunDirectory.Open(parsed.GetRequiredValue(run));
            int threadCount = CommandOptions.ThreadCount(parsed.GetValue(threads));
            Compute.Threads = threadCount;
            return RunReport.Execute(
                progress => TrainingRun.Resume(
                    directory, terminal.Clock, terminal.Error.WriteLine, threadCount, progress),
                directory, parsed.GetValue(episodes), parsed.GetValue(json), terminal);
        });
        return command;
    }
}
