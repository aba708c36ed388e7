using System.Runtime.CompilerServices;

namespace Bellman.Neural.Kernels;

/// <summary>Float arrays that never move and whose first used element starts a cache line.</summary>
internal static class AlignedMemory
{
    /// <summary>Floats in a cache line; every region is a multiple of it, so that no vector load is split.</summary>
    public const int Line = 16;

    /// <param name="start">Index of the first aligned element.</param>
    /// <returns>At least <paramref name="length"/> zeros from <paramref name="start"/>.</returns>
    public static unsafe float[] Allocate(int length, out int start)
    {
        // Pinned: the address, and so the alignment, holds for the array's life.
        float[] array = GC.AllocateArray<float>(length + Line, pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref array[0]);
        start = (int)((Line - (address / sizeof(float) % Line)) % Line);
        return array;
    }

    /// <summary>The length rounded up to whole cache lines.</summary>
    public static int RoundUp(int length) => (length + Line - 1) & ~(Line - 1);
}
