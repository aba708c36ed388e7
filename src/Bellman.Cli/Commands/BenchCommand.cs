using System.CommandLine;
using Bellman.Cli.Benchmarks;
using Bellman.Environments;
using Bellman.Neural;
using Bellman.Neural.Random;

namespace Bellman.Cli.Commands;

/// <summary><c>bench</c>: what updates, inference, environments and matrix products cost on this machine.</summary>
internal static class BenchCommand
{
    private const int SpreadActions = 1024;
    private const int StepsBeforeWeighing = 100;

    public static Command Create(Terminal terminal) => new("bench", "Measure speed on this machine.")
    {
        CreateUpdate(terminal, "update", "Measure a deep Q-learning update and one inference."),
        CreateUpdate(terminal, "inference", "Measure one observation to its greedy action.", withUpdate: false),
        CreateEnvironment(terminal),
        BenchProductCommand.Create(terminal),
        BenchCheckpointCommand.Create(terminal),
    };

    private static Command CreateUpdate(Terminal terminal, string name, string description, bool withUpdate = true)
    {
        Option<string?> which = CommandOptions.Text(
            "--case", "NAME", "Network, batch and optimizer, such as 'mlp-4-64-64-2 b32 adam'. Default: all.");
        Option<long?> threads = CommandOptions.Threads();
        Option<long?> updates = CommandOptions.Count(
            "--updates", "Besides, run exactly N updates from the fixed seed and print the SHA-256 of the weights.");
        Option<bool> json = CommandOptions.Json();
        var command = new Command(name, description) { which, threads, json };
        if (withUpdate) command.Add(updates);
        command.SetAction(parsed =>
        {
            UpdateCase[] cases =
                parsed.GetValue(which) is string wanted ? [UpdateCase.Find(wanted)] : [.. UpdateCase.All];
            int threadCount = CommandOptions.ThreadCount(parsed.GetValue(threads) ?? 1);
            Compute.Threads = threadCount;
            foreach (UpdateCase one in cases)
            {
                Measurement inference = Measurement.Of(one.Inference(), terminal.Clock);
                Measurement? update = withUpdate ? Measurement.Of(one.Update(), terminal.Clock) : null;
                string? hash = withUpdate && parsed.GetValue(updates) is long count ? one.WeightsSha256(count) : null;
                if (parsed.GetValue(json)) WriteJson(terminal.Output, one.Name, threadCount, update, inference, hash);
                else WriteText(terminal.Output, one.Name, update, inference, hash);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void WriteText(TextWriter output, string name, Measurement? update, Measurement inference, string? hash)
    {
        string updateText = update is Measurement measured
            ? $"{measured.Microseconds,9:0.00} µs per update, {measured.BytesAllocated:0.#} bytes allocated, "
            : "";
        output.WriteLine($"{name,-46} {updateText}{inference.Microseconds,7:0.00} µs per inference");
        if (hash is not null) output.WriteLine($"{"",-46} weights {hash}");
    }

    private static void WriteJson(
        TextWriter output, string name, int threads, Measurement? update, Measurement inference, string? hash) =>
        JsonLine.Write(output, json =>
        {
            json.WriteString("case", name);
            json.WriteNumber("threads", threads);
            if (update is Measurement measured) json.WriteNumber("updateMicroseconds", measured.Microseconds);
            json.WriteNumber("inferenceMicroseconds", inference.Microseconds);
            if (update is Measurement allocating)
            {
                json.WriteNumber("bytesAllocatedPerUpdate", allocating.BytesAllocated);
            }

            if (hash is not null) json.WriteString("weightsSha256", hash);
        });

    private static Command CreateEnvironment(Terminal terminal)
    {
        Option<string?> id = CommandOptions.Text("--environment", "ID", "Default: CartPole-v1.");
        Option<string[]> arguments = KeywordOption.Create();
        Option<long?> copies = CommandOptions.Count("--copies", "Copies stepped together. Default 1.");
        Option<long?> threads = CommandOptions.Threads();
        var render = new Option<bool>("--render") { Description = "Draws a picture after each step." };
        Option<bool> json = CommandOptions.Json();
        var command = new Command("environment", "Measure steps with random actions drawn beforehand, resets included.")
        {
            id, arguments, copies, threads, render, json,
        };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(id) ?? "CartPole-v1";
            int count = (int)Math.Min(parsed.GetValue(copies) ?? 1, int.MaxValue);
            KeyValuePair<string, string>[] pairs = KeywordOption.Pairs(parsed.GetValue(arguments));
            int threadCount = CommandOptions.ThreadCount(parsed.GetValue(threads) ?? 1);
            long bytesBefore = GC.GetTotalMemory(forceFullCollection: true);
            using var environments = new VectorEnvironment(() => KeywordOption.Make(name, pairs), count, threadCount);
            PlayAtRandom(environments);
            long bytes = GC.GetTotalMemory(forceFullCollection: true) - bytesBefore;
            bool withPictures = parsed.GetValue(render);
            Action step = withPictures ? Drawing(environments) : Stepping(environments);
            double speed = count * 1e6 / Measurement.Of(step, terminal.Clock).Microseconds;
            if (!parsed.GetValue(json))
            {
                string rate = $"{speed:0} {(withPictures ? "steps and pictures" : "steps")}/s";
                terminal.Output.WriteLine($"{name}, {count} copies: {rate}{(count > 1 ? $", {bytes / count} bytes a copy" : "")}");
                return ExitCode.Success;
            }

            JsonLine.Write(terminal.Output, writer =>
            {
                writer.WriteString("environment", name);
                writer.WriteNumber("copies", count);
                writer.WriteNumber("stepsPerSecond", speed);
                if (withPictures) writer.WriteNumber("framesPerSecond", speed);
                if (count > 1) writer.WriteNumber("bytesPerCopy", bytes / count);
            });
            return ExitCode.Success;
        });
        return command;
    }

    // Long enough for the copies to have what memory they come to need.
    private static void PlayAtRandom(VectorEnvironment environments)
    {
        var random = new Pcg64(2);
        int size = environments.ActionSpace.FlatSize;
        environments.Reset(2);
        for (int step = 0; step < StepsBeforeWeighing; step++)
        {
            for (int copy = 0; copy < environments.Count; copy++)
            {
                environments.ActionSpace.Sample(random, environments.Actions.Values.Slice(copy * size, size));
            }

            environments.Step();
        }
    }

    /// <summary>A step of all copies, taking one set of actions after the other.</summary>
    private static Action Stepping(VectorEnvironment environments)
    {
        var random = new Pcg64(1);
        float[][] actions = new float[SpreadActions][];
        int size = environments.ActionSpace.FlatSize;
        for (int i = 0; i < actions.Length; i++)
        {
            actions[i] = new float[environments.Actions.Length];
            for (int copy = 0; copy < environments.Count; copy++)
            {
                environments.ActionSpace.Sample(random, actions[i].AsSpan(copy * size, size));
            }
        }

        environments.Reset(1);
        int next = 0;
        return () =>
        {
            actions[next++ % SpreadActions].CopyTo(environments.Actions.Values);
            environments.Step();
        };
    }

    /// <summary>A step of all copies, and a picture of each.</summary>
    private static Action Drawing(VectorEnvironment environments)
    {
        Action step = Stepping(environments);
        IRenderable[] copies =
        [
            .. Enumerable.Range(0, environments.Count).Select(i => environments[i].Find<IRenderable>()
                ?? throw new UserException($"{environments[i].Unwrapped().GetType().Name} cannot be drawn.")),
        ];
        byte[] picture = new byte[copies[0].Width * copies[0].Height * 3];
        return () =>
        {
            step();
            foreach (IRenderable copy in copies)
            {
                copy.Render(picture);
            }
        };
    }
}
