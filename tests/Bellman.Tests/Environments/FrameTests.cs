using System.Text.Json;
using Bellman.Environments;
using Bellman.Environments.Rendering;

namespace Bellman.Tests.Environments;

public sealed class FrameTests
{
    public static TheoryData<string> Frames => new(Read().Select(frame => frame.GetProperty("png").GetString()!));

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_frame_looks_like_Gymnasiums(string png)
    {
        JsonElement frame = Read().First(entry => entry.GetProperty("png").GetString() == png);
        IEnvironment environment = Registry.Find(frame.GetProperty("env").GetString()!).Make();
        var observation = new float[environment.ObservationSpace.FlatSize];
        environment.Reset(observation, frame.GetProperty("seed").GetUInt64());
        foreach (JsonElement action in frame.GetProperty("actions").EnumerateArray())
        {
            environment.Step(Recording.Numbers(action), observation);
        }

        IRenderable renderable = environment.Find<IRenderable>()!;
        var pixels = new byte[renderable.Width * renderable.Height * 3];
        renderable.Render(pixels);
        Picture picture = PngFile.Read(Path.Combine(AppContext.BaseDirectory, "golden", "frames", png));
        (int width, int height, byte[] expected) = (picture.Width, picture.Height, picture.Pixels);
        Assert.Equal((width, height), (renderable.Width, renderable.Height));
        if (Environment.GetEnvironmentVariable("BELLMAN_FRAMES") is string folder)
        {
            PngFile.Write(Path.Combine(folder, png), pixels, width, height);
        }

        double difference = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            difference += Math.Abs(pixels[i] - expected[i]);
        }

        Assert.True(difference / pixels.Length <= 2, $"mean difference {difference / pixels.Length:0.000} of 255");
    }

    private static IEnumerable<JsonElement> Read()
    {
        foreach (string file in new[] { "frames.json", "frames-goals.json" })
        {
            using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "frames", file)));
            foreach (JsonElement frame in document.RootElement.EnumerateArray())
            {
                yield return frame.Clone();
            }
        }
    }
}
