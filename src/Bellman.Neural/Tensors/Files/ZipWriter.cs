using System.Buffers.Binary;
using System.Text;

namespace Bellman.Neural.Tensors.Files;

/// <summary>
/// Writes stored entries that each begin at a multiple of 64 bytes, as PyTorch expects in order to map files.
/// </summary>
internal sealed class ZipWriter(Stream stream)
{
    private const int Alignment = 64;
    private const int LocalBytes = 30;
    private const int CentralBytes = 46;
    private const int EndBytes = 22;
    private const ushort Version = 20;
    private const ushort Utf8Flag = 0x0800;
    private const ushort FirstDay = 0x0021;        // 1 January 1980: a file must not depend on the clock
    private const ushort PaddingField = 0x4246;    // "FB", as PyTorch's own padding is marked

    private readonly List<byte[]> directory = [];
    private long position;

    public void Add(string name, ReadOnlySpan<byte> content)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        int padding = Padding(position + LocalBytes + nameBytes.Length);
        if (position + padding + content.Length > uint.MaxValue - ushort.MaxValue)
        {
            throw new NotSupportedException("A .pt file holds at most 4 GiB; save as .safetensors instead.");
        }

        // Both heads end in the same fields: version, flags, method, time, date, checksum, sizes, name length.
        Span<byte> shared = stackalloc byte[24];
        shared.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(shared, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(shared[2..], Utf8Flag);
        BinaryPrimitives.WriteUInt16LittleEndian(shared[8..], FirstDay);
        BinaryPrimitives.WriteUInt32LittleEndian(shared[10..], Crc32.Append(0, content));
        BinaryPrimitives.WriteInt32LittleEndian(shared[14..], content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(shared[18..], content.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(shared[22..], (ushort)nameBytes.Length);

        byte[] central = new byte[CentralBytes + nameBytes.Length];
        "PK\x01\x02"u8.CopyTo(central);
        BinaryPrimitives.WriteUInt16LittleEndian(central.AsSpan(4), Version);
        shared.CopyTo(central.AsSpan(6));
        BinaryPrimitives.WriteUInt32LittleEndian(central.AsSpan(42), (uint)position);
        nameBytes.CopyTo(central, CentralBytes);
        directory.Add(central);

        byte[] local = new byte[LocalBytes + nameBytes.Length + padding];
        "PK\x03\x04"u8.CopyTo(local);
        shared.CopyTo(local.AsSpan(4));
        BinaryPrimitives.WriteUInt16LittleEndian(local.AsSpan(28), (ushort)padding);
        nameBytes.CopyTo(local, LocalBytes);
        Span<byte> extra = local.AsSpan(LocalBytes + nameBytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(extra, PaddingField);
        BinaryPrimitives.WriteUInt16LittleEndian(extra[2..], (ushort)(padding - 4));
        extra[4..].Fill((byte)'Z');

        Write(local);
        Write(content);
    }

    /// <summary>Writes the directory; nothing can be added afterwards.</summary>
    public void Finish()
    {
        long start = position;
        foreach (byte[] entry in directory)
        {
            Write(entry);
        }

        Span<byte> end = stackalloc byte[EndBytes];
        end.Clear();
        "PK\x05\x06"u8.CopyTo(end);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], checked((ushort)directory.Count));
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], checked((ushort)directory.Count));
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], (uint)(position - start));
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], (uint)start);
        Write(end);
    }

    // At least the four bytes of a field's head.
    private static int Padding(long start)
    {
        int padding = (int)(Alignment - (start % Alignment));
        return padding < 4 ? padding + Alignment : padding;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        position += bytes.Length;
    }
}
