using System.CommandLine;
using Bellman.Neural.State;
using Bellman.Neural.Tensors.Files;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary><c>inspect</c>: what a policy or a checkpoint holds, as a state_dict prints, and what its convolutions see.</summary>
internal static class InspectCommand
{
    private const string CheckpointEnding = ".bellman";
    private const int DefaultDecisions = 20;

    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("RUN|FILE")
        {
            Description = "A run's directory, a .safetensors file or a checkpoint.",
        };
        var pictures = new Option<bool>("--pictures")
        {
            Description = "Draw the first filters and the activations of a run's convolutions into RUN/pictures.",
        };
        Option<long?> decisions = CommandOptions.Count(
            "--after", $"Decisions of the policy before the observation that --pictures shows. Default {DefaultDecisions}.");
        Option<bool> json = CommandOptions.Json();
        var command = new Command("inspect", "Print parameter names, shapes and counts of a policy.") { source, pictures, decisions, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(source);
            if (parsed.GetValue(pictures))
            {
                IReadOnlyList<string> files = SavePictures(RunDirectory.Open(path), parsed.GetValue(decisions) ?? DefaultDecisions);
                if (parsed.GetValue(json)) WriteJson(terminal.Output, files);
                else terminal.Output.WriteLine(string.Join(Environment.NewLine, files));
                return ExitCode.Success;
            }

            if (parsed.GetValue(decisions) is not null) throw new UserException("--after says which observation --pictures shows; give --pictures.");
            string file = path;
            if (Directory.Exists(path))
            {
                RunDirectory run = RunDirectory.Open(path);
                file = Require(run, run.Policy);
            }

            if (!File.Exists(file)) throw new UserException($"There is no run or file {path}.");
            Entry[] entries =
                file.EndsWith(CheckpointEnding, StringComparison.Ordinal) ? Checkpoint(file) : Tensors(file);
            if (parsed.GetValue(json)) WriteJson(terminal.Output, file, entries);
            else WriteText(terminal.Output, file, entries);
            return ExitCode.Success;
        });
        return command;
    }

    private static IReadOnlyList<string> SavePictures(RunDirectory directory, long decisions)
    {
        RunOptions options = RunOptions.Load(directory.Options);
        TrainedPolicy saved = TrainingRun.LoadPolicy(options, Require(directory, directory.BestKeptPolicy));
        return NetworkPictures.Save(
            saved.Agent, saved.Around(TrainingRun.MakeForEvaluation(options)), (int)Math.Min(decisions, int.MaxValue), options.EvaluationSeed,
            Path.Combine(directory.Path, "pictures"));
    }

    private static string Require(RunDirectory directory, string file) =>
        File.Exists(file) ? file : throw new UserException($"{directory.Path} holds no {Path.GetFileName(file)} yet.");

    private static Entry[] Tensors(string file) =>
        [.. TensorFile.List(file).Select(entry => new Entry(
            entry.Name, entry.Element.ToString().ToLowerInvariant(), [.. entry.Shape.ToArray().Select(size => (long)size)], entry.Shape.Length))];

    private static Entry[] Checkpoint(string file)
    {
        using CheckpointReader reader = CheckpointReader.Open(file);
        return [.. reader.Sections.SelectMany(section => reader.Entries(section.Name)).Select(entry =>
            new Entry(entry.Name, entry.Type, [entry.Count], entry.Count))];
    }

    private static void WriteText(TextWriter output, string file, Entry[] entries)
    {
        output.WriteLine(file);
        int width = entries.Length == 0 ? 0 : entries.Max(entry => entry.Name.Length);
        foreach (Entry entry in entries)
        {
            output.WriteLine(
                $"  {entry.Name.PadRight(width)}  {entry.Type,-8}  [{string.Join(", ", entry.Shape)}]  {entry.Count}");
        }

        output.WriteLine($"{entries.Length} entries, {entries.Sum(entry => entry.Count)} numbers");
    }

    private static void WriteJson(TextWriter output, IReadOnlyList<string> pictures) => JsonLine.Write(output, json =>
    {
        json.WriteStartArray("pictures");
        foreach (string picture in pictures)
        {
            json.WriteStringValue(picture);
        }

        json.WriteEndArray();
    });

    private static void WriteJson(TextWriter output, string file, Entry[] entries) => JsonLine.Write(output, json =>
    {
        json.WriteString("file", file);
        json.WriteStartArray("parameters");
        foreach (Entry entry in entries)
        {
            json.WriteStartObject();
            json.WriteString("name", entry.Name);
            json.WriteString("type", entry.Type);
            json.WriteStartArray("shape");
            foreach (long size in entry.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteNumber("count", entry.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("count", entries.Sum(entry => entry.Count));
    });

    private sealed record Entry(string Name, string Type, IReadOnlyList<long> Shape, long Count);
}
