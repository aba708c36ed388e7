using System.Text.Json;
using Bellman.Experience;

namespace Bellman.Tests.Experience;

public sealed class ReturnsTests
{
    public static TheoryData<string> Recordings() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "golden", "returns", "gae.jsonl"))];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Advantages_are_those_of_Stable_Baselines3(string recording)
    {
        using JsonDocument document = JsonDocument.Parse(recording);
        JsonElement root = document.RootElement;
        float[] rewards = Numbers(root, "rewards");
        float[] starts = Numbers(root, "episode_starts");
        float[] lastValues = Numbers(root, "last_values");
        float[] dones = Numbers(root, "dones");

        // A step ended an episode where the next one starts an episode.
        float[] ends = [.. starts[lastValues.Length..], .. dones];
        float[] advantages = new float[rewards.Length];
        float[] returns = new float[rewards.Length];
        Returns.Gae(
            rewards, Numbers(root, "values"), ends, lastValues, root.GetProperty("gamma").GetSingle(), root.GetProperty("lambda").GetSingle(),
            advantages, returns);
        Close(Numbers(root, "advantages"), advantages);
        Close(Numbers(root, "returns"), returns);
    }

    [Fact]
    public void An_advantage_is_what_came_beyond_the_value()
    {
        // Two environments, two steps; the first ends with the first step. δ by hand, γ = 0.5, λ = 0.5.
        float[] advantages = new float[4];
        float[] returns = new float[4];
        Returns.Gae([1, 2, 3, 4], [0.5f, 1, 1.5f, 2], [1, 0, 0, 0], [2, 4], 0.5f, 0.5f, advantages, returns);
        Assert.Equal([0.5f, 2 + (0.5f * 2) - 1 + (0.25f * 4), 3 + 1 - 1.5f, 4 + 2 - 2], advantages);
        Assert.Equal([1, 4, 4, 6], returns);
    }

    [Fact]
    public void The_reward_to_go_is_the_discounted_sum_of_what_follows()
    {
        float[] returns = new float[3];
        Returns.RewardToGo([1, 2, 4], 0.5, after: 8, returns);
        Assert.Equal([1 + (0.5f * (2 + (0.5f * (4 + 4)))), 2 + (0.5f * 8), 8], returns);
    }

    [Fact]
    public void Values_that_foresee_everything_explain_all_variance()
    {
        Assert.Equal(1, Returns.ExplainedVariance([1, 2, 3], [1, 2, 3]), 12);
        Assert.Equal(0, Returns.ExplainedVariance([5, 5, 5], [1, 2, 3]), 12);
        Assert.Equal(double.NaN, Returns.ExplainedVariance([1, 2], [3, 3]));
    }

    private static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5f * Math.Max(1, Math.Abs(expected[i])));
        }
    }

    private static float[] Numbers(JsonElement root, string name) => [.. Flat(root.GetProperty(name))];

    private static IEnumerable<float> Flat(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Flat),
        JsonValueKind.True => [1],
        JsonValueKind.False => [0],
        _ => [element.GetSingle()],
    };
}
