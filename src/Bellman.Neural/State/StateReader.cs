using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Bellman.Neural.State;

/// <summary>One entry of saved state; <paramref name="Count"/> is −1 for a text that is null.</summary>
public readonly record struct StateEntry(string Name, string Type, long Count)
{
    /// <summary>Whether the values lie in segment files.</summary>
    internal bool IsElsewhere => Type.EndsWith(StateElement.Elsewhere, StringComparison.Ordinal);

    internal string ElementType => IsElsewhere ? Type[..^StateElement.Elsewhere.Length] : Type;
}

/// <summary>
/// Reads what <see cref="StateWriter"/> wrote into an object of the same shape. Names, types and counts must be those
/// that the object asks for; the first that is not ends the reading with one sentence.
/// </summary>
/// <param name="stream">Positioned at the first entry.</param>
/// <param name="length">The bytes of all entries; nothing beyond them is read.</param>
public sealed class StateReader(Stream stream, long length) : IStateVisitor
{
    private const int MaxTextBytes = 1 << 26;
    private const int ChunkBytes = 1 << 26;

    private readonly Stream stream = stream ?? throw new ArgumentNullException(nameof(stream));
    private readonly StateScope scope = new();
    private readonly SegmentReader? segments;
    private long left = length;

    /// <param name="stream">Positioned at the first entry.</param>
    /// <param name="length">The bytes of all entries.</param>
    /// <param name="segments">Hold the large blocks.</param>
    internal StateReader(Stream stream, long length, SegmentReader segments)
        : this(stream, length) => this.segments = segments;

    public bool IsLoading => true;

    public void Value<T>(string name, ref T value) where T : unmanaged => Values(name, new Span<T>(ref value));

    public void Values<T>(string name, Span<T> values) where T : unmanaged
    {
        RequireCount(name, Expect(name, StateElement<T>.Name).Count, values.Length);
        ReadValues(name, values);
    }

    public void Settled<T>(string name, Span<T> values) where T : unmanaged
    {
        StateEntry entry = Expect(name, StateElement<T>.Name, StateElement<T>.Name + StateElement.Elsewhere);
        RequireCount(name, entry.Count, values.Length);
        if (!entry.IsElsewhere)
        {
            ReadValues(name, values);
            return;
        }

        Span<byte> rest = MemoryMarshal.AsBytes(values);
        foreach (Piece piece in ReadPieces(entry))
        {
            if (piece.Length > rest.Length || segments is null) throw Impossible(entry);
            segments.Read(piece, rest[..piece.Length]);
            rest = rest[piece.Length..];
        }

        if (rest.Length > 0) throw Impossible(entry);
        if (typeof(T) == typeof(bool)) RequireBooleans(name, MemoryMarshal.AsBytes(values));
    }

    private void ReadValues<T>(string name, Span<T> values) where T : unmanaged
    {
        int chunk = ChunkBytes / Unsafe.SizeOf<T>();
        for (int i = 0; i < values.Length; i += chunk)
        {
            Read(MemoryMarshal.AsBytes(values.Slice(i, Math.Min(chunk, values.Length - i))));
        }

        if (typeof(T) == typeof(bool)) RequireBooleans(name, MemoryMarshal.AsBytes(values));
    }

    public void Text(string name, ref string? text)
    {
        long count = Expect(name, StateElement.Text).Count;
        if (count == -1)
        {
            text = null;
            return;
        }

        if (count < 0 || count > Math.Min(left, MaxTextBytes))
        {
            throw new FileFormatException($"The saved text '{scope.Name(name)}' has the impossible length {count}.");
        }

        byte[] bytes = new byte[count];
        Read(bytes);
        text = Encoding.UTF8.GetString(bytes);
    }

    public void Enter(string name) => scope.Enter(name);

    public void Leave() => scope.Leave();

    /// <summary>Confirms that every entry has been read.</summary>
    public void RequireEnd()
    {
        if (left == 0) return;
        throw new FileFormatException($"The saved state goes on with '{ReadHead().Name}', which was not expected.");
    }

