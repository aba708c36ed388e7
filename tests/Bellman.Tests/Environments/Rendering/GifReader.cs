using System.Buffers.Binary;

namespace Bellman.Tests.Environments.Rendering;

/// <summary>Decodes what <c>GifWriter</c> writes, after the GIF89a specification: frames composed as a player shows them.</summary>
internal static class GifReader
{
    public static (List<byte[]> Frames, List<int> Delays, int Width, int Height) Read(ReadOnlySpan<byte> file)
    {
        Assert.Equal("GIF89a"u8, file[..6]);
        int width = BinaryPrimitives.ReadUInt16LittleEndian(file[6..]);
        int height = BinaryPrimitives.ReadUInt16LittleEndian(file[8..]);
        Assert.Equal(0, file[10] & 0x80);
        byte[] screen = new byte[width * height * 3];
        List<byte[]> frames = [];
        List<int> delays = [];
        int transparent = -1;
        int at = 13;
        while (file[at] != 0x3B)
        {
            if (file[at] == 0x21)
            {
                if (file[at + 1] == 0xF9)
                {
                    transparent = (file[at + 3] & 1) != 0 ? file[at + 6] : -1;
                    delays.Add(BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 4)..]));
                }

                at += 2;
                Blocks(file, ref at);
                continue;
            }

            Assert.Equal(0x2C, file[at]);
            ReadOnlySpan<byte> image = file[(at + 1)..];
            Assert.Equal(0x87, image[8]);
            ReadOnlySpan<byte> palette = image.Slice(9, 768);
            at += 10 + 768;
            int bits = file[at++];
            List<byte> indices = Decode(Blocks(file, ref at), bits);
            Compose(image, palette, indices, transparent, screen, width);
            frames.Add((byte[])screen.Clone());
        }

        Assert.Equal(file.Length, at + 1);
        return (frames, delays, width, height);
    }

    private static void Compose(
        ReadOnlySpan<byte> image, ReadOnlySpan<byte> palette, List<byte> indices, int transparent, byte[] screen, int width)
    {
        int left = BinaryPrimitives.ReadUInt16LittleEndian(image);
        int top = BinaryPrimitives.ReadUInt16LittleEndian(image[2..]);
        int columns = BinaryPrimitives.ReadUInt16LittleEndian(image[4..]);
        int rows = BinaryPrimitives.ReadUInt16LittleEndian(image[6..]);
        Assert.Equal(columns * rows, indices.Count);
        for (int i = 0; i < indices.Count; i++)
        {
            if (indices[i] == transparent) continue;
            int pixel = (top + i / columns) * width + left + i % columns;
            palette.Slice(indices[i] * 3, 3).CopyTo(screen.AsSpan(pixel * 3));
        }
    }

    private static List<byte> Blocks(ReadOnlySpan<byte> file, ref int at)
    {
        List<byte> content = [];
        while (file[at] != 0)
        {
            content.AddRange(file.Slice(at + 1, file[at]));
            at += file[at] + 1;
        }

        at++;
        return content;
    }

    private static List<byte> Decode(List<byte> content, int symbolBits)
    {
        int clear = 1 << symbolBits;
        List<byte[]> table = [];
        List<byte> symbols = [];
        byte[]? previous = null;
        int bits = symbolBits + 1;
        int position = 0;
        while (true)
        {
            int code = 0;
            for (int i = 0; i < bits; i++, position++)
            {
                code |= (content[position / 8] >> (position % 8) & 1) << i;
            }

            if (code == clear + 1) return symbols;
            if (code == clear)
            {
                table = [.. Enumerable.Range(0, clear + 2).Select(value => new[] { (byte)value })];
                bits = symbolBits + 1;
                previous = null;
                continue;
            }

            byte[] entry = code < table.Count ? table[code] : [.. previous!, previous![0]];
            symbols.AddRange(entry);
            if (previous is not null && table.Count < 4096) table.Add([.. previous, entry[0]]);
            if (table.Count == 1 << bits && bits < 12) bits++;
            previous = entry;
        }
    }
}
