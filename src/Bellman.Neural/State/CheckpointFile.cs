using System.Buffers.Binary;
using System.Text;

namespace Bellman.Neural.State;

/// <summary>
/// A file of independent, named sections of state, each with its length and checksum (docs/formats.md). A save appears
/// under its name only when it is complete and on the disk; a load checks every byte before it changes an object.
/// </summary>
public static class CheckpointFile
{
    internal const uint Version = 1;
    internal const int HeaderBytes = 16;
    internal const int SectionHeadBytes = 24;
    internal const int EndBytes = 20;
    internal const int MaxSectionName = 255;
    internal const int BufferBytes = 1 << 16;

    /// <summary>The first bytes of every checkpoint.</summary>
    internal static ReadOnlySpan<byte> Magic => "BELLMAN\x1A"u8;

    internal static ReadOnlySpan<byte> SectionTag => "SECT"u8;

    internal static ReadOnlySpan<byte> EndTag => "DONE"u8;

    /// <summary>
    /// Writes the parts to a temporary name beside <paramref name="path"/>, flushes them to the disk, and renames.
    /// </summary>
    public static void Save(string path, IEnumerable<(string Name, IStateful Part)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        AtomicFile.Write(path, file => WriteAll(file, parts, segments: null));
    }

    /// <summary>
    /// Reads sections into the parts of the same names. Sections that no part asks for are left alone; a part without a
    /// section, or any damage anywhere in the file, is a <see cref="FileFormatException"/>.
    /// </summary>
    public static void Load(string path, IEnumerable<(string Name, IStateful Part)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        using CheckpointReader reader = CheckpointReader.Open(path);
        foreach ((string name, IStateful part) in parts)
        {
            reader.Load(name, part);
        }
    }

    /// <summary>True where the first bytes are those of a checkpoint.</summary>
    internal static bool IsCheckpoint(ReadOnlySpan<byte> start) => start.StartsWith(Magic);

    internal static void WriteAll(Stream file, IEnumerable<(string Name, IStateful Part)> parts, SegmentWriter? segments)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        WriteSealed(file, header);
        var names = new HashSet<string>();
        foreach ((string name, IStateful part) in parts)
        {
            if (!names.Add(name)) throw new ArgumentException($"Two sections are called '{name}'.", nameof(parts));
            WriteSection(file, name, part, segments);
        }

        Span<byte> end = stackalloc byte[EndBytes];
        EndTag.CopyTo(end);
        BinaryPrimitives.WriteUInt32LittleEndian(end[4..], (uint)names.Count);
        BinaryPrimitives.WriteInt64LittleEndian(end[8..], file.Position + EndBytes);
        WriteSealed(file, end);
    }

    private static void WriteSection(Stream file, string name, IStateful part, SegmentWriter? segments)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        if (nameBytes.Length is 0 or > MaxSectionName)
        {
            throw new ArgumentException($"A section's name has 1 to {MaxSectionName} bytes; got '{name}'.");
        }

        // Length and checksum are known only afterwards; the head is written again then.
        Span<byte> head = new byte[SectionHeadBytes + nameBytes.Length];
        long start = file.Position;
        file.Write(head);
        var payload = new ChecksumStream(file);
        part.Visit(segments is null ? new StateWriter(payload) : new StateWriter(payload, segments, name));
        long end = file.Position;

        SectionTag.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], nameBytes.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[16..], payload.Checksum);
        nameBytes.CopyTo(head[20..]);
        file.Position = start;
        WriteSealed(file, head);
        file.Position = end;
    }

    // The last four bytes are the checksum of the others.
    private static void WriteSealed(Stream file, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[^4..], Crc32C.Of(bytes[..^4]));
        file.Write(bytes);
    }
}
