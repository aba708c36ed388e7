using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Bellman.Neural.State;

/// <summary>
/// Writes state as a sequence of entries: name, element type, count, then the elements as they lie in memory
/// (little-endian). Large blocks go to the stream straight from the caller's memory.
/// </summary>
public sealed class StateWriter(Stream stream) : IStateVisitor
{
    /// <summary>The longest name of an entry, with its scopes, in bytes of UTF-8.</summary>
    public const int MaxNameLength = 1024;

    // Below this, a file of its own is not worth it.
    private const int MinSettledBytes = 1 << 20;
    private const int ChunkBytes = 1 << 26;

    private readonly Stream stream = stream ?? throw new ArgumentNullException(nameof(stream));
    private readonly StateScope scope = new();
    private readonly SegmentWriter? segments;
    private readonly string section = "";

    /// <param name="stream">Gets the entries.</param>
    /// <param name="segments">Gets the large blocks.</param>
    /// <param name="section">In which the names are unique.</param>
    internal StateWriter(Stream stream, SegmentWriter segments, string section)
        : this(stream)
    {
        this.segments = segments;
        this.section = section;
    }

    public bool IsLoading => false;

    public void Value<T>(string name, ref T value) where T : unmanaged => Values(name, new Span<T>(ref value));

    public void Values<T>(string name, Span<T> values) where T : unmanaged
    {
        WriteHead(name, StateElement<T>.Name, values.Length);
        int chunk = ChunkBytes / Unsafe.SizeOf<T>();
        for (int i = 0; i < values.Length; i += chunk)
        {
            stream.Write(MemoryMarshal.AsBytes(values.Slice(i, Math.Min(chunk, values.Length - i))));
        }
    }

    public void Settled<T>(string name, Span<T> values) where T : unmanaged
    {
        long length = (long)values.Length * Unsafe.SizeOf<T>();
        if (segments is null || length < MinSettledBytes)
        {
            Values(name, values);
            return;
        }

        int step = Piece.MaxLength / Unsafe.SizeOf<T>();
        int count = (values.Length + step - 1) / step;
        WriteHead(name, StateElement<T>.Name + StateElement.Elsewhere, values.Length);
        string block = $"{section}/{scope.Name(name)}";
        byte[] entries = new byte[4 + (count * Piece.EntryBytes)];
        BinaryPrimitives.WriteInt32LittleEndian(entries, count);
        for (int i = 0; i < count; i++)
        {
            Span<T> part = values.Slice(i * step, Math.Min(step, values.Length - (i * step)));
            segments.Add(block, i, MemoryMarshal.AsBytes(part)).Write(entries.AsSpan(4 + (i * Piece.EntryBytes)));
        }

        stream.Write(entries);
    }

    public void Text(string name, ref string? text)
    {
        byte[]? bytes = text is null ? null : Encoding.UTF8.GetBytes(text);
        WriteHead(name, StateElement.Text, bytes?.Length ?? -1);
        stream.Write(bytes);
    }

    public void Enter(string name) => scope.Enter(name);

    public void Leave() => scope.Leave();

    private void WriteHead(string name, string type, long count)
    {
        string fullName = scope.Name(name);
        int length = Encoding.UTF8.GetByteCount(fullName);
        if (length > MaxNameLength)
        {
            throw new ArgumentException($"A name of state has at most {MaxNameLength} bytes; got {length}: {fullName}");
        }

        Span<byte> head = stackalloc byte[2 + length + 1 + type.Length + 8];
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)length);
        Encoding.UTF8.GetBytes(fullName, head[2..]);
        head[2 + length] = (byte)type.Length;
        Encoding.ASCII.GetBytes(type, head[(3 + length)..]);
        BinaryPrimitives.WriteInt64LittleEndian(head[^8..], count);
        stream.Write(head);
    }
}
