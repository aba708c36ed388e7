using System.IO.Compression;
using System.Text.Json;
using Bellman.Environments.Rendering;
using Bellman.Neural.Tests;

namespace Bellman.Tests.Environments.Rendering;

public sealed class ResamplingTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Recorded().Count())];

    /// <summary>Recorded from Pillow 9.4, OpenCV 4.6 and torchvision's Resize on a Pillow image.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_byte_is_as_recorded(int index)
    {
        JsonElement recorded = Recorded().ElementAt(index);
        (int[] from, int[] to, int channels) = Sizes(recorded);
        Interpolation interpolation = recorded.GetProperty("op").GetString() switch
        {
            "resize_opencv_area" => Interpolation.Area,
            "visual_cartpole_resize" => Interpolation.Bicubic,
            _ => Enum.Parse<Interpolation>(recorded.GetProperty("mode").GetString()!, ignoreCase: true),
        };
        Resampling resampling = new(from[1], from[0], to[1], to[0], channels, interpolation);

        byte[] result = new byte[to[0] * to[1] * channels];
        resampling.Apply(Bytes(recorded, "input_hex"), result);
        Assert.Equal(Bytes(recorded, "output_hex"), result);
    }

    [Theory]
    [InlineData(Interpolation.Area)]
    [InlineData(Interpolation.Bilinear)]
    [InlineData(Interpolation.Bicubic)]
    public void The_same_size_is_a_copy(Interpolation interpolation)
    {
        byte[] picture = [1, 2, 3, 4, 5, 6, 70, 80, 90, 255, 0, 128];
        byte[] result = new byte[12];
        new Resampling(2, 2, 2, 2, channels: 3, interpolation).Apply(picture, result);
        Assert.Equal(picture, result);
    }

    [Fact]
    public void Blocks_of_two_round_halves_up_and_larger_ones_to_even()
    {
        byte[] small = new byte[1];
        new Resampling(2, 2, 1, 1, channels: 1, Interpolation.Area).Apply([1, 2, 2, 1], small);
        Assert.Equal(2, small[0]);
        new Resampling(4, 1, 1, 1, channels: 1, Interpolation.Area).Apply([1, 3, 3, 3], small);
        Assert.Equal(2, small[0]);
    }

    [Fact]
    public void Doubling_by_area_repeats_pixels()
    {
        byte[] result = new byte[16];
        new Resampling(2, 2, 4, 4, channels: 1, Interpolation.Area).Apply([10, 20, 30, 40], result);
        Assert.Equal([10, 10, 20, 20, 10, 10, 20, 20, 30, 30, 40, 40, 30, 30, 40, 40], result);
    }

    [Fact]
    public void Applying_allocates_nothing()
    {
        byte[] source = new byte[60 * 40 * 3];
        byte[] target = new byte[21 * 21 * 3];
        foreach (Interpolation interpolation in Enum.GetValues<Interpolation>())
        {
            Resampling resampling = new(60, 40, 21, 21, channels: 3, interpolation);
            Assert.Equal(0, Allocation.Of(() => resampling.Apply(source, target)));
        }
    }

    private static (int[] From, int[] To, int Channels) Sizes(JsonElement recorded)
    {
        bool visual = recorded.TryGetProperty("shape_hwc", out JsonElement shape);
        int[] from = Numbers(visual ? shape : recorded.GetProperty("shape"));
        int[] to = Numbers(recorded.GetProperty(visual ? "to_hw" : "to"));
        return (from, to, Bytes(recorded, "output_hex").Length / to[0] / to[1]);
    }

    private static IEnumerable<JsonElement> Recorded()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "golden", "resize", "resize.jsonl.gz");
        using StreamReader lines = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (lines.ReadLine() is string line)
        {
            yield return JsonDocument.Parse(line).RootElement;
        }
    }

    private static byte[] Bytes(JsonElement recorded, string name) =>
        Convert.FromHexString(recorded.GetProperty(name).GetString()!);

    private static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetInt32())];
}
