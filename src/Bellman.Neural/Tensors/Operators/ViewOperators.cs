namespace Bellman.Neural.Tensors;

/// <summary>A stretch of the elements of x in another shape, in the same memory: reshaping, and slices of the outermost axis.</summary>
internal sealed class Stretch : Operator
{
    private static readonly Stretch Instance = new();

    public static Tensor Apply(Tensor x, Shape shape, int first = 0) => Tensor.View(x, shape, first, Instance);

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Span<float> dx = x.GradientTarget(out bool accumulate);
        if (!accumulate && y.Length != x.Length)
        {
            dx.Clear();
            accumulate = true;
        }

        Shapes.Pass(y.Gradient, dx.Slice(y.Saved.Int0, y.Length), accumulate);
    }
}

/// <summary>A range of an inner axis, copied.</summary>
internal sealed class Cut : Operator
{
    private static readonly Cut Instance = new();

    public static Tensor Apply(Tensor x, int axis, int start, int length)
    {
        int at = x.Shape.Axis(axis);
        (int outer, int size, int inner) = AxisView.Of(x.Shape, at);
        if (start < 0 || length < 0 || start > size - length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), $"Axis {at} of shape {x.Shape} has no elements {start} to {(long)start + length - 1}.");
        }

        Shape shape = Shapes.With(x.Shape, at, length);
        if (outer == 1) return Stretch.Apply(x, shape, start * inner);

        Tensor y = Tensor.Result(shape, Instance, x);
        y.Saved.Int0 = outer;
        y.Saved.Int1 = start * inner;
        ReadOnlySpan<float> from = x.Values;
        Span<float> to = y.Values;
        for (int i = 0; i < outer; i++)
        {
            from.Slice((i * size * inner) + (start * inner), length * inner).CopyTo(to[(i * length * inner)..]);
        }

        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        int outer = y.Saved.Int0;
        if (outer == 0) return;
        Span<float> dx = x.GradientTarget(out bool accumulate);
        if (!accumulate) dx.Clear();
        ReadOnlySpan<float> dy = y.Gradient;
        int from = dy.Length / outer;
        int to = dx.Length / outer;
        for (int i = 0; i < outer; i++)
        {
            Shapes.Pass(dy.Slice(i * from, from), dx.Slice((i * to) + y.Saved.Int1, from), accumulate: true);
        }
    }
}

/// <summary>Tensors one after another along an axis, which may be a new one.</summary>
internal sealed class Joined : Operator
{
    private static readonly Joined Instance = new();

    /// <summary>Joins along an axis that the parts have.</summary>
    public static Tensor Concatenate(ReadOnlySpan<Tensor> parts, int axis)
    {
        RequireParts(parts);
        Shape first = parts[0].Shape;
        int at = first.Axis(axis);
        int size = 0;
        foreach (Tensor part in parts)
        {
            if (part.Rank != first.Rank || Shapes.With(part.Shape, at, 1) != Shapes.With(first, at, 1))
            {
                throw new ArgumentException(
                    $"Tensors joined along axis {at} agree in the other axes; got {first} and {part.Shape}.", nameof(parts));
            }

            size += part.Shape[at];
        }

        return Apply(parts, Shapes.With(first, at, size), first.Count(0, at));
    }

    /// <summary>Joins along a new axis.</summary>
    public static Tensor Stack(ReadOnlySpan<Tensor> parts, int axis)
    {
        RequireParts(parts);
        Shape first = parts[0].Shape;
        foreach (Tensor part in parts)
        {
            if (part.Shape != first)
            {
                throw new ArgumentException($"Stacked tensors have one shape; got {first} and {part.Shape}.", nameof(parts));
            }
        }

        Shape shape = Shapes.Inserted(first, axis, parts.Length);
        return Apply(parts, shape, shape.Count(0, shape.Axis(axis)));
    }

