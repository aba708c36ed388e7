using Bellman.Neural.Random;

namespace Bellman.Neural.Tests.Tensors.Files;

/// <summary>
/// Damages files: bits, bytes, digits, integers, and whole stretches lost, doubled, swapped in or cut off.
/// </summary>
internal sealed class Mutation(Pcg64 random)
{
    private static readonly long[] Integers =
    [
        0, 1, -1, 2, 7, 255, 256, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, long.MaxValue,
        long.MinValue,
    ];

    public byte[] Of(byte[] file)
    {
        List<byte> bytes = [.. file];
        int count = 1 + random.Integers(random.Integers(4) == 0 ? 16 : 3);
        for (int i = 0; i < count && bytes.Count > 0; i++)
        {
            Apply(bytes);
        }

        return [.. bytes];
    }

    private void Apply(List<byte> bytes)
    {
        int at = Place(bytes.Count);
        int length = Math.Min(1 + random.Integers(random.Integers(2) == 0 ? 8 : 200), bytes.Count - at);
        switch (random.Integers(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Integers(8));
                break;
            case 1:
                bytes[at] = (byte)random.NextUInt32();
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.Insert(at, (byte)random.NextUInt32());
                break;
            case 5:
                bytes.RemoveRange(at, random.Integers(8) == 0 ? bytes.Count - at : length);
                break;
            case 6:
                long integer = Integers[random.Integers(Integers.Length)];
                Write(bytes, at, BitConverter.GetBytes(integer), count: 1 << random.Integers(4));
                break;
            case 7:
                Write(bytes, Place(bytes.Count), [.. bytes.GetRange(at, length)], length);
                break;
            default:
                int digit = bytes.FindIndex(at, value => value is >= (byte)'0' and <= (byte)'9');
                if (digit >= 0) bytes[digit] = (byte)('0' + random.Integers(10));
                break;
        }
    }

    // Half of the places lie near an end, where formats keep what they say about themselves.
    private int Place(int count) => random.Integers(4) switch
    {
        0 => random.Integers(Math.Min(count, 600)),
        1 => count - 1 - random.Integers(Math.Min(count, 600)),
        _ => random.Integers(count),
    };

    private static void Write(List<byte> bytes, int at, byte[] values, int count)
    {
        for (int i = 0; i < count && at + i < bytes.Count; i++)
        {
            bytes[at + i] = values[i];
        }
    }
}
