using System.IO.Compression;
using System.Text.Json;
using Bellman.Environments;

namespace Bellman.Tests.Environments;

public sealed class NormalizationTests
{
    // Stable-Baselines3 takes the means of its batches in single precision.
    private const double Tolerance = 2e-5;

    [Theory]
    [InlineData("Pendulum-v1")]
    [InlineData("CartPole-v1")]
    public void Normalised_numbers_are_those_of_Stable_Baselines3(string id)
    {
        JsonElement recorded = Recorded(id);
        (Normalization normalization, VectorEnvironment environments) = Make(id, recorded.GetProperty("gamma").GetDouble());
        using VectorEnvironment owned = environments;
        environments.Reset(recorded.GetProperty("seed").GetUInt64());
        Compare(recorded.GetProperty("reset"), environments.Observations.Values);
        int ends = 0;
        foreach (JsonElement step in recorded.GetProperty("steps").EnumerateArray())
        {
            Recording.Numbers(step[0]).CopyTo(environments.Actions.Values);
            environments.Step();
            Compare(step[1], environments.Observations.Values);
            Compare(step[2], environments.Rewards);
            for (int i = 0; i < environments.Count; i++)
            {
                Assert.Equal(environments.HasEnded(i), step[3][i].ValueKind != JsonValueKind.Null);
                if (!environments.HasEnded(i)) continue;
                ends++;
                int size = environments.ObservationSpace.FlatSize;
                Compare(step[3][i], environments.NextObservations.Values.Slice(i * size, size));
            }
        }

        Assert.True(ends >= 3);
        Compare(recorded.GetProperty("mean"), Array.ConvertAll(normalization.Means.ToArray(), value => (float)value));
        Compare(recorded.GetProperty("variance"), Array.ConvertAll(normalization.Variances.ToArray(), value => (float)value));
    }

    [Fact]
    public void An_environment_for_evaluation_shows_what_the_algorithm_sees_and_adds_nothing()
    {
        (Normalization normalization, VectorEnvironment environments) = Make("CartPole-v1", gamma: 0.99);
        using VectorEnvironment owned = environments;
        environments.Reset(seed: 1);
        for (int i = 0; i < 50; i++)
        {
            environments.Step();
        }

        double[] means = normalization.Means.ToArray();
        float[] expected = Gym.Make("CartPole-v1").Reset(seed: 4);
        normalization.Apply(expected);
        normalization.Publish();
        var evaluation = new Gym(normalization.Around(Registry.Find("CartPole-v1").Make()));
        float[] shown = evaluation.Reset(seed: 4);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], shown[i], 1e-5f);
        }

        evaluation.Step(1);
        Assert.Equal(means, normalization.Means.ToArray());
    }

    [Fact]
    public void Returns_of_episodes_stay_those_of_the_environment()
    {
        (_, VectorEnvironment environments) = Make("CartPole-v1", gamma: 0.99);
        using VectorEnvironment owned = environments;
        environments.Reset(seed: 1);
        while (!environments.HasEnded(0))
        {
            environments.Step();
        }

        Assert.NotEqual(1, environments.Rewards[0]);
        Assert.Equal(environments.EpisodeLengths[0], environments.EpisodeReturns[0]);
    }

    private static (Normalization Normalization, VectorEnvironment Environments) Make(string id, double gamma)
    {
        EnvironmentSpec spec = Registry.Find(id);
        var normalization = new Normalization(spec.Make().ObservationSpace, discount: gamma);
        return (normalization, new VectorEnvironment(() => spec.Make(), count: 3, normalization: normalization));
    }

    private static JsonElement Recorded(string id)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "golden", "gymnasium-more", "normalisation.json.gz");
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        return JsonDocument.Parse(stream).RootElement.EnumerateArray().Single(one => one.GetProperty("env").GetString() == id);
    }

    private static void Compare(JsonElement expected, ReadOnlySpan<float> actual)
    {
        float[] numbers = Recording.Numbers(expected);
        Assert.Equal(numbers.Length, actual.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            Assert.Equal(numbers[i], actual[i], Tolerance * Math.Max(1, Math.Abs(numbers[i])));
        }
    }
}
