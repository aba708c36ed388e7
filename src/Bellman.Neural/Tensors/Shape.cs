using System.Runtime.CompilerServices;

namespace Bellman.Neural.Tensors;

/// <summary>The sizes of a tensor's axes, row-major, at most <see cref="MaxRank"/> of them. A value without memory of its own.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    public const int MaxRank = 6;

    private readonly Sizes sizes;
    private readonly int length;

    /// <param name="sizes">Sizes from the outermost axis to the innermost; none for a scalar.</param>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length > MaxRank)
        {
            throw new ArgumentException($"A shape has at most {MaxRank} axes; got {sizes.Length}.", nameof(sizes));
        }

        long product = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] < 0) throw new ArgumentException($"A size is not negative; axis {i} got {sizes[i]}.", nameof(sizes));
            this.sizes[i] = sizes[i];
            product *= sizes[i];
            if (product > int.MaxValue) throw new ArgumentException($"A tensor has at most {int.MaxValue} elements.", nameof(sizes));
        }

        Rank = sizes.Length;
        length = (int)product;
    }

    /// <summary>The number of axes.</summary>
    public int Rank { get; }

    /// <summary>The number of elements.</summary>
    public int Length => Rank == 0 ? 1 : length;

    /// <summary>The size of an axis; negative axes count from the end.</summary>
    public int this[int axis] => sizes[Axis(axis)];

    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The axis counted from the front.</summary>
    public int Axis(int axis)
    {
        int result = axis < 0 ? axis + Rank : axis;
        if ((uint)result >= (uint)Rank)
        {
            throw new ArgumentOutOfRangeException(nameof(axis), $"Shape {this} has no axis {axis}.");
        }

        return result;
    }

    /// <summary>The product of the sizes from one axis up to, not including, another.</summary>
    public int Count(int from, int to)
    {
        int count = 1;
        for (int i = from; i < to; i++)
        {
            count *= sizes[i];
        }

        return count;
    }

    /// <summary>This shape with one more axis in front: a batch of elements of this shape.</summary>
    public Shape Prepend(int size)
    {
        Span<int> all = stackalloc int[MaxRank + 1];
        all[0] = size;
        ((ReadOnlySpan<int>)sizes)[..Rank].CopyTo(all[1..]);
        return new Shape(all[..(Rank + 1)]);
    }

    /// <summary>This shape with the last axis of another size.</summary>
    public Shape WithLast(int size)
    {
        Span<int> all = stackalloc int[MaxRank];
        ((ReadOnlySpan<int>)sizes)[..Rank].CopyTo(all);
        all[Axis(-1)] = size;
        return new Shape(all[..Rank]);
    }

    public int[] ToArray() => ((ReadOnlySpan<int>)sizes)[..Rank].ToArray();

    public bool Equals(Shape other)
    {
        if (Rank != other.Rank || Length != other.Length) return false;
        for (int i = 0; i < Rank; i++)
        {
            if (sizes[i] != other.sizes[i]) return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (int i = 0; i < Rank; i++)
        {
            hash.Add(sizes[i]);
        }

        return hash.ToHashCode();
    }

    /// <summary><c>[32, 4]</c></summary>
    public override string ToString() => $"[{string.Join(", ", ToArray())}]";

    [InlineArray(MaxRank)]
    private struct Sizes
    {
        private int first;
    }
}
