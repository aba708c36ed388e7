using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Environments;

/// <summary>Several spaces side by side in one flat row: Gymnasium's Dict, and its Tuple with the positions as names.</summary>
public sealed class CompositeSpace : Space
{
    private readonly (string Name, Space Space)[] parts;
    private readonly int[] offsets;

    private CompositeSpace((string Name, Space Space)[] parts, bool isTuple)
    {
        if (parts.Length == 0) throw new ArgumentException("A composite space has at least one part.", nameof(parts));
        this.parts = parts;
        IsTuple = isTuple;
        offsets = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            offsets[i] = FlatSize;
            FlatSize += parts[i].Space.FlatSize;
        }
    }

    public override int FlatSize { get; }

    public override Shape Shape => new(FlatSize);

    /// <summary>True where the names are positions.</summary>
    public bool IsTuple { get; }

    /// <summary>Names and spaces in the order of the row.</summary>
    public ReadOnlySpan<(string Name, Space Space)> Parts => parts;

    /// <summary>Parts named 0, 1 …</summary>
    public static CompositeSpace Tuple(params ReadOnlySpan<Space> spaces)
    {
        var named = new (string, Space)[spaces.Length];
        for (int i = 0; i < named.Length; i++)
        {
            named[i] = (i.ToString(), spaces[i]);
        }

        return new CompositeSpace(named, isTuple: true);
    }

    /// <summary>Named parts, in the order of their names as Gymnasium keeps them.</summary>
    public static CompositeSpace Dict(params ReadOnlySpan<(string Name, Space Space)> parts)
    {
        (string Name, Space Space)[] sorted = parts.ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return new CompositeSpace(sorted, isTuple: false);
    }

    /// <summary>The stretch of a row that belongs to a part.</summary>
    public Span<float> Part(Span<float> row, string name)
    {
        int index = Array.FindIndex(parts, part => part.Name == name);
        if (index < 0)
        {
            throw new ArgumentException($"The space has parts {string.Join(", ", parts.Select(part => part.Name))}; got '{name}'.", nameof(name));
        }

        return row.Slice(offsets[index], parts[index].Space.FlatSize);
    }

    public override bool Contains(ReadOnlySpan<float> element)
    {
        if (element.Length != FlatSize) return false;
        for (int i = 0; i < parts.Length; i++)
        {
            if (!parts[i].Space.Contains(element.Slice(offsets[i], parts[i].Space.FlatSize))) return false;
        }

        return true;
    }

    public override void Sample(Pcg64 random, Span<float> destination)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].Space.Sample(random, destination.Slice(offsets[i], parts[i].Space.FlatSize));
        }
    }

    public override string ToString() => IsTuple
        ? $"Tuple({string.Join(", ", parts.Select(part => part.Space))})"
        : $"Dict({string.Join(", ", parts.Select(part => $"'{part.Name}': {part.Space}"))})";
}
