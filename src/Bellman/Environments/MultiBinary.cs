using System.Runtime.InteropServices;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Environments;

/// <summary>Several switches, each 0 or 1.</summary>
public sealed class MultiBinary : Space
{
    public MultiBinary(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Count = count;
    }

    /// <summary>How many switches there are.</summary>
    public int Count { get; }

    public override Shape Shape => new(Count);

    public override int FlatSize => Count;

    public override bool Contains(ReadOnlySpan<float> element) =>
        element.Length == Count && element.IndexOfAnyExcept(0f, 1f) < 0;

    public override void Sample(Pcg64 random, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(random);

        // NumPy draws small integers four to a 32-bit number; the bytes lie in the tail of the destination until they are spread out.
        Span<byte> draws = MemoryMarshal.AsBytes(destination[..Count])[^Count..];
        random.FillIntegers(draws, 0, 2);
        for (int i = 0; i < Count; i++)
        {
            destination[i] = draws[i];
        }
    }

    public override string ToString() => $"MultiBinary({Count})";
}