    /// <summary>The entries, without their values.</summary>
    public static IReadOnlyList<StateEntry> List(Stream stream, long length)
    {
        var reader = new StateReader(stream, length);
        var entries = new List<StateEntry>();
        while (reader.left > 0)
        {
            StateEntry entry = reader.ReadHead();
            entries.Add(entry with { Type = entry.ElementType });
            reader.Skip(entry);
        }

        return entries;
    }

    /// <summary>The blocks that lie in segment files, with their pieces.</summary>
    internal static IEnumerable<(string Block, Piece[] Pieces)> Elsewhere(Stream stream, long length)
    {
        var reader = new StateReader(stream, length);
        while (reader.left > 0)
        {
            StateEntry entry = reader.ReadHead();
            if (entry.IsElsewhere) yield return (entry.Name, reader.ReadPieces(entry));
            else reader.Skip(entry);
        }
    }

    private StateEntry Expect(string name, string type, string? otherType = null)
    {
        string expected = scope.Name(name);
        if (left == 0) throw new FileFormatException($"The saved state ends before '{expected}'.");
        StateEntry entry = ReadHead();
        if (entry.Name != expected)
        {
            throw new FileFormatException($"The saved state holds '{entry.Name}' where '{expected}' was expected.");
        }

        if (entry.Type != type && entry.Type != otherType)
        {
            throw new FileFormatException($"The saved '{expected}' is of type {entry.Type}; {type} was expected.");
        }

        return entry;
    }

    private void RequireCount(string name, long count, int expected)
    {
        if (count == expected) return;
        throw new FileFormatException(
            $"The saved state holds {count} values of '{scope.Name(name)}'; {expected} were expected.");
    }

    private Piece[] ReadPieces(StateEntry entry)
    {
        Span<byte> bytes = stackalloc byte[Piece.EntryBytes];
        Read(bytes[..4]);
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (count < 0 || count > left / Piece.EntryBytes) throw Impossible(entry);
        var pieces = new Piece[count];
        for (int i = 0; i < count; i++)
        {
            Read(bytes);
            pieces[i] = Piece.Read(bytes);
            if (pieces[i].Length is <= 0 or > Piece.MaxLength) throw Impossible(entry);
        }

        return pieces;
    }

    private static FileFormatException Impossible(StateEntry entry) =>
        new($"The pieces of the saved '{entry.Name}' are not those of {entry.Count} values.");

    private StateEntry ReadHead()
    {
        Span<byte> buffer = stackalloc byte[StateWriter.MaxNameLength];
        Read(buffer[..2]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(buffer);
        if (nameLength > buffer.Length)
        {
            throw new FileFormatException($"The saved state has a name of {nameLength} bytes.");
        }

        Read(buffer[..nameLength]);
        string name = Encoding.UTF8.GetString(buffer[..nameLength]);
        Read(buffer[..1]);
        int typeLength = buffer[0];
        Read(buffer[..typeLength]);
        string type = Encoding.ASCII.GetString(buffer[..typeLength]);
        Read(buffer[..8]);
        return new StateEntry(name, type, BinaryPrimitives.ReadInt64LittleEndian(buffer));
    }

    private void Skip(StateEntry entry)
    {
        if (entry.Type == StateElement.Text && entry.Count == -1) return;
        if (entry.IsElsewhere)
        {
            ReadPieces(entry);
            return;
        }

        int size = StateElement.SizeOf(entry.Type);
        if (size == 0) throw new FileFormatException($"The saved '{entry.Name}' is of the unknown type {entry.Type}.");
        if (entry.Count < 0 || entry.Count > left / size)
        {
            throw new FileFormatException($"The saved '{entry.Name}' has the impossible count {entry.Count}.");
        }

        left -= entry.Count * size;
        stream.Seek(entry.Count * size, SeekOrigin.Current);
    }

    private void Read(Span<byte> destination)
    {
        if (destination.Length > left) throw new FileFormatException("The saved state ends in the middle of an entry.");
        left -= destination.Length;
        if (stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
        {
            throw new FileFormatException("The file ends in the middle of an entry.");
        }
    }

    // A boolean of another byte than 0 or 1 is neither true nor false to the processor.
    private void RequireBooleans(string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new FileFormatException(
                $"The saved '{scope.Name(name)}' holds a byte that is neither false nor true.");
        }
    }
}
