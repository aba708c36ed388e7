using System.Buffers.Binary;
using System.Text;

namespace Bellman.Neural.State;

/// <summary>A section of a checkpoint.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Length">Bytes of state.</param>
public sealed record CheckpointSection(string Name, long Length)
{
    /// <summary>Where its state begins in the file.</summary>
    internal long Start { get; init; }
}

/// <summary>An open checkpoint whose checksums have all been verified.</summary>
public sealed class CheckpointReader : IDisposable
{
    private readonly Stream stream;
    private readonly string path;
    private readonly List<CheckpointSection> sections = [];
    private readonly SegmentReader segments;

    private CheckpointReader(Stream stream, string path)
    {
        this.stream = stream;
        this.path = path;
        segments = new SegmentReader(Path.GetDirectoryName(path) ?? "");
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<CheckpointSection> Sections => sections;

    /// <summary>The pieces of large blocks that lie in segment files, by the block's name and their place in it.</summary>
    internal Dictionary<(string Block, int Index), Piece> Pieces { get; } = [];

    /// <summary>
    /// Opens a checkpoint and reads it and the segment files that it needs once to verify every checksum; damage is a <see cref="FileFormatException"/>.
    /// </summary>
    public static CheckpointReader Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Open(File.OpenRead(path), path);
    }

    /// <param name="stream">Seekable; the reader disposes it.</param>
    /// <param name="path">For messages.</param>
    internal static CheckpointReader Open(Stream stream, string path)
    {
        var reader = new CheckpointReader(stream, path);
        try
        {
            reader.Verify();
            reader.VerifyPieces();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Reads a section into a part of the same shape.</summary>
    public void Load(string name, IStateful part)
    {
        ArgumentNullException.ThrowIfNull(part);
        CheckpointSection section = Find(name);
        stream.Position = section.Start;
        var reader = new StateReader(stream, section.Length, segments);
        try
        {
            part.Visit(reader);
            reader.RequireEnd();
        }
        catch (FileFormatException exception)
        {
            throw new FileFormatException($"Checkpoint '{path}', section '{name}': {exception.Message}", exception);
        }
    }

    /// <summary>The names, types and counts of a section's entries, without their values.</summary>
    public IReadOnlyList<StateEntry> Entries(string name)
    {
        CheckpointSection section = Find(name);
        stream.Position = section.Start;
        return StateReader.List(stream, section.Length);
    }

    public bool Contains(string name) => sections.Exists(section => section.Name == name);

    public void Dispose()
    {
        stream.Dispose();
        segments.Dispose();
    }

    private CheckpointSection Find(string name) =>
        sections.Find(section => section.Name == name) ?? throw new FileFormatException(
            $"Checkpoint '{path}' has no section '{name}'; it has {string.Join(", ", sections.Select(s => s.Name))}.");

    private void Verify()
    {
        byte[] magic = Read(CheckpointFile.Magic.Length);
        if (!CheckpointFile.IsCheckpoint(magic)) throw new FileFormatException($"'{path}' is not a checkpoint.");
        stream.Position = 0;
        byte[] header = ReadSealed(CheckpointFile.HeaderBytes);
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8));
        if (version != CheckpointFile.Version)
        {
            throw new FileFormatException(
                $"Checkpoint '{path}' has version {version}; this program reads version {CheckpointFile.Version}.");
        }

        while (ReadTag().SequenceEqual(CheckpointFile.SectionTag))
        {
            VerifySection();
        }

        byte[] end = ReadSealed(CheckpointFile.EndBytes);
        if (!end.AsSpan().StartsWith(CheckpointFile.EndTag)) throw Damaged("a section begins with an unknown mark");
        int count = BinaryPrimitives.ReadInt32LittleEndian(end.AsSpan(4));
        long length = BinaryPrimitives.ReadInt64LittleEndian(end.AsSpan(8));
        if (count != sections.Count) throw Damaged("a section is missing");
        if (length != stream.Length) throw Damaged("its length has changed");
    }

    private void VerifyPieces()
    {
        byte[]? buffer = null;
        foreach (CheckpointSection section in sections)
        {
            stream.Position = section.Start;
            foreach ((string block, Piece[] pieces) in StateReader.Elsewhere(stream, section.Length))
            {
                buffer ??= new byte[Piece.MaxLength];
                for (int i = 0; i < pieces.Length; i++)
                {
                    Verify(pieces[i], buffer);
                    Pieces.Add(($"{section.Name}/{block}", i), pieces[i]);
                }
            }
        }
    }

    private void Verify(Piece piece, byte[] buffer)
    {
        try
        {
            segments.Verify(piece, buffer);
        }
        catch (FileFormatException exception)
        {
            throw new FileFormatException($"Checkpoint '{path}' needs a file that is not sound. {exception.Message}", exception);
        }
    }

    private byte[] ReadTag()
    {
        byte[] tag = Read(4);
        stream.Position -= tag.Length;
        return tag;
    }

    private void VerifySection()
    {
        byte[] lengths = Read(8);
        stream.Position -= lengths.Length;
        int nameLength = BinaryPrimitives.ReadInt32LittleEndian(lengths.AsSpan(4));
        if (nameLength is <= 0 or > CheckpointFile.MaxSectionName)
        {
            throw Damaged($"a section's name has {nameLength} bytes");
        }

        byte[] head = ReadSealed(CheckpointFile.SectionHeadBytes + nameLength);
        string name = Encoding.UTF8.GetString(head, 20, nameLength);
        long length = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(8));
        if (length < 0 || length > stream.Length - stream.Position) throw Damaged($"section '{name}' is cut off");
        if (Contains(name)) throw Damaged($"section '{name}' is there twice");

        sections.Add(new CheckpointSection(name, length) { Start = stream.Position });
        if (ChecksumOf(length) != BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(16)))
        {
            throw Damaged($"the checksum of section '{name}' is wrong");
        }
    }

    private uint ChecksumOf(long length)
    {
        byte[] buffer = new byte[Math.Min(length, CheckpointFile.BufferBytes)];
        var crc = new Crc32C();
        for (long left = length; left > 0;)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            Fill(part);
            crc.Append(part);
            left -= part.Length;
        }

        return crc.Value;
    }

    // The last four bytes are the checksum of the others.
    private byte[] ReadSealed(int count)
    {
        byte[] bytes = Read(count);
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(count - 4));
        return Crc32C.Of(bytes.AsSpan(..^4)) == checksum ? bytes : throw Damaged("the checksum of a head is wrong");
    }

    private byte[] Read(int count)
    {
        byte[] bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    private void Fill(Span<byte> destination)
    {
        if (stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
        {
            throw Damaged("it ends too early");
        }
    }

    private FileFormatException Damaged(string reason) => new($"Checkpoint '{path}' is damaged: {reason}.");
}
