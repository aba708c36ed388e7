using System.Buffers.Binary;
using System.Text;
using Bellman.Neural.State;

namespace Bellman.Neural.Tensors.Files;

/// <summary>A stored entry of a zip archive.</summary>
/// <param name="Start">Where its bytes begin in the file.</param>
internal sealed record ZipEntry(string Name, long Start, long Length, uint Checksum);

/// <summary>
/// Lists the entries of a zip archive (PKWARE's APPNOTE, with Zip64). Only stored entries are read: PyTorch writes no
/// others, and what is not compressed cannot grow beyond the size of the file.
/// </summary>
internal static class ZipReader
{
    private const uint EndMark = 0x06054B50;
    private const uint Zip64EndMark = 0x06064B50;
    private const uint Zip64LocatorMark = 0x07064B50;
    private const uint CentralMark = 0x02014B50;
    private const uint LocalMark = 0x04034B50;
    private const int EndBytes = 22;
    private const int LocatorBytes = 20;
    private const int CentralBytes = 46;
    private const int LocalBytes = 30;
    private const int MaxDirectoryBytes = 1 << 26;
    private const uint Escape32 = 0xFFFFFFFF;
    private const int Zip64Field = 1;
    private const int EncryptedFlag = 1;

    public static bool Recognises(ReadOnlySpan<byte> start) =>
        start.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(start) == LocalMark;

    public static Dictionary<string, ZipEntry> Entries(Stream stream)
    {
        (long start, long length) = FindDirectory(stream);
        if (length is < 0 or > MaxDirectoryBytes)
        {
            throw new FileFormatException("The zip directory has an impossible size.");
        }

        ReadOnlySpan<byte> directory = stream.BytesAt(start, length);
        var entries = new Dictionary<string, ZipEntry>();
        long bytes = 0;
        while (directory.Length > 0)
        {
            if (directory.Length < CentralBytes || BinaryPrimitives.ReadUInt32LittleEndian(directory) != CentralMark)
            {
                throw new FileFormatException("The zip directory is damaged.");
            }

            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]);
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]);
            int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]);
            int total = CentralBytes + nameLength + extraLength + commentLength;
            if (total > directory.Length) throw new FileFormatException("The zip directory is damaged.");

            ZipEntry entry = ReadEntry(stream, directory[..total], nameLength, extraLength);
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw new FileFormatException($"The archive holds '{entry.Name}' twice.");
            }

            // Entries that overlap could stand for more than the file holds.
            bytes += entry.Length;
            if (bytes > stream.Length) throw new FileFormatException("The archive's entries overlap.");
            directory = directory[total..];
        }

        return entries;
    }

    /// <summary>
    /// Confirms the checksum of an entry; 0 says that the writer left it out, as PyTorch can be told to.
    /// </summary>
    public static void Verify(Stream stream, ZipEntry entry)
    {
        if (entry.Checksum == 0) return;
        byte[] buffer = new byte[Math.Min(entry.Length, 1 << 16)];
        uint checksum = 0;
        stream.Position = entry.Start;
        for (long left = entry.Length; left > 0;)
        {
            int count = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (count == 0) throw new FileFormatException("The file ends too early.");
            checksum = Crc32.Append(checksum, buffer.AsSpan(0, count));
            left -= count;
        }

        if (checksum != entry.Checksum) throw new FileFormatException($"The checksum of '{entry.Name}' is wrong.");
    }

    private static ZipEntry ReadEntry(Stream stream, ReadOnlySpan<byte> central, int nameLength, int extraLength)
    {
        string name = Encoding.UTF8.GetString(central.Slice(CentralBytes, nameLength));
        int method = BinaryPrimitives.ReadUInt16LittleEndian(central[10..]);
        if (method != 0 || (central[8] & EncryptedFlag) != 0)
        {
            throw new FileFormatException($"The archive's '{name}' is compressed or encrypted, which is refused.");
        }

        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(central[16..]);
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(central[20..]);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(central[24..]);
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(central[42..]);
        ReadOnlySpan<byte> wide = Zip64(central.Slice(CentralBytes + nameLength, extraLength));
        long length = Widen(size, ref wide);
        long storedLength = Widen(stored, ref wide);
        long header = Widen(offset, ref wide);
        if (length != storedLength) throw new FileFormatException($"The archive's '{name}' states two lengths.");

        ReadOnlySpan<byte> local = stream.BytesAt(header, LocalBytes);
        if (!Recognises(local)) throw new FileFormatException($"The archive's '{name}' is not where it should be.");
        int localName = BinaryPrimitives.ReadUInt16LittleEndian(local[26..]);
        int localExtra = BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        long start = header + LocalBytes + localName + localExtra;
        if (length < 0 || start > stream.Length - length)
        {
            throw new FileFormatException($"The archive's '{name}' is cut off.");
        }

        return new ZipEntry(name, start, length, checksum);
    }

    private static (long Start, long Length) FindDirectory(Stream stream)
    {
        long searched = Math.Min(stream.Length, EndBytes + ushort.MaxValue);
        byte[] tail = stream.BytesAt(stream.Length - searched, searched);
        for (int i = tail.Length - EndBytes; i >= 0; i--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(i);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndMark) continue;
            int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(end[20..]);
            if (EndBytes + commentLength != end.Length) continue;

            return FindZip64Directory(stream, stream.Length - end.Length) ?? (
                BinaryPrimitives.ReadUInt32LittleEndian(end[16..]), BinaryPrimitives.ReadUInt32LittleEndian(end[12..]));
        }

        throw new FileFormatException("The zip archive has no directory; it may be cut off.");
    }

    private static (long Start, long Length)? FindZip64Directory(Stream stream, long end)
    {
        if (end < LocatorBytes) return null;
        ReadOnlySpan<byte> locator = stream.BytesAt(end - LocatorBytes, LocatorBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != Zip64LocatorMark) return null;

        ReadOnlySpan<byte> record = stream.BytesAt(BinaryPrimitives.ReadInt64LittleEndian(locator[8..]), 56);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != Zip64EndMark)
        {
            throw new FileFormatException("The zip directory is damaged.");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(record[40..]);
        return (BinaryPrimitives.ReadInt64LittleEndian(record[48..]), length);
    }

    // The extra field of 64-bit numbers holds those that the directory has escaped, in the directory's order.
    private static ReadOnlySpan<byte> Zip64(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (4 + length > extra.Length) break;
            if (id == Zip64Field) return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }

        return [];
    }

    private static long Widen(uint value, ref ReadOnlySpan<byte> wide)
    {
        if (value != Escape32) return value;
        if (wide.Length < 8) throw new FileFormatException("The zip directory is damaged.");
        long result = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[8..];
        return result;
    }
}
