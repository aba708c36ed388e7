using Bellman.Environments.Rendering;
using Bellman.Neural.Random;
using Bellman.Neural.Tests;

namespace Bellman.Tests.Environments.Rendering;

public sealed class GifWriterTests
{
    [Fact]
    public void Drawings_keep_their_very_colours()
    {
        List<byte[]> frames = [];
        for (int i = 0; i < 5; i++)
        {
            byte[] frame = new byte[CartPoleRenderer.Width * CartPoleRenderer.Height * 3];
            CartPoleRenderer.Draw(frame, position: i * 0.1, angle: i * 0.02);
            frames.Add(frame);
        }

        frames.Add(frames[^1]);
        (List<byte[]> shown, List<int> delays) = RoundTrip(frames, CartPoleRenderer.Width, CartPoleRenderer.Height, framesPerSecond: 30);
        Assert.Equal(frames, shown);
        Assert.Equal([3, 4, 3, 3, 4, 3], delays);
    }

    [Fact]
    public void Noise_survives_a_full_code_table_and_keeps_near_its_colours()
    {
        Pcg64 random = new(seed: 3);
        List<byte[]> frames = [];
        for (int i = 0; i < 3; i++)
        {
            byte[] frame = new byte[90 * 70 * 3];
            for (int at = 0; at < frame.Length; at++)
            {
                frame[at] = (byte)random.NextUInt64();
            }

            frames.Add(frame);
        }

        (List<byte[]> shown, _) = RoundTrip(frames, 90, 70, framesPerSecond: 10);
        for (int i = 0; i < frames.Count; i++)
        {
            double mean = frames[i].Zip(shown[i], (a, b) => Math.Abs(a - b)).Average();
            Assert.True(mean < 20, $"Frame {i} is off by {mean} on average.");
        }
    }

    [Fact]
    public void Few_noisy_colours_are_exact_through_every_code_width()
    {
        Pcg64 random = new(seed: 4);
        byte[] frame = new byte[211 * 97 * 3];
        for (int at = 0; at < frame.Length; at++)
        {
            frame[at] = (byte)(random.NextUInt64() % 6 * 51);
        }

        (List<byte[]> shown, _) = RoundTrip([frame], 211, 97, framesPerSecond: 50);
        Assert.Equal(frame, shown[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(255)]
    [InlineData(256)]
    public void Small_pictures_of_any_length_end_cleanly(int width)
    {
        byte[] frame = new byte[width * 3];
        for (int at = 0; at < frame.Length; at++)
        {
            frame[at] = (byte)(at / 3 * 7);
        }

        (List<byte[]> shown, _) = RoundTrip([frame], width, 1, framesPerSecond: 4);
        if (width < 256) Assert.Equal(frame, shown[0]);
    }

    [Fact]
    public void A_film_after_the_first_frames_allocates_nothing()
    {
        byte[] frame = new byte[40 * 30 * 3];
        using MemoryStream file = new(capacity: 1 << 20);
        using GifWriter writer = new(file, 40, 30, framesPerSecond: 20);
        writer.AddFrame(frame);
        frame[10] = 5;
        writer.AddFrame(frame);
        Assert.Equal(0, Allocation.Of(() =>
        {
            frame[100]++;
            writer.AddFrame(frame);
        }));
    }

    private static (List<byte[]> Frames, List<int> Delays) RoundTrip(
        List<byte[]> frames, int width, int height, int framesPerSecond)
    {
        MemoryStream file = new();
        using (GifWriter writer = new(file, width, height, framesPerSecond))
        {
            foreach (byte[] frame in frames)
            {
                writer.AddFrame(frame);
            }
        }

        (List<byte[]> shown, List<int> delays, int readWidth, int readHeight) = GifReader.Read(file.ToArray());
        Assert.Equal((width, height), (readWidth, readHeight));
        return (shown, delays);
    }
}
