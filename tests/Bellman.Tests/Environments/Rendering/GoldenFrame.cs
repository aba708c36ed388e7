using System.Text.Json;
using Bellman.Environments.Rendering;

namespace Bellman.Tests.Environments.Rendering;

/// <summary>Frames recorded from Gymnasium 1.4.0 with pygame 2.1.2.</summary>
internal static class GoldenFrame
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "golden", "frames");

    /// <summary>What leads to each frame: environment, seed, actions, and the state where it is known.</summary>
    public static IReadOnlyList<JsonElement> Entries() =>
    [
        .. new[] { "frames.json", "frames-goals.json", "frames-extra.json" }.SelectMany(
            name => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, name))).RootElement.EnumerateArray()),
    ];

    public static void RequireEqual(string file, ReadOnlySpan<byte> frame) => RequireClose(file, frame, meanDifference: 0);

    /// <param name="file">The recorded picture.</param>
    /// <param name="frame">The drawn one.</param>
    /// <param name="meanDifference">The mean absolute difference allowed, of 255.</param>
    public static void RequireClose(string file, ReadOnlySpan<byte> frame, double meanDifference)
    {
        Picture expected = PngFile.Read(Path.Combine(Folder, file));
        Keep(file, expected, frame);
        Assert.Equal(expected.Pixels.Length, frame.Length);
        long sum = 0;
        int pixels = 0;
        for (int i = 0; i < frame.Length; i++)
        {
            sum += Math.Abs(frame[i] - expected.Pixels[i]);
            if (i % 3 == 0 && !frame.Slice(i, 3).SequenceEqual(expected.Pixels.AsSpan(i, 3))) pixels++;
        }

        double mean = (double)sum / frame.Length;
        Assert.True(mean <= meanDifference, $"{file}: {pixels} pixels differ, by {mean} on average over the frame.");
    }

    /// <summary>Frames to look at: set BELLMAN_FRAMES to a folder.</summary>
    private static void Keep(string file, Picture expected, ReadOnlySpan<byte> frame)
    {
        string? folder = Environment.GetEnvironmentVariable("BELLMAN_FRAMES");
        if (folder is null) return;
        Directory.CreateDirectory(folder);
        PngFile.Write(Path.Combine(folder, file), frame, expected.Width, expected.Height);
    }
}
