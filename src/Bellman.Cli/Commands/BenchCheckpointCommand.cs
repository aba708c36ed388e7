using System.CommandLine;
using Bellman.Cli.Benchmarks;

namespace Bellman.Cli.Commands;

/// <summary><c>bench checkpoint</c>: what saving a full replay memory costs, at first and then again and again.</summary>
internal static class BenchCheckpointCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<long?> transitions = CommandOptions.Count("--transitions", "That the replay memory holds. Default: 1 000 000.");
        Option<long?> between = CommandOptions.Count("--between", "Transitions between two checkpoints. Default: 20 000.");
        Option<string?> directory = CommandOptions.Text("--directory", "DIR", "A new directory on the disk to measure. Default: a temporary one.");
        Option<bool> json = CommandOptions.Json();
        var command = new Command("checkpoint", "Measure checkpoints of a full replay memory of CartPole-v1.")
        {
            transitions, between, directory, json,
        };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(directory) ?? Path.Combine(Path.GetTempPath(), $"bellman-bench-{Environment.ProcessId}");
            if (Directory.Exists(folder)) throw new UserException($"{folder} is there already; give a new directory.");
            var measured = CheckpointMeasurement.Of(
                (int)Math.Min(parsed.GetValue(transitions) ?? 1_000_000, 1 << 28),
                (int)Math.Min(parsed.GetValue(between) ?? 20_000, 1 << 28), folder, terminal.Clock);
            if (parsed.GetValue(json)) WriteJson(terminal.Output, measured);
            else WriteText(terminal.Output, measured);
            return ExitCode.Success;
        });
        return command;
    }

    private static void WriteText(TextWriter output, CheckpointMeasurement measured) => output.WriteLine(
        $"{measured.Megabytes:0.0} MB: first checkpoint {measured.Seconds[0]:0.000} s, second {measured.Seconds[1]:0.000} s, "
        + $"later ones at most {measured.LaterSeconds:0.000} s with {measured.MegabytesWritten[^1]:0.0} MB");

    private static void WriteJson(TextWriter output, CheckpointMeasurement measured) => JsonLine.Write(output, json =>
    {
        json.WriteNumber("megabytes", measured.Megabytes);
        json.WriteNumber("firstSeconds", measured.Seconds[0]);
        json.WriteNumber("secondSeconds", measured.Seconds[1]);
        json.WriteNumber("laterSeconds", measured.LaterSeconds);
        json.WriteNumber("laterMegabytes", measured.MegabytesWritten[^1]);
    });
}
