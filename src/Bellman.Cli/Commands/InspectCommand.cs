using System.CommandLine;
using Bellman.Neural.State;
using Bellman.Neural.Tensors.Files;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary><c>inspect</c>: what a policy or a checkpoint holds, as a state_dict prints.</summary>
internal static class InspectCommand
{
    private const string CheckpointEnding = ".bellman";

    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("RUN|FILE")
        {
            Description = "A run's directory, a .safetensors file or a checkpoint.",
        };
        Option<bool> json = CommandOptions.Json();
        var command = new Command("inspect", "Print parameter names, shapes and counts of a policy.") { source, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(source);
            string file = Directory.Exists(path) ? Policy(RunDirectory.Open(path)) : path;
            if (!File.Exists(file)) throw new UserException($"There is no run or file {path}.");
            Entry[] entries =
                file.EndsWith(CheckpointEnding, StringComparison.Ordinal) ? Checkpoint(file) : Tensors(file);
            if (parsed.GetValue(json)) WriteJson(terminal.Output, file, entries);
            else WriteText(terminal.Output, file, entries);
            return ExitCode.Success;
        });
        return command;
    }

    private static string Policy(RunDirectory directory) =>
        File.Exists(directory.Policy)
            ? directory.Policy
            : throw new UserException($"{directory.Path} holds no {Path.GetFileName(directory.Policy)} yet.");

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
