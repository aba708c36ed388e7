using System.Buffers.Binary;
using System.Numerics;

namespace Bellman.Neural.State;

/// <summary>The CRC-32C (Castagnoli) of RFC 3720, which processors compute by an instruction.</summary>
internal struct Crc32C
{
    /// <summary>The checksum of the bytes so far; 0 of none.</summary>
    public uint Value { get; private set; }

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = new Crc32C();
        crc.Append(bytes);
        return crc.Value;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint register = ~Value;
        while (bytes.Length >= 8)
        {
            register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (byte value in bytes)
        {
            register = BitOperations.Crc32C(register, value);
        }

        Value = ~register;
    }
}
