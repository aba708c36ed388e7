using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bellman.Neural.Tensors.Files;

/// <summary>The number types in which files hold tensors; in memory all become float32.</summary>
public enum TensorElement
{
    Float32,
    Float64,
    Float16,
    BFloat16,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt8,
    Bool,
}

internal static class TensorElements
{
    public static int Size(this TensorElement element) => element switch
    {
        TensorElement.Float64 or TensorElement.Int64 => 8,
        TensorElement.Float32 or TensorElement.Int32 => 4,
        TensorElement.Float16 or TensorElement.BFloat16 or TensorElement.Int16 => 2,
        _ => 1,
    };

    /// <summary>The type in which a writer stores a tensor: counters stay integers, all else is float32.</summary>
    public static TensorElement Stored(this TensorElement element) =>
        element == TensorElement.Int64 ? TensorElement.Int64 : TensorElement.Float32;

    /// <summary>Little-endian elements to float32, rounded to the nearest.</summary>
    public static void Decode(this TensorElement element, ReadOnlySpan<byte> source, Span<float> destination)
    {
        if (element == TensorElement.Float32)
        {
            MemoryMarshal.Cast<byte, float>(source).CopyTo(destination);
            return;
        }

        int size = element.Size();
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = element.Decode(source.Slice(i * size, size));
        }
    }

    /// <summary>Float32 to the little-endian elements that <see cref="Stored"/> names.</summary>
    public static byte[] Encode(this TensorElement element, ReadOnlySpan<float> source)
    {
        if (element.Stored() == TensorElement.Float32) return MemoryMarshal.AsBytes(source).ToArray();
        byte[] result = new byte[8 * source.Length];
        for (int i = 0; i < source.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(result.AsSpan(8 * i), (long)source[i]);
        }

        return result;
    }

    private static float Decode(this TensorElement element, ReadOnlySpan<byte> source) => element switch
    {
        TensorElement.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(source),
        TensorElement.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(source),
        TensorElement.BFloat16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(source) << 16),
        TensorElement.Int64 => BinaryPrimitives.ReadInt64LittleEndian(source),
        TensorElement.Int32 => BinaryPrimitives.ReadInt32LittleEndian(source),
        TensorElement.Int16 => BinaryPrimitives.ReadInt16LittleEndian(source),
        TensorElement.Int8 => (sbyte)source[0],
        TensorElement.UInt8 => source[0],
        TensorElement.Bool => source[0] == 0 ? 0 : 1,
        _ => BinaryPrimitives.ReadSingleLittleEndian(source),
    };
}
