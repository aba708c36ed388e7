using System.Text.Json;
using Bellman.Environments;
using Bellman.Environments.ToyText;

namespace Bellman.Tests.Environments.ToyText;

public sealed class FrozenLakeTests
{
    [Fact]
    public void Random_maps_are_Gymnasiums()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "golden", "gymnasium-more", "maps.json");
        foreach (JsonElement recorded in JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.EnumerateArray())
        {
            string[] expected = [.. recorded.GetProperty("map").EnumerateArray().Select(row => row.GetString()!)];
            Assert.Equal(expected, FrozenLake.RandomMap(
                recorded.GetProperty("size").GetInt32(), recorded.GetProperty("frozen").GetDouble(), recorded.GetProperty("seed").GetUInt64()));
        }
    }

    [Theory]
    [InlineData("desc", "SF,F", "rows of one length")]
    [InlineData("desc", "FF,FG", "at least one S")]
    [InlineData("desc", "SX,FG", "of the letters S, F, H and G")]
    [InlineData("map_name", "5x5", "There is no map '5x5'; there are 4x4 and 8x8.")]
    [InlineData("success_rate", "1.5", "success_rate lies in [0, 1]; got 1.5.")]
    [InlineData("reward_schedule", "1,0", "reward_schedule is three numbers")]
    [InlineData("is_slipery", "True", "FrozenLake-v1 has no option 'is_slipery'; the nearest is 'is_slippery'.")]
    [InlineData("is_slippery", "maybe", "FrozenLake-v1: option is_slippery takes True or False; got 'maybe'.")]
    public void Wrong_options_are_refused_with_a_sentence(string name, string value, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<ArgumentException>(() => Gym.Make("FrozenLake-v1", (name, value))).Message);
}
