using System.Text.Json;
using Bellman.Environments.Rendering;
using Bellman.Neural.Tests;

namespace Bellman.Tests.Environments.Rendering;

public sealed class ToyTextTests
{
    private static readonly string[] Map = ["SFFF", "FHFH", "FFFH", "HFFG"];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Recorded().Length)];

    /// <summary>Recorded from Gymnasium 1.4.0, render_mode="ansi".</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Text_is_as_recorded(int index)
    {
        JsonElement recorded = Recorded()[index];
        int state = recorded.GetProperty("state").GetInt32();
        JsonElement action = recorded.GetProperty("last_action");
        int? lastAction = action.ValueKind == JsonValueKind.Null ? null : action.GetInt32();
        string text = recorded.GetProperty("environment").GetString() switch
        {
            "FrozenLake-v1" => FrozenLakeRenderer.Text(
                [.. recorded.GetProperty("map").EnumerateArray().Select(row => row.GetString()!)], state, lastAction),
            "CliffWalking-v1" => CliffWalkingRenderer.Text(state),
            _ => TaxiRenderer.Text(state, lastAction),
        };
        Assert.Equal(recorded.GetProperty("text").GetString(), text);
    }

    [Fact]
    public void Frames_have_Gymnasiums_sizes()
    {
        Assert.Equal(256, FrozenLakeRenderer.Side(4));
        Assert.Equal(512, FrozenLakeRenderer.Side(8));
        Assert.Equal(512, FrozenLakeRenderer.Side(20));
        Assert.Equal((720, 240), (CliffWalkingRenderer.Width, CliffWalkingRenderer.Height));
        Assert.Equal((550, 350), (TaxiRenderer.Width, TaxiRenderer.Height));
        Assert.Equal((600, 500), (BlackjackRenderer.Width, BlackjackRenderer.Height));
    }

    [Fact]
    public void Every_state_and_action_draws_a_frame_of_its_own()
    {
        HashSet<int> lakes = [];
        HashSet<int> cliffs = [];
        HashSet<int> taxis = [];
        HashSet<int> cards = [];
        byte[] lake = new byte[256 * 256 * 3];
        byte[] cliff = new byte[CliffWalkingRenderer.Width * CliffWalkingRenderer.Height * 3];
        byte[] taxi = new byte[TaxiRenderer.Width * TaxiRenderer.Height * 3];
        byte[] card = new byte[BlackjackRenderer.Width * BlackjackRenderer.Height * 3];
        for (int i = 0; i < 16; i++)
        {
            FrozenLakeRenderer.Draw(lake, Map, state: i, lastAction: i % 4);
            CliffWalkingRenderer.Draw(cliff, state: 3 * i, lastAction: i % 4);
            TaxiRenderer.Draw(taxi, state: 31 * i, heading: i % 4);
            BlackjackRenderer.Draw(card, 1 + i % 10, 1 + i % 13, (Suit)(i % 4), playerSum: 4 + i, hasUsableAce: i % 2 == 0);
            Assert.True(lakes.Add(Hash(lake)) && cliffs.Add(Hash(cliff)) && taxis.Add(Hash(taxi)) && cards.Add(Hash(card)));
        }
    }

    [Fact]
    public void Drawing_allocates_nothing()
    {
        byte[] lake = new byte[256 * 256 * 3];
        byte[] cliff = new byte[CliffWalkingRenderer.Width * CliffWalkingRenderer.Height * 3];
        byte[] taxi = new byte[TaxiRenderer.Width * TaxiRenderer.Height * 3];
        byte[] card = new byte[BlackjackRenderer.Width * BlackjackRenderer.Height * 3];
        Assert.Equal(0, Allocation.Of(() =>
        {
            FrozenLakeRenderer.Draw(lake, Map, state: 5, lastAction: 1);
            CliffWalkingRenderer.Draw(cliff, state: 36, lastAction: null);
            TaxiRenderer.Draw(taxi, state: 314, heading: 2);
            BlackjackRenderer.Draw(card, dealer: 10, rank: 12, Suit.Hearts, playerSum: 17, hasUsableAce: true);
        }));
    }

    private static int Hash(byte[] frame)
    {
        HashCode hash = default;
        hash.AddBytes(frame);
        return hash.ToHashCode();
    }

    private static JsonElement[] Recorded()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "golden", "text", "ansi.json");
        return [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateArray()];
    }
}
