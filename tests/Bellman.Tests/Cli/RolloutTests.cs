using System.Text.Json;
using Bellman.Environments;
using Bellman.Tests.Environments;

namespace Bellman.Tests.Cli;

public sealed class RolloutTests
{
    public static TheoryData<string> Recordings()
    {
        var files = new TheoryData<string>();
        string golden = Path.Combine(AppContext.BaseDirectory, "golden");
        foreach (string file in Directory.EnumerateFiles(golden, "*.jsonl.gz", SearchOption.AllDirectories).Order())
        {
            string relative = Path.GetRelativePath(golden, file);
            if (!relative.StartsWith("gymnasium", StringComparison.Ordinal)) continue;
            string[] parts = Path.GetFileName(file).Split('-', '.');
            string id = $"{parts[0]}-{parts[1]}";
            if (Registry.All.Any(spec => spec.Id == id)) files.Add(relative);
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void A_recording_of_Gymnasium_is_printed_again(string file)
    {
        string actions = Path.GetTempFileName();
        try
        {
            foreach (JsonElement recording in Recording.Read(file))
            {
                Replay(recording, actions);
            }
        }
        finally
        {
            File.Delete(actions);
        }
    }

    [Fact]
    public void Random_actions_are_those_of_the_space_seeded_by_the_seed()
    {
        InvokedProgram program =
            InvokedProgram.Run("rollout", "CartPole-v1", "--seed", "42", "--random", "--steps", "40");
        Assert.Equal(0, program.ExitCode);
        Assert.Equal(41, program.Lines.Count);

        // The first pushes of numpy.random.default_rng(42).integers(0, 2): 0, 1, 1, 0; a push to the right moves the
        // cart to the right.
        double[] velocities = [.. program.Lines.Take(5).Select(line => Observation(line)[1])];
        Assert.Equal([-1, 1, 1, -1], velocities.Skip(1).Zip(velocities, (after, before) => Math.Sign(after - before)));
        string ending = program.Lines.First(line => line.Contains("\"terminated\":true", StringComparison.Ordinal));
        Assert.Contains("\"reset\":[", ending);
    }

    [Fact]
    public void An_action_file_may_be_cut_short_by_steps()
    {
        string actions = Path.GetTempFileName();
        File.WriteAllText(actions, "[0, 1, 0, 1]");
        Assert.Equal(3, InvokedProgram.Run("rollout", "CartPole-v1", "--actions", actions, "--steps", "2").Lines.Count);
        Assert.Equal(5, InvokedProgram.Run("rollout", "CartPole-v1", "--actions", actions).Lines.Count);
        File.Delete(actions);
    }

    private static void Replay(JsonElement recording, string actions)
    {
        JsonElement[] steps = [.. recording.GetProperty("steps").EnumerateArray()];
        File.WriteAllText(actions, $"[{string.Join(',', steps.Select(step => step[0].GetRawText()))}]");
        string id = recording.GetProperty("env").GetString()!;
        List<string> arguments =
            ["rollout", id, "--seed", recording.GetProperty("seed").GetRawText(), "--actions", actions];
        foreach (JsonProperty option in recording.GetProperty("kwargs").EnumerateObject())
        {
            arguments.AddRange(["--option", $"{option.Name}={option.Value}"]);
        }

        InvokedProgram program = InvokedProgram.Run([.. arguments]);
        Assert.Equal("", program.Error);
        Assert.Equal(steps.Length + 1, program.Lines.Count);
        AssertClose(recording.GetProperty("reset"), Parse(program.Lines[0]).GetProperty("reset"));
        for (int i = 0; i < steps.Length; i++)
        {
            JsonElement line = Parse(program.Lines[i + 1]);
            AssertClose(steps[i][1], line.GetProperty("observation"));
            Assert.Equal(steps[i][2].GetDouble(), line.GetProperty("reward").GetDouble(), tolerance: 1e-6);
            Assert.Equal(steps[i][3].GetBoolean(), line.GetProperty("terminated").GetBoolean());
            Assert.Equal(steps[i][4].GetBoolean(), line.GetProperty("truncated").GetBoolean());
            Assert.Equal(steps[i].GetArrayLength() > 5, line.TryGetProperty("reset", out JsonElement reset));
            if (steps[i].GetArrayLength() > 5) AssertClose(steps[i][5], reset);
        }
    }

    private static void AssertClose(JsonElement expected, JsonElement actual)
    {
        float[] wanted = Recording.Numbers(expected);
        float[] got = Recording.Numbers(actual);
        Assert.Equal(JsonValueKind.Array, actual.ValueKind);
        Assert.Equal(wanted.Length, got.Length);
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.Equal(wanted[i], got[i], tolerance: 1e-6f * Math.Max(1, Math.Abs(wanted[i])));
        }
    }

    private static double[] Observation(string line)
    {
        JsonElement json = Parse(line);
        JsonElement numbers =
            json.TryGetProperty("observation", out JsonElement observation) ? observation : json.GetProperty("reset");
        return [.. numbers.EnumerateArray().Select(number => number.GetDouble())];
    }

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
