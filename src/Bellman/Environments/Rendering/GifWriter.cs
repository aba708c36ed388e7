using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bellman.Environments.Rendering;

/// <summary>Writes an animated GIF (version 89a) frame by frame; disposing it ends the file.</summary>
/// <remarks>
/// A frame holds the rectangle that has changed since the one before, with a palette of its own: its very colours while there are at
/// most 255 of them, else the nearest of 255 chosen by median cut.
/// </remarks>
public sealed class GifWriter : IDisposable
{
    /// <summary>The palette entry that leaves a pixel as it was.</summary>
    private const byte Unchanged = 255;

    private readonly Stream destination;
    private readonly int width;
    private readonly int height;
    private readonly double framesPerSecond;
    private readonly Rgb[] shown;
    private readonly Rgb[] changes;
    private readonly byte[] indices;
    private readonly ColorTable colors = new();
    private readonly LzwEncoder encoder = new();
    private int frames;

    /// <param name="path">Overwritten where it exists; its folder is made where it does not.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="framesPerSecond">Above 50 the film runs at 50: players slow shorter delays down.</param>
    public GifWriter(string path, int width, int height, double framesPerSecond)
        : this(Create(path), width, height, framesPerSecond)
    {
    }

    /// <param name="destination">Closed with the writer.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="framesPerSecond">Above 50 the film runs at 50: players slow shorter delays down.</param>
    public GifWriter(Stream destination, int width, int height, double framesPerSecond)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(framesPerSecond);
        if (width is < 1 or > ushort.MaxValue || height is < 1 or > ushort.MaxValue)
        {
            throw new ArgumentException($"A GIF has 1 … 65535 pixels a side; got {width} × {height}.");
        }

        this.destination = destination;
        this.width = width;
        this.height = height;
        this.framesPerSecond = Math.Min(framesPerSecond, 50);
        shown = new Rgb[width * height];
        changes = new Rgb[width * height];
        indices = new byte[width * height];
        WriteHeader();
    }

    /// <summary>Shows a picture until the next one.</summary>
    /// <param name="pixels">[height, width, 3]</param>
    public void AddFrame(ReadOnlySpan<byte> pixels)
    {
        if (pixels.Length != shown.Length * 3)
        {
            throw new ArgumentException($"A frame of {width} × {height} takes {shown.Length * 3} bytes; got {pixels.Length}.");
        }

        ReadOnlySpan<Rgb> picture = MemoryMarshal.Cast<byte, Rgb>(pixels);
        Area area = frames == 0 ? new Area(0, 0, width, height) : FindChange(pixels);
        colors.Build(GatherChanges(picture, area));
        WriteDelay();
        WriteArea(area);
        encoder.Write(destination, FillIndices(picture, area));
        picture.CopyTo(shown);
        frames++;
    }

    public void Dispose()
    {
        destination.WriteByte(0x3B);
        destination.Dispose();
    }

    private static FileStream Create(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return File.Create(path);
    }

    /// <summary>The smallest rectangle around what differs; a single pixel where nothing does.</summary>
    private Area FindChange(ReadOnlySpan<byte> pixels)
    {
        ReadOnlySpan<byte> before = MemoryMarshal.AsBytes(shown.AsSpan());
        int stride = width * 3;
        int top = pixels.CommonPrefixLength(before) / stride;
        if (top == height) return new Area(0, 0, 1, 1);

        int bottom = height - 1;
        while (pixels.Slice(bottom * stride, stride).SequenceEqual(before.Slice(bottom * stride, stride))) bottom--;
        int left = stride;
        int right = 0;
        for (int y = top; y <= bottom; y++)
        {
            int same = pixels.Slice(y * stride, stride).CommonPrefixLength(before.Slice(y * stride, stride));
            if (same == stride) continue;
            left = Math.Min(left, same);
            int last = stride - 1;
            while (last > right && pixels[y * stride + last] == before[y * stride + last]) last--;
            right = Math.Max(right, last);
        }

        return new Area(left / 3, top, right / 3 - left / 3 + 1, bottom - top + 1);
    }

    /// <summary>The colours of the pixels that differ from what is shown, row by row.</summary>
    private ReadOnlySpan<Rgb> GatherChanges(ReadOnlySpan<Rgb> pixels, Area area)
    {
        int count = 0;
        for (int y = area.Top; y < area.Top + area.Height; y++)
        {
            for (int at = y * width + area.Left; at < y * width + area.Left + area.Width; at++)
            {
                if (frames == 0 || pixels[at] != shown[at]) changes[count++] = pixels[at];
            }
        }

        return changes.AsSpan(0, count);
    }

    private ReadOnlySpan<byte> FillIndices(ReadOnlySpan<Rgb> pixels, Area area)
    {
        int count = 0;
        Rgb latest = pixels[area.Top * width + area.Left];
        byte index = colors.Find(latest);
        for (int y = area.Top; y < area.Top + area.Height; y++)
        {
            for (int at = y * width + area.Left; at < y * width + area.Left + area.Width; at++)
            {
                bool isChanged = frames == 0 || pixels[at] != shown[at];
                if (isChanged && pixels[at] != latest)
                {
                    latest = pixels[at];
                    index = colors.Find(latest);
                }

                indices[count++] = isChanged ? index : Unchanged;
            }
        }

        return indices.AsSpan(0, count);
    }

    /// <summary>The size, and the application block that repeats the film for ever.</summary>
    private void WriteHeader()
    {
        destination.Write("GIF89a"u8);
        WriteNumber(width);
        WriteNumber(height);
        destination.Write([0, 0, 0]);
        destination.Write([0x21, 0xFF, 11]);
        destination.Write("NETSCAPE2.0"u8);
        destination.Write([3, 1, 0, 0, 0]);
    }

    /// <summary>Delays are whole hundredths of a second; rounding the times instead keeps the film's pace.</summary>
    private void WriteDelay()
    {
        const int KeepWithTransparency = 0b_001_0_1;
        double hundredths = 100 / framesPerSecond;
        destination.Write([0x21, 0xF9, 4, KeepWithTransparency]);
        WriteNumber((int)(Math.Round((frames + 1) * hundredths) - Math.Round(frames * hundredths)));
        destination.Write([Unchanged, 0]);
    }

    private void WriteArea(Area area)
    {
        const byte OwnPaletteOf256 = 0x87;
        destination.WriteByte(0x2C);
        WriteNumber(area.Left);
        WriteNumber(area.Top);
        WriteNumber(area.Width);
        WriteNumber(area.Height);
        destination.WriteByte(OwnPaletteOf256);
        destination.Write(colors.Palette);
    }

    private void WriteNumber(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        destination.Write(bytes);
    }

    private readonly record struct Area(int Left, int Top, int Width, int Height);
}
