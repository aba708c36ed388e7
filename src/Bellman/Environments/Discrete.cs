using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Environments;

/// <summary>The whole numbers start, start + 1 … start + count − 1.</summary>
public sealed class Discrete : Space
{
    public Discrete(int count, int start = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Count = count;
        Start = start;
    }

    /// <summary>How many numbers there are.</summary>
    public int Count { get; }

    /// <summary>The smallest of them.</summary>
    public int Start { get; }

    public override Shape Shape => new(1);

    public override int FlatSize => 1;

    public override bool Contains(ReadOnlySpan<float> element) =>
        element.Length == 1 && element[0] >= Start && element[0] < Start + Count && MathF.Floor(element[0]) == element[0];

    public override void Sample(Pcg64 random, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(random);
        destination[0] = Start + random.Integers(0, Count);
    }

    public override string ToString() => Start == 0 ? $"Discrete({Count})" : $"Discrete({Count}, start={Start})";
}
