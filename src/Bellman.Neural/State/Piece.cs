using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Bellman.Neural.State;

/// <summary>Where a piece of a large block lies, and what it holds.</summary>
/// <param name="Segment">Number of the segment file.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Offset">In the segment file.</param>
/// <param name="Hash">The first 16 bytes of the SHA-256 of the bytes: pieces of the same hash are the same.</param>
internal readonly record struct Piece(int Segment, int Length, long Offset, UInt128 Hash)
{
    /// <summary>Bytes of every piece but the last of a block.</summary>
    public const int MaxLength = 1 << 18;

    /// <summary>Bytes of a piece's entry in a checkpoint.</summary>
    public const int EntryBytes = 32;

    public static UInt128 HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    public static Piece Read(ReadOnlySpan<byte> entry) => new(
        BinaryPrimitives.ReadInt32LittleEndian(entry),
        BinaryPrimitives.ReadInt32LittleEndian(entry[4..]),
        BinaryPrimitives.ReadInt64LittleEndian(entry[8..]),
        BinaryPrimitives.ReadUInt128LittleEndian(entry[16..]));

    public void Write(Span<byte> entry)
    {
        BinaryPrimitives.WriteInt32LittleEndian(entry, Segment);
        BinaryPrimitives.WriteInt32LittleEndian(entry[4..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], Offset);
        BinaryPrimitives.WriteUInt128LittleEndian(entry[16..], Hash);
    }
}
