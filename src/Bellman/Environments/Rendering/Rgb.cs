using System.Runtime.InteropServices;

namespace Bellman.Environments.Rendering;

/// <summary>A colour of eight bits a channel, laid out as a pixel of a frame is.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    public static readonly Rgb Black = new(0, 0, 0);

    public static readonly Rgb White = new(255, 255, 255);

    /// <summary>This colour moved towards <paramref name="color"/> by weight / 256, each channel rounded down.</summary>
    internal Rgb Blend(Rgb color, int weight) => new(
        Mix(Red, color.Red, weight),
        Mix(Green, color.Green, weight),
        Mix(Blue, color.Blue, weight));

    /// <summary>This colour moved towards <paramref name="color"/> by a share of 0 … 1, in single precision, truncated.</summary>
    internal Rgb Blend(Rgb color, float share) => new(
        Mix(Red, color.Red, share),
        Mix(Green, color.Green, share),
        Mix(Blue, color.Blue, share));

    private static byte Mix(int below, int above, int weight) => (byte)(below + ((above - below) * weight >> 8));

    private static byte Mix(int below, int above, float share) => (byte)(int)(share * above + (1 - share) * below);
}
