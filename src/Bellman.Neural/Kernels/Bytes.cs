using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>Bytes as floats.</summary>
internal static class Bytes
{
    /// <summary>y = scale·x</summary>
    public static void Scale(ReadOnlySpan<byte> x, Span<float> y, float scale)
    {
        Debug.Assert(x.Length == y.Length, "Every byte has its float.");
        if (Vector512.IsHardwareAccelerated) Scale<Simd512>(x, y, scale);
        else if (Vector256.IsHardwareAccelerated) Scale<Simd256>(x, y, scale);
        else Scale<Simd128>(x, y, scale);
    }

    private static void Scale<V>(ReadOnlySpan<byte> x, Span<float> y, float scale)
        where V : struct, ISimd<V>
    {
        ref byte from = ref MemoryMarshal.GetReference(x);
        ref float to = ref MemoryMarshal.GetReference(y);
        int i = 0;
        for (; i + V.Count <= x.Length; i += V.Count)
        {
            (V.LoadBytes(in from, (nuint)i) * V.Create(scale)).Store(ref to, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            y[i] = x[i] * scale;
        }
    }
}