    public override void Backward(Tensor y)
    {
        int outer = y.Saved.Int0;
        if (outer == 0) return;
        ReadOnlySpan<float> dy = y.Gradient;
        int row = dy.Length / outer;
        int position = 0;
        for (int part = 0; part < y.InputCount; part++)
        {
            Tensor x = y.Input(part);
            int length = x.Length / outer;
            if (x.RequiresGradient)
            {
                Span<float> dx = x.GradientTarget(out bool accumulate);
                for (int i = 0; i < outer; i++)
                {
                    Shapes.Pass(dy.Slice((i * row) + position, length), dx.Slice(i * length, length), accumulate);
                }
            }

            position += length;
        }
    }

    private static Tensor Apply(ReadOnlySpan<Tensor> parts, Shape shape, int outer)
    {
        Tensor y = Tensor.Result(shape, Instance, parts);
        y.Saved.Int0 = outer;
        if (outer == 0) return y;
        Span<float> to = y.Values;
        int row = to.Length / outer;
        int position = 0;
        foreach (Tensor part in parts)
        {
            ReadOnlySpan<float> from = part.Values;
            int length = from.Length / outer;
            for (int i = 0; i < outer; i++)
            {
                from.Slice(i * length, length).CopyTo(to[((i * row) + position)..]);
            }

            position += length;
        }

        return y;
    }

    private static void RequireParts(ReadOnlySpan<Tensor> parts)
    {
        if (parts.IsEmpty) throw new ArgumentException("At least one tensor to join was expected; got none.", nameof(parts));
    }
}

/// <summary>The axes in another order, copied.</summary>
internal sealed class Permutation : Operator
{
    private const int BitsPerAxis = 4;
    private static readonly Permutation Instance = new();

    /// <param name="axes">For each axis of the result the axis of <paramref name="x"/> that it is.</param>
    public static Tensor Apply(Tensor x, ReadOnlySpan<int> axes)
    {
        if (axes.Length != x.Rank) throw Wrong(x, axes);
        Span<int> sizes = stackalloc int[axes.Length];
        int seen = 0;
        int packed = 0;
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = x.Shape.Axis(axes[i]);
            seen |= 1 << axis;
            packed |= axis << (BitsPerAxis * i);
            sizes[i] = x.Shape[axis];
        }

        if (seen != (1 << axes.Length) - 1) throw Wrong(x, axes);
        Tensor y = Tensor.Result(new Shape(sizes), Instance, x);
        y.Saved.Int0 = packed;
        Move(x.Values, y.Values, x.Shape, y.Shape, packed, back: false, accumulate: false);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Move(y.Gradient, x.GradientTarget(out bool accumulate), x.Shape, y.Shape, y.Saved.Int0, back: true, accumulate);
    }

    // Walks over the permuted tensor row by row; forth, it gathers from the original, back, it scatters into it.
    private static void Move(ReadOnlySpan<float> from, Span<float> to, Shape original, Shape permuted, int packed, bool back, bool accumulate)
    {
        int rank = permuted.Rank;
        if (rank == 0)
        {
            Shapes.Pass(from, to, accumulate);
            return;
        }

        Span<int> own = stackalloc int[rank];
        Span<int> strides = stackalloc int[rank];
        Shapes.Strides(original, own);
        for (int i = 0; i < rank; i++)
        {
            strides[i] = own[(packed >> (BitsPerAxis * i)) & ((1 << BitsPerAxis) - 1)];
        }

        int columns = permuted[-1];
        int step = strides[^1];
        for (int start = 0, row = 0; start < permuted.Length; start += columns, row++)
        {
            int place = Place(row, permuted, strides);
            for (int i = 0; i < columns; i++)
            {
                if (!back) to[start + i] = from[place + (i * step)];
                else if (accumulate) to[place + (i * step)] += from[start + i];
                else to[place + (i * step)] = from[start + i];
            }
        }
    }

    private static int Place(int row, Shape shape, ReadOnlySpan<int> strides)
    {
        int place = 0;
        for (int axis = shape.Rank - 2; axis >= 0; axis--)
        {
            place += row % shape[axis] * strides[axis];
            row /= shape[axis];
        }

        return place;
    }

    private static ArgumentException Wrong(Tensor x, ReadOnlySpan<int> axes) =>
        new($"Each of the {x.Rank} axes of shape {x.Shape} is named once; got [{string.Join(", ", axes.ToArray())}].", nameof(axes));
}
