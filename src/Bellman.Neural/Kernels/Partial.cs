using System.Runtime.CompilerServices;

namespace Bellman.Neural.Kernels;

/// <summary>Loads and stores of a part of a vector for hardware without masked memory access.</summary>
internal static class Partial
{
    /// <summary>The first <paramref name="count"/> floats, then zeros. Invariant: count is at most the vector's lanes.</summary>
    public static TVector Load<TVector>(ref readonly float source, int count)
        where TVector : struct
    {
        TVector vector = default;
        ref float lanes = ref Unsafe.As<TVector, float>(ref vector);
        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref lanes, i) = Unsafe.Add(ref Unsafe.AsRef(in source), i);
        }

        return vector;
    }

    public static void Store<TVector>(TVector vector, ref float destination, int count)
        where TVector : struct
    {
        ref float lanes = ref Unsafe.As<TVector, float>(ref vector);
        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref destination, i) = Unsafe.Add(ref lanes, i);
        }
    }
}
