using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Environments;

/// <summary>Several discrete choices at once: number i is one of 0 … counts[i] − 1.</summary>
public sealed class MultiDiscrete : Space
{
    private readonly int[] counts;

    public MultiDiscrete(params ReadOnlySpan<int> counts)
    {
        if (counts.IsEmpty) throw new ArgumentException("A MultiDiscrete space has at least one choice.", nameof(counts));
        foreach (int count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(counts));
        }

        this.counts = counts.ToArray();
    }

    public ReadOnlySpan<int> Counts => counts;

    internal int[] CountArray => counts;

    public override Shape Shape => new(counts.Length);

    public override int FlatSize => counts.Length;

    public override bool Contains(ReadOnlySpan<float> element)
    {
        if (element.Length != counts.Length) return false;
        for (int i = 0; i < counts.Length; i++)
        {
            if (!(element[i] >= 0 && element[i] < counts[i] && MathF.Floor(element[i]) == element[i])) return false;
        }

        return true;
    }

    public override void Sample(Pcg64 random, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(random);
        for (int i = 0; i < counts.Length; i++)
        {
            destination[i] = (int)(random.NextDouble() * counts[i]);
        }
    }

    public override string ToString() => $"MultiDiscrete([{string.Join(' ', counts)}])";
}
