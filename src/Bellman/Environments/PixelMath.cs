using System.Numerics;

namespace Bellman.Environments;

/// <summary>Loops over pixels.</summary>
internal static class PixelMath
{
    /// <summary>y = x</summary>
    public static void ToFloats(ReadOnlySpan<byte> x, Span<float> y)
    {
        int i = 0;
        int lanes = Vector<float>.Count;
        for (; i + Vector<byte>.Count <= x.Length; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(x[i..]), out Vector<ushort> low, out Vector<ushort> high);
            Store(low, y[i..]);
            Store(high, y[(i + (2 * lanes))..]);
        }

        for (; i < x.Length; i++)
        {
            y[i] = x[i];
        }

        static void Store(Vector<ushort> values, Span<float> y)
        {
            Vector.Widen(values, out Vector<uint> low, out Vector<uint> high);
            Vector.ConvertToSingle(Vector.AsVectorInt32(low)).CopyTo(y);
            Vector.ConvertToSingle(Vector.AsVectorInt32(high)).CopyTo(y[Vector<float>.Count..]);
        }
    }

    /// <summary>y = x, of whole numbers 0 … 255</summary>
    public static void ToBytes(ReadOnlySpan<float> x, Span<byte> y)
    {
        int i = 0;
        int lanes = Vector<float>.Count;
        for (; i + Vector<byte>.Count <= y.Length; i += Vector<byte>.Count)
        {
            Vector.Narrow(Load(x[i..]), Load(x[(i + (2 * lanes))..])).CopyTo(y[i..]);
        }

        for (; i < y.Length; i++)
        {
            y[i] = (byte)x[i];
        }

        static Vector<ushort> Load(ReadOnlySpan<float> x) => Vector.Narrow(
            Vector.AsVectorUInt32(Vector.ConvertToInt32(new Vector<float>(x))),
            Vector.AsVectorUInt32(Vector.ConvertToInt32(new Vector<float>(x[Vector<float>.Count..]))));
    }

    /// <summary>y = max(x, y)</summary>
    public static void Brighten(ReadOnlySpan<byte> x, Span<byte> y)
    {
        int i = 0;
        for (; i + Vector<byte>.Count <= y.Length; i += Vector<byte>.Count)
        {
            Vector.Max(new Vector<byte>(x[i..]), new Vector<byte>(y[i..])).CopyTo(y[i..]);
        }

        for (; i < y.Length; i++)
        {
            y[i] = Math.Max(x[i], y[i]);
        }
    }

    /// <summary>z = (x − y) / 255</summary>
    public static void Difference(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y, Span<float> z)
    {
        const float White = 255;
        int i = 0;
        int lanes = Vector<float>.Count;
        for (; i + Vector<byte>.Count <= z.Length; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(x[i..]), out Vector<ushort> lowX, out Vector<ushort> highX);
            Vector.Widen(new Vector<byte>(y[i..]), out Vector<ushort> lowY, out Vector<ushort> highY);
            Store(Vector.AsVectorInt16(lowX) - Vector.AsVectorInt16(lowY), z[i..]);
            Store(Vector.AsVectorInt16(highX) - Vector.AsVectorInt16(highY), z[(i + (2 * lanes))..]);
        }

        for (; i < z.Length; i++)
        {
            z[i] = (x[i] - y[i]) / White;
        }

        static void Store(Vector<short> differences, Span<float> z)
        {
            Vector.Widen(differences, out Vector<int> low, out Vector<int> high);
            (Vector.ConvertToSingle(low) / White).CopyTo(z);
            (Vector.ConvertToSingle(high) / White).CopyTo(z[Vector<float>.Count..]);
        }
    }

    /// <summary>n = x · levels, of multiples of 1 / levels</summary>
    public static void ToLevels(ReadOnlySpan<float> x, Span<short> n, float levels)
    {
        for (int i = 0; i < n.Length; i++)
        {
            n[i] = (short)MathF.Round(x[i] * levels);
        }
    }

    /// <summary>x = n / levels</summary>
    public static void FromLevels(ReadOnlySpan<short> n, Span<float> x, float levels)
    {
        int i = 0;
        int lanes = Vector<float>.Count;
        for (; i + (2 * lanes) <= x.Length; i += 2 * lanes)
        {
            Vector.Widen(new Vector<short>(n[i..]), out Vector<int> low, out Vector<int> high);
            (Vector.ConvertToSingle(low) / levels).CopyTo(x[i..]);
            (Vector.ConvertToSingle(high) / levels).CopyTo(x[(i + lanes)..]);
        }

        for (; i < x.Length; i++)
        {
            x[i] = n[i] / levels;
        }
    }
}
