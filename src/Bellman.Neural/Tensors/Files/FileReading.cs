using System.Runtime.InteropServices;
using Bellman.Neural.State;

namespace Bellman.Neural.Tensors.Files;

/// <summary>Reading at given places of a file whose statements about itself are not trusted.</summary>
internal static class FileReading
{
    /// <summary>Bytes at a place; a place outside the file is an error before anything is allocated.</summary>
    public static byte[] BytesAt(this Stream stream, long start, long count)
    {
        if (start < 0 || count < 0 || start > stream.Length - count || count > Array.MaxLength)
        {
            throw new FileFormatException("The file ends too early.");
        }

        byte[] bytes = new byte[count];
        stream.Position = start;
        stream.Fill(bytes);
        return bytes;
    }

    /// <summary>Elements at a place as float32. The caller has checked that the file is long enough.</summary>
    public static Tensor TensorAt(this Stream stream, long start, TensorElement element, Shape shape)
    {
        Tensor result = Tensor.Zeros(shape);
        Span<float> values = result.Values;
        stream.Position = start;
        if (element == TensorElement.Float32)
        {
            const int Chunk = 1 << 24;
            for (int i = 0; i < values.Length; i += Chunk)
            {
                stream.Fill(MemoryMarshal.AsBytes(values.Slice(i, Math.Min(Chunk, values.Length - i))));
            }

            return result;
        }

        byte[] buffer = new byte[Math.Min(1L << 16, (long)values.Length * element.Size())];
        int step = Math.Max(1, buffer.Length / element.Size());
        for (int i = 0; i < values.Length; i += step)
        {
            int count = Math.Min(step, values.Length - i);
            Span<byte> bytes = buffer.AsSpan(0, count * element.Size());
            stream.Fill(bytes);
            element.Decode(bytes, values.Slice(i, count));
        }

        return result;
    }

    private static void Fill(this Stream stream, Span<byte> destination)
    {
        if (stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
        {
            throw new FileFormatException("The file ends too early.");
        }
    }
}
