using System.Buffers.Binary;
using System.Numerics;

namespace Bellman.Telemetry;

/// <summary>
/// The framing of TensorFlow's record files, little endian: length (8 bytes), masked CRC-32C of those 8 bytes (4),
/// data, masked CRC-32C of the data (4).
/// </summary>
public static class RecordFile
{
    /// <summary>Bytes before the data of a record.</summary>
    public const int HeaderLength = 12;

    /// <summary>Bytes after the data of a record.</summary>
    public const int FooterLength = 4;

    /// <summary>Writes one record.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], MaskedCrc(header[..8]));
        Span<byte> footer = stackalloc byte[FooterLength];
        BinaryPrimitives.WriteUInt32LittleEndian(footer, MaskedCrc(data));
        stream.Write(header);
        stream.Write(data);
        stream.Write(footer);
    }

    /// <summary>Reads the next record, checking both sums.</summary>
    /// <returns>The data; null at the end of the stream, and where the last record was not written to its
    /// end.</returns>
    /// <exception cref="InvalidDataException">A sum does not fit.</exception>
    public static byte[]? Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> header = stackalloc byte[HeaderLength];
        if (stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength) return null;
        Require(BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) == MaskedCrc(header[..8]), "length", stream);

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header);
        if (length > (ulong)(stream.Length - stream.Position)) return null;
        byte[] data = new byte[length];
        stream.ReadExactly(data);
        Span<byte> footer = stackalloc byte[FooterLength];
        if (stream.ReadAtLeast(footer, FooterLength, throwOnEndOfStream: false) < FooterLength) return null;
        Require(BinaryPrimitives.ReadUInt32LittleEndian(footer) == MaskedCrc(data), "data", stream);
        return data;
    }

    /// <summary>
    /// CRC-32C (Castagnoli), rotated and shifted so that a sum of data that itself holds sums stays meaningful.
    /// </summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }

    private static void Require(bool fits, string part, Stream stream)
    {
        if (!fits)
        {
            throw new InvalidDataException(
                $"The check sum of a record's {part} does not fit, before byte {stream.Position}.");
        }
    }
}
