using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>A tensor seen along one axis: [outer, size, inner].</summary>
internal readonly record struct AxisView(int Outer, int Size, int Inner)
{
    public static AxisView Of(Shape shape, int axis)
    {
        int at = shape.Axis(axis);
        return new AxisView(shape.Count(0, at), shape[at], shape.Count(at + 1, shape.Rank));
    }
}

/// <summary>Shapes of results, and the one way in which a rule passes a gradient on unchanged.</summary>
internal static class Shapes
{
    /// <summary>The shape with one axis of another size.</summary>
    public static Shape With(Shape shape, int axis, int size)
    {
        Span<int> sizes = stackalloc int[shape.Rank];
        Sizes(shape, sizes);
        sizes[shape.Axis(axis)] = size;
        return new Shape(sizes);
    }

    /// <summary>The shape with an axis of size one where it is kept, or without it.</summary>
    public static Shape Reduced(Shape shape, int axis, bool keep)
    {
        int at = shape.Axis(axis);
        if (keep) return With(shape, at, 1);
        Span<int> sizes = stackalloc int[shape.Rank];
        Sizes(shape, sizes);
        sizes[(at + 1)..].CopyTo(sizes[at..]);
        return new Shape(sizes[..^1]);
    }

    /// <summary>The shape with one more axis before <paramref name="axis"/>, which counts from the end of the result where negative.</summary>
    public static Shape Inserted(Shape shape, int axis, int size)
    {
        int rank = shape.Rank + 1;
        int at = axis < 0 ? axis + rank : axis;
        if ((uint)at >= (uint)rank)
        {
            throw new ArgumentOutOfRangeException(nameof(axis), $"An axis can be put into shape {shape} at 0 to {shape.Rank}; got {axis}.");
        }

        Span<int> sizes = stackalloc int[rank];
        Sizes(shape, sizes[1..]);
        sizes[1..(at + 1)].CopyTo(sizes);
        sizes[at] = size;
        return new Shape(sizes);
    }

    public static void Sizes(Shape shape, Span<int> sizes)
    {
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            sizes[axis] = shape[axis];
        }
    }

    /// <summary>Elements between neighbours along each axis.</summary>
    public static void Strides(Shape shape, Span<int> strides)
    {
        int stride = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
    }

    /// <summary>dx = or += dy</summary>
    public static void Pass(ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        if (accumulate)
        {
            ElementwiseBinary.Forward<Add>(dx, dy, dx);
        }
        else
        {
            dy.CopyTo(dx);
        }
    }
}
