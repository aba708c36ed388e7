using System.Buffers.Binary;
using System.IO.Compression;

namespace Bellman.Environments.Rendering;

/// <summary>Pictures of eight bits a channel as Portable Network Graphics (ISO/IEC 15948).</summary>
public static class PngFile
{
    private const int Up = 2;

    private static readonly uint[] Checksums = BuildChecksums();

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <param name="pixels">[height, width, channels], rows from the top.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    public static void Write(string path, ReadOnlySpan<byte> pixels, int width, int height, int channels = 3)
    {
        using FileStream file = File.Create(path);
        Write(file, pixels, width, height, channels);
    }

    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte}, int, int, int)"/>
    public static void Write(Stream destination, ReadOnlySpan<byte> pixels, int width, int height, int channels = 3)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (channels is not (1 or 3)) throw new ArgumentException($"A picture has 1 or 3 channels; got {channels}.");
        if (width < 1 || height < 1 || pixels.Length != width * height * channels)
        {
            throw new ArgumentException(
                $"A picture of {width} × {height} × {channels} takes {(long)width * height * channels} bytes; got {pixels.Length}.");
        }

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = channels == 1 ? (byte)0 : (byte)2;

        destination.Write(Signature);
        WriteChunk(destination, "IHDR"u8, header);
        WriteChunk(destination, "IDAT"u8, Compress(pixels, width * channels));
        WriteChunk(destination, "IEND"u8, []);
    }

    /// <summary>Reads what <see cref="Write(string, ReadOnlySpan{byte}, int, int, int)"/> can write, whoever wrote it.</summary>
    public static Picture Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Read(file);
    }

    /// <inheritdoc cref="Read(string)"/>
    public static Picture Read(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Span<byte> signature = stackalloc byte[8];
        source.ReadExactly(signature);
        if (!signature.SequenceEqual(Signature)) throw new InvalidDataException("Expected a PNG file; its signature is missing.");

        byte[] header = [];
        using MemoryStream compressed = new();
        while (true)
        {
            (uint name, byte[] content) = ReadChunk(source);
            if (name == Name("IHDR"u8)) header = content;
            if (name == Name("IDAT"u8)) compressed.Write(content);
            if (name == Name("IEND"u8)) break;
        }

        if (header.Length != 13 || header[8] != 8 || header[9] is not (0 or 2) || header[12] != 0)
        {
            throw new InvalidDataException("Expected a PNG of 8 bits a channel, grey or RGB, not interlaced.");
        }

        int width = BinaryPrimitives.ReadInt32BigEndian(header);
        int height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        if (width is < 1 or > 1 << 15 || height is < 1 or > 1 << 15)
        {
            throw new InvalidDataException($"Expected a PNG of at most 32768 × 32768 pixels; got {width} × {height}.");
        }

        int channels = header[9] == 0 ? 1 : 3;
        compressed.Position = 0;
        return new Picture(width, height, channels, Decompress(compressed, width, height, channels));
    }

    /// <summary>Every row as its difference to the row above, which suits drawings.</summary>
    private static byte[] Compress(ReadOnlySpan<byte> pixels, int stride)
    {
        using MemoryStream compressed = new();
        byte[] line = new byte[stride + 1];
        line[0] = Up;
        using (ZLibStream stream = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int start = 0; start < pixels.Length; start += stride)
            {
                ReadOnlySpan<byte> row = pixels.Slice(start, stride);
                for (int i = 0; i < stride; i++)
                {
                    line[i + 1] = (byte)(row[i] - (start == 0 ? 0 : pixels[start - stride + i]));
                }

                stream.Write(line);
            }
        }

        return compressed.ToArray();
    }

    private static byte[] Decompress(Stream compressed, int width, int height, int channels)
    {
        int stride = width * channels;
        byte[] pixels = new byte[height * stride];
        byte[] above = new byte[stride];
        using ZLibStream stream = new(compressed, CompressionMode.Decompress);
        for (int y = 0; y < height; y++)
        {
            int filter = stream.ReadByte();
            Span<byte> row = pixels.AsSpan(y * stride, stride);
            stream.ReadExactly(row);
            Unfilter(filter, row, above, channels);
            row.CopyTo(above);
        }

        return pixels;
    }

    private static void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above, int channels)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < channels ? 0 : row[i - channels];
            int corner = i < channels ? 0 : above[i - channels];
            row[i] += (byte)(filter switch
            {
                0 => 0,
                1 => left,
                Up => above[i],
                3 => (left + above[i]) / 2,
                4 => Nearest(left, above[i], corner),
                _ => throw new InvalidDataException($"Expected a PNG filter of 0 … 4; got {filter}."),
            });
        }
    }

    /// <summary>Paeth's predictor: whichever neighbour is nearest to left + above − corner.</summary>
    private static int Nearest(int left, int above, int corner)
    {
        int toLeft = Math.Abs(above - corner);
        int toAbove = Math.Abs(left - corner);
        int toCorner = Math.Abs(left + above - 2 * corner);
        if (toLeft <= toAbove && toLeft <= toCorner) return left;
        return toAbove <= toCorner ? above : corner;
    }

    private static void WriteChunk(Stream destination, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        destination.Write(number);
        destination.Write(name);
        destination.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Checksum(Checksum(uint.MaxValue, name), content));
        destination.Write(number);
    }

    private static (uint Name, byte[] Content) ReadChunk(Stream source)
    {
        Span<byte> start = stackalloc byte[8];
        source.ReadExactly(start);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(start);
        if (length > int.MaxValue / 2) throw new InvalidDataException($"Expected a PNG chunk below 1 GiB; got {length} bytes.");
        byte[] content = new byte[length];
        source.ReadExactly(content);
        uint checksum = ~Checksum(Checksum(uint.MaxValue, start[4..]), content);
        Span<byte> end = stackalloc byte[4];
        source.ReadExactly(end);
        if (BinaryPrimitives.ReadUInt32BigEndian(end) != checksum)
        {
            throw new InvalidDataException("A PNG chunk is damaged: its checksum does not match.");
        }

        return (Name(start[4..]), content);
    }

    private static uint Name(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);

    private static uint Checksum(uint checksum, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            checksum = Checksums[(byte)(checksum ^ value)] ^ (checksum >> 8);
        }

        return checksum;
    }

    private static uint[] BuildChecksums()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}

/// <summary>Pixels of eight bits a channel: [height, width, channels], rows from the top.</summary>
public sealed record Picture(int Width, int Height, int Channels, byte[] Pixels);
