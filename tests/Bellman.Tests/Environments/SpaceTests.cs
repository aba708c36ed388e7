using System.Text.Json;
using System.Text.RegularExpressions;
using Bellman.Environments;
using Bellman.Neural.Random;

namespace Bellman.Tests.Environments;

public sealed partial class SpaceTests
{
    private const float Infinity = float.PositiveInfinity;

    /// <summary>The spaces of tests/golden/gymnasium-more/record.py by their names there.</summary>
    private static readonly Dictionary<string, Space> Spaces = new()
    {
        ["box"] = new Box(-1, 1, new(3)),
        ["bounds"] = new Box([-4.8f, -Infinity, -0.41887903f, 0], [4.8f, Infinity, 5, Infinity]),
        ["sides"] = new Box([-Infinity, 0, -Infinity, -1, 2], [Infinity, Infinity, 3, 1, 2.5f]),
        ["whole"] = new Box([-3, -3, -3, -3], [7, 7, 7, 7], new(4), isInteger: true),
        ["image"] = Box.Image(new(2, 3, 3)),
        ["discrete"] = new Discrete(5),
        ["shifted"] = new Discrete(3, start: -1),
        ["choices"] = new MultiDiscrete(2, 3, 5),
        ["switches"] = new MultiBinary(6),
        ["tuple"] = CompositeSpace.Tuple(new Discrete(32), new Discrete(11), new Discrete(2)),
        ["dict"] = CompositeSpace.Dict(("speed", new Box(-1, 1, new(2))), ("gear", new Discrete(5))),
    };

    public static TheoryData<string> Names => new(Spaces.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Samples_are_Gymnasiums(string name)
    {
        foreach (JsonElement stream in Recorded(name).GetProperty("streams").EnumerateArray())
        {
            var random = new Pcg64(stream.GetProperty("seed").GetUInt64());
            foreach (JsonElement sample in stream.GetProperty("samples").EnumerateArray())
            {
                float[] element = Spaces[name].Sample(random);
                Assert.Equal(Recording.Numbers(sample), element);
                Assert.True(Spaces[name].Contains(element));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Texts_are_Gymnasiums(string name)
    {
        // NumPy fills columns up with spaces.
        string expected = Padding().Replace(Recorded(name).GetProperty("text").GetString()!, "");
        Assert.Equal(expected.Replace("[ ", "[", StringComparison.Ordinal), Spaces[name].ToString());
    }

    [Theory]
    [InlineData("box", new float[] { 0, 0 })]
    [InlineData("box", new float[] { 0, 0, 1.01f })]
    [InlineData("box", new float[] { 0, 0, float.NaN })]
    [InlineData("whole", new float[] { 0, 0, 0, 0.5f })]
    [InlineData("discrete", new float[] { 5 })]
    [InlineData("discrete", new float[] { 1.5f })]
    [InlineData("shifted", new float[] { 2 })]
    [InlineData("choices", new float[] { 0, 3, 0 })]
    [InlineData("switches", new float[] { 0, 0, 0, 0, 0, 2 })]
    [InlineData("tuple", new float[] { 0, 0, 2 })]
    public void What_lies_outside_is_not_contained(string name, float[] element) => Assert.False(Spaces[name].Contains(element));

    [Fact]
    public void Actions_of_a_box_may_lie_beyond_its_bounds_but_must_be_numbers()
    {
        Assert.True(Guard.Accepts(Spaces["box"], [5, -5, 0]));
        Assert.False(Guard.Accepts(Spaces["box"], [float.NaN, 0, 0]));
        Assert.False(Guard.Accepts(Spaces["box"], [Infinity, 0, 0]));
        Assert.False(Guard.Accepts(Spaces["discrete"], [5]));
    }

    private static JsonElement Recorded(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "golden", "gymnasium-more", "spaces.json");
        return JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.EnumerateArray().Single(space => space.GetProperty("name").GetString() == name);
    }

    [GeneratedRegex(" +(?=[ \\]])")]
    private static partial Regex Padding();
}
