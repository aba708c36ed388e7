namespace Bellman.Neural.Tensors.Files;

/// <summary>The CRC-32 of zip archives (polynomial 04C11DB7, reflected), eight bytes at a time.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    // Row k holds the effect of a byte that k further bytes follow.
    private static readonly uint[,] Table = CreateTable();

    /// <summary>Continues the checksum of earlier bytes; start from 0.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~checksum;
        while (bytes.Length >= 8)
        {
            crc ^= bytes[0] | ((uint)bytes[1] << 8) | ((uint)bytes[2] << 16) | ((uint)bytes[3] << 24);
            crc = Table[7, (byte)crc] ^ Table[6, (byte)(crc >> 8)] ^ Table[5, (byte)(crc >> 16)] ^ Table[4, crc >> 24]
                ^ Table[3, bytes[4]] ^ Table[2, bytes[5]] ^ Table[1, bytes[6]] ^ Table[0, bytes[7]];
            bytes = bytes[8..];
        }

        foreach (byte value in bytes)
        {
            crc = Table[0, (crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[,] CreateTable()
    {
        uint[,] table = new uint[8, 256];
        for (uint value = 0; value < 256; value++)
        {
            uint crc = value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Polynomial;
            }

            table[0, value] = crc;
        }

        for (int row = 1; row < 8; row++)
        {
            for (int value = 0; value < 256; value++)
            {
                uint crc = table[row - 1, value];
                table[row, value] = table[0, crc & 0xFF] ^ (crc >> 8);
            }
        }

        return table;
    }
}
