using System.CommandLine;
using System.Text.Json;
using Bellman.Environments;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary><c>list</c>: what there is.</summary>
internal static class ListCommand
{
    private const string EnvironmentsWord = "environments";
    private const string AlgorithmsWord = "algorithms";

    public static Command Create(Terminal terminal)
    {
        var what = new Argument<string?>("WHAT")
        {
            Description = "environments or algorithms; both without it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> json = CommandOptions.Json();
        var command = new Command("list", "List environments with spaces, algorithms with options and presets.")
        {
            what, json,
        };
        command.SetAction(parsed =>
        {
            string? word = parsed.GetValue(what)?.ToLowerInvariant();
            if (word is not (null or EnvironmentsWord or AlgorithmsWord))
            {
                throw new UserException($"bellman list knows {EnvironmentsWord} and {AlgorithmsWord}; got '{word}'.");
            }

            bool environments = word is null or EnvironmentsWord;
            bool algorithms = word is null or AlgorithmsWord;
            if (!parsed.GetValue(json))
            {
                WriteText(terminal.Output, environments, algorithms);
                return ExitCode.Success;
            }

            JsonLine.Write(terminal.Output, writer =>
            {
                if (environments) WriteEnvironments(writer);
                if (algorithms) WriteAlgorithms(writer);
            });
            return ExitCode.Success;
        });
        return command;
    }

    private static void WriteText(TextWriter output, bool environments, bool algorithms)
    {
        if (environments)
        {
            output.WriteLine("Environments");
            foreach (EnvironmentSpec spec in Registry.All)
            {
                IEnvironment environment = spec.Make();
                output.WriteLine(
                    $"  {spec.Id,-28} observation {environment.ObservationSpace}, action {environment.ActionSpace}");
            }
        }

        if (!algorithms) return;
        if (environments) output.WriteLine();
        output.WriteLine("Algorithms");
        foreach (AlgorithmEntry algorithm in AlgorithmRegistry.All)
        {
            output.WriteLine($"  {algorithm.Name}: {algorithm.Summary}; needs {algorithm.Needs}");
            foreach (OptionDescription option in OptionRecord.Describe(algorithm.Defaults))
            {
                output.WriteLine($"    {option.Name,-24} {option.Value,-12} {option.Kind}");
            }

            foreach ((string environment, Preset[] presets) in Preset.Of(algorithm.Name))
            {
                output.WriteLine(
                    $"    presets for {environment}: {string.Join(", ", presets.Select(preset => preset.Name))}");
            }
        }
    }

    private static void WriteEnvironments(Utf8JsonWriter json)
    {
        json.WriteStartArray(EnvironmentsWord);
        foreach (EnvironmentSpec spec in Registry.All)
        {
            IEnvironment environment = spec.Make();
            json.WriteStartObject();
            json.WriteString("id", spec.Id);
            json.WriteString("summary", spec.Summary);
            json.WriteString("observationSpace", environment.ObservationSpace.ToString());
            json.WriteString("actionSpace", environment.ActionSpace.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAlgorithms(Utf8JsonWriter json)
    {
        json.WriteStartArray(AlgorithmsWord);
        foreach (AlgorithmEntry algorithm in AlgorithmRegistry.All)
        {
            json.WriteStartObject();
            json.WriteString("name", algorithm.Name);
            json.WriteString("summary", algorithm.Summary);
            json.WriteString("needs", algorithm.Needs);
            json.WriteStartArray("options");
            foreach (OptionDescription option in OptionRecord.Describe(algorithm.Defaults))
            {
                json.WriteStartObject();
                json.WriteString("name", option.Name);
                json.WriteString("kind", option.Kind);
                json.WriteString("default", option.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("presets");
            foreach ((string environment, Preset[] presets) in Preset.Of(algorithm.Name))
            {
                json.WriteStartArray(environment);
                foreach (Preset preset in presets)
                {
                    json.WriteStringValue(preset.Name);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
