using System.IO.Compression;
using System.Text.Json;
using Bellman.Environments;

namespace Bellman.Tests.Environments;

/// <summary>Replays what Gymnasium did, step by step, and counts how far the environment agrees.</summary>
internal static class Recording
{
    /// <summary>All recordings of a family's files under tests/golden.</summary>
    public static IEnumerable<JsonElement> Read(string file)
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "golden", file)), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is string line)
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    /// <summary>Asserts that every observation (as float32), reward and ending of a file is reproduced.</summary>
    /// <param name="file">Such as <c>gymnasium/CartPole-v1.jsonl.gz</c>.</param>
    /// <param name="tolerance">Largest absolute difference of an observation's element; zero for equality.</param>
    public static void AssertReproduced(string file, float tolerance = 0)
    {
        int steps = 0;
        foreach (JsonElement recording in Read(file))
        {
            steps += Replay(recording, tolerance);
        }

        Assert.True(steps > 0);
    }

    /// <summary>The numbers of an observation or action, however deep the recording nests them.</summary>
    public static float[] Numbers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(Numbers)],
        JsonValueKind.True => [1],
        JsonValueKind.False => [0],
        _ => [(float)element.GetDouble()],
    };

    private static int Replay(JsonElement recording, float tolerance)
    {
        string id = recording.GetProperty("env").GetString()!;
        IEnvironment environment = Registry.Find(id).Make(
            recording.GetProperty("kwargs").EnumerateObject().Select(option => KeyValuePair.Create(option.Name, (object)option.Value.ToString())));
        ulong seed = recording.GetProperty("seed").GetUInt64();
        var observation = new float[environment.ObservationSpace.FlatSize];
        environment.Reset(observation, seed);
        Compare(Numbers(recording.GetProperty("reset")), observation, tolerance, $"{id} seed {seed} reset");
        int index = 0;
        foreach (JsonElement step in recording.GetProperty("steps").EnumerateArray())
        {
            string place = $"{id} seed {seed} step {index++}";
            StepResult result = environment.Step(Numbers(step[0]), observation);
            Compare(Numbers(step[1]), observation, tolerance, place);
            double reward = step[2].GetDouble();
            double limit = Math.Max(tolerance, 1e-12 * Math.Max(1, Math.Abs(reward)));
            Assert.True(Math.Abs(reward - result.Reward) <= limit, $"{place}: reward {reward} became {result.Reward}");
            Assert.True(step[3].GetBoolean() == result.Terminated, $"{place}: terminated became {result.Terminated}");
            Assert.True(step[4].GetBoolean() == result.Truncated, $"{place}: truncated became {result.Truncated}");
            if (step.GetArrayLength() <= 5) continue;
            environment.Reset(observation);
            Compare(Numbers(step[5]), observation, tolerance, $"{place} reset");
        }

        return index;
    }

    private static void Compare(float[] expected, float[] actual, float tolerance, string place)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{place}: element {i} is {actual[i]:R} instead of {expected[i]:R}");
        }
    }
}
