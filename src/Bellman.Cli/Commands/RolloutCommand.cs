using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Bellman.Environments;
using Bellman.Neural.Random;

namespace Bellman.Cli.Commands;

/// <summary><c>rollout</c>: steps an environment and prints a JSON line a step.</summary>
internal static class RolloutCommand
{
    private const long DefaultRandomSteps = 100;

    public static Command Create(Terminal terminal)
    {
        var environment = new Argument<string>("ENVIRONMENT")
        {
            Description = "Id, such as CartPole-v1; see `bellman list environments`.",
        };
        Option<string[]> options = KeywordOption.Create();
        Option<ulong?> seed = CommandOptions.Seed("Seed of the first reset, and of random actions. Default 0.");
        Option<string?> actions =
            CommandOptions.Text("--actions", "FILE", "A JSON array of actions: numbers, or arrays for boxes.");
        Option<bool> random = new("--random") { Description = "Draw actions from the action space." };
        Option<long?> steps =
            CommandOptions.Count("--steps", "Steps to take. Default: all actions of the file, or 100 random ones.");
        var command = new Command("rollout", "Step an environment and print one JSON line a step.")
        {
            environment, options, seed, actions, random, steps,
        };
        command.SetAction(parsed =>
        {
            string? file = parsed.GetValue(actions);
            if (file is null != parsed.GetValue(random))
            {
                throw new UserException("rollout takes either --actions FILE or --random.");
            }
            IEnvironment made =
                KeywordOption.Make(parsed.GetRequiredValue(environment), KeywordOption.Pairs(parsed.GetValue(options)));
            ulong firstSeed = parsed.GetValue(seed) ?? 0;
            IEnumerator<float[]> source =
                (file is null ? Sample(made.ActionSpace, firstSeed) : Read(file, made.ActionSpace)).GetEnumerator();
            long count = parsed.GetValue(steps) ?? (file is null ? DefaultRandomSteps : long.MaxValue);
            Run(made, firstSeed, source, count, terminal);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Run(
        IEnvironment environment, ulong seed, IEnumerator<float[]> actions, long steps, Terminal terminal)
    {
        float[] observation = new float[environment.ObservationSpace.FlatSize];
        var line = new StringBuilder();
        environment.Reset(observation, seed);
        Append(line.Append("{\"reset\":"), observation);
        terminal.Output.WriteLine(line.Append('}'));
        for (long i = 0; i < steps && actions.MoveNext() && !terminal.Stop.IsCancellationRequested; i++)
        {
            StepResult result = environment.Step(actions.Current, observation);
            line.Clear();
            Append(line.Append("{\"observation\":"), observation);
            Append(line.Append(",\"reward\":"), result.Reward);
            line.Append(",\"terminated\":").Append(result.Terminated ? "true" : "false");
            line.Append(",\"truncated\":").Append(result.Truncated ? "true" : "false");
            if (result.Terminated || result.Truncated)
            {
                environment.Reset(observation);
                Append(line.Append(",\"reset\":"), observation);
            }

            terminal.Output.WriteLine(line.Append('}'));
        }
    }

    private static IEnumerable<float[]> Sample(Space space, ulong seed)
    {
        var random = new Pcg64(seed);
        float[] action = new float[space.FlatSize];
        while (true)
        {
            space.Sample(random, action);
            yield return action;
        }
    }

    private static List<float[]> Read(string file, Space space)
    {
        if (!File.Exists(file)) throw new UserException($"There is no file {file}.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            List<float[]> actions = [];
            foreach (JsonElement element in document.RootElement.EnumerateArray())
            {
                float[] action = element.ValueKind == JsonValueKind.Array
                    ? [.. element.EnumerateArray().Select(number => (float)number.GetDouble())]
                    : [(float)element.GetDouble()];
                if (!Guard.Accepts(space, action))
                {
                    throw new UserException(
                        $"Action {actions.Count} of {file} is not in {space}: {element.GetRawText()}.");
                }

                actions.Add(action);
            }

            return actions;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new UserException($"{file} is not a JSON array of actions (numbers, or arrays of numbers).");
        }
    }

    private static void Append(StringBuilder line, ReadOnlySpan<float> values)
    {
        line.Append('[');
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0) line.Append(',');
            Append(line, values[i]);
        }

        line.Append(']');
    }

    // A float is written as the double of equal value, so that whoever reads doubles reads the very number.
    private static void Append(StringBuilder line, double value)
    {
        if (double.IsFinite(value)) line.Append(CultureInfo.InvariantCulture, $"{value:R}");
        else line.Append("null");
    }
}
