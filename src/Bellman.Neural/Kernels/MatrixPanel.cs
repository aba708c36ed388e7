namespace Bellman.Neural.Kernels;

/// <summary>Copies of a few columns of a matrix, row after row without gaps, padded with zeros to a whole number of vectors.</summary>
/// <remarks>Invariant: the source holds k rows (or, transposed, columns) at its stride, the panel k · width floats.</remarks>
internal static unsafe class MatrixPanel
{
    /// <summary>panel[p, j] = source[p·stride + j] for k rows of <paramref name="count"/> columns.</summary>
    public static void Copy<V>(float* source, nint stride, nint k, int count, float* panel, int width)
        where V : struct, ISimd<V>
    {
        int rest = count % V.Count;
        for (nint p = 0; p < k; p++)
        {
            int j = 0;
            for (; j + V.Count <= count; j += V.Count)
            {
                V.Load(in source[j], 0).Store(ref panel[j], 0);
            }

            if (rest > 0)
            {
                V.LoadPartial(in source[j], 0, rest).Store(ref panel[j], 0);
                j += V.Count;
            }

            for (; j < width; j += V.Count)
            {
                V.Zero.Store(ref panel[j], 0);
            }

            source += stride;
            panel += width;
        }
    }

    /// <summary>panel[p, j] = source[j·stride + p] for <paramref name="count"/> rows of k columns.</summary>
    public static void Transpose<V>(float* source, nint stride, nint k, int count, float* panel, int width)
        where V : struct, ISimd<V>
    {
        if (count < width)
        {
            new Span<float>(panel, (int)k * width).Clear();
        }

        TransposeInto<V>(source, stride, k, count, panel, width);
    }

    /// <summary>The same into a larger matrix, whose other columns stay as they are.</summary>
    public static void TransposeInto<V>(float* source, nint stride, nint k, int count, float* panel, int width)
        where V : struct, ISimd<V>
    {
        int j = 0;
        for (; j + V.Count <= count; j += V.Count)
        {
            TransposeGroup<V>(source + (j * stride), stride, k, panel + j, width);
        }

        for (; j + Simd128.Count <= count; j += Simd128.Count)
        {
            TransposeGroup<Simd128>(source + (j * stride), stride, k, panel + j, width);
        }

        for (; j < count; j++)
        {
            float* row = source + (j * stride);
            for (nint p = 0; p < k; p++)
            {
                panel[(p * width) + j] = row[p];
            }
        }
    }

    private static void TransposeGroup<V>(float* source, nint stride, nint k, float* panel, nint width)
        where V : struct, ISimd<V>
    {
        nint p = 0;
        for (; p + 4 <= k; p += 4)
        {
            float* at = source + p;
            V a = V.LoadFours(at, stride);
            V b = V.LoadFours(at + stride, stride);
            V c = V.LoadFours(at + (2 * stride), stride);
            V d = V.LoadFours(at + (3 * stride), stride);
            V.TransposeFours(ref a, ref b, ref c, ref d);
            float* destination = panel + (p * width);
            a.Store(ref *destination, 0);
            b.Store(ref *(destination + width), 0);
            c.Store(ref *(destination + (2 * width)), 0);
            d.Store(ref *(destination + (3 * width)), 0);
        }

        for (; p < k; p++)
        {
            for (int j = 0; j < V.Count; j++)
            {
                panel[(p * width) + j] = source[(j * stride) + p];
            }
        }
    }
}
