namespace Bellman.Neural.Tensors;

/// <summary>y[i] = x[i, index[i]]: the action values of the actions taken, for example.</summary>
internal sealed class Choice : Operator
{
    private static readonly Choice Instance = new();

    public static Tensor Apply(Tensor x, Tensor index)
    {
        if (x.Rank != 2 || index.Length != x.Shape[0])
        {
            throw new ArgumentException($"Pick takes values [n, m] and n indices; got {x.Shape} and {index.Shape}.");
        }

        int width = x.Shape[1];
        Tensor y = Tensor.Result(new Shape(x.Shape[0]), Instance, x);
        y.Saved.Tensor0 = index;
        ReadOnlySpan<float> from = x.Values;
        ReadOnlySpan<float> indices = index.Values;
        Span<float> to = y.Values;
        for (int i = 0; i < to.Length; i++)
        {
            int column = (int)indices[i];
            if ((uint)column >= (uint)width) throw new ArgumentOutOfRangeException(nameof(index), $"Index {indices[i]} is outside of [0, {width}).");
            to[i] = from[(i * width) + column];
        }

        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Span<float> dx = x.GradientTarget(out bool accumulate);
        if (!accumulate) dx.Clear();
        int width = x.Shape[1];
        ReadOnlySpan<float> dy = y.Gradient;
        ReadOnlySpan<float> indices = y.Saved.Tensor0!.Values;
        for (int i = 0; i < dy.Length; i++)
        {
            dx[(i * width) + (int)indices[i]] += dy[i];
        }
    }
}

/// <summary>Elements along an axis by index: y[i, j, k] = x[i, index[i, j, k], k] for axis 1, as torch.gather.</summary>
internal sealed class Gathered : Operator
{
    private static readonly Gathered Instance = new();

    public static Tensor Apply(Tensor x, int axis, Tensor index)
    {
        int at = x.Shape.Axis(axis);
        bool fits = index.Rank == x.Rank;
        for (int i = 0; fits && i < x.Rank; i++)
        {
            fits = i == at || index.Shape[i] <= x.Shape[i];
        }

        if (!fits)
        {
            throw new ArgumentException(
                $"Gather takes indices that are no larger than {x.Shape} except in axis {at}; got shape {index.Shape}.", nameof(index));
        }

        Tensor y = Tensor.Result(index.Shape, Instance, x);
        y.Saved.Int0 = at;
        y.Saved.Tensor0 = index;
        ReadOnlySpan<float> from = x.Values;
        ReadOnlySpan<float> indices = index.Values;
        Span<float> to = y.Values;
        Span<int> strides = stackalloc int[x.Rank];
        Shapes.Strides(x.Shape, strides);
        int size = x.Shape[at];
        for (int i = 0; i < to.Length; i++)
        {
            int place = (int)indices[i];
            if ((uint)place >= (uint)size)
            {
                throw new ArgumentOutOfRangeException(nameof(index), $"Index {indices[i]} is outside of [0, {size}).");
            }

            to[i] = from[Place(i, place, at, index.Shape, strides)];
        }

        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Span<float> dx = x.GradientTarget(out bool accumulate);
        if (!accumulate) dx.Clear();
        ReadOnlySpan<float> dy = y.Gradient;
        ReadOnlySpan<float> indices = y.Saved.Tensor0!.Values;
        Span<int> strides = stackalloc int[x.Rank];
        Shapes.Strides(x.Shape, strides);
        for (int i = 0; i < dy.Length; i++)
        {
            dx[Place(i, (int)indices[i], y.Saved.Int0, y.Shape, strides)] += dy[i];
        }
    }

    private static int Place(int i, int index, int axis, Shape shape, ReadOnlySpan<int> strides)
    {
        int place = 0;
        for (int a = shape.Rank - 1; a >= 0; a--)
        {
            place += (a == axis ? index : i % shape[a]) * strides[a];
            i /= shape[a];
        }

        return place;
    }
}

/// <summary>Rows of a table by index: y[i] = table[index[i]].</summary>
internal sealed class TableRows : Operator
{
    private static readonly TableRows Instance = new();

    public static Tensor Apply(Tensor table, Tensor index)
    {
        if (table.Rank != 2) throw new ArgumentException($"A table [rows, features] was expected; got {table.Shape}.", nameof(table));
        (int count, int width) = (table.Shape[0], table.Shape[1]);
        Tensor y = Tensor.Result(Shapes.Inserted(index.Shape, index.Rank, width), Instance, table);
        y.Saved.Tensor0 = index;
        ReadOnlySpan<float> from = table.Values;
        ReadOnlySpan<float> indices = index.Values;
        for (int i = 0; i < indices.Length; i++)
        {
            int row = (int)indices[i];
            if ((uint)row >= (uint)count)
            {
                throw new ArgumentOutOfRangeException(nameof(index), $"Index {indices[i]} is outside of [0, {count}).");
            }

            from.Slice(row * width, width).CopyTo(y.Values[(i * width)..]);
        }

        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor table = y.Input(0);
        int width = table.Shape[1];
        Span<float> gradient = table.GradientTarget(out bool accumulate);
        if (!accumulate) gradient.Clear();
        ReadOnlySpan<float> indices = y.Saved.Tensor0!.Values;
        for (int i = 0; i < indices.Length; i++)
        {
            Shapes.Pass(y.Gradient.Slice(i * width, width), gradient.Slice((int)indices[i] * width, width), accumulate: true);
        }
    }
}

/// <summary>a where the condition is not zero, else b, element by element over one shape.</summary>
internal sealed class Selection : Operator
{
    private static readonly Selection Instance = new();

    public static Tensor Apply(Tensor condition, Tensor a, Tensor b)
    {
        Shape shape = Broadcast.Common(Broadcast.Common(condition.Shape, a.Shape), b.Shape);
        condition = Broadcast.Expand(condition, shape);
        a = Broadcast.Expand(a, shape);
        b = Broadcast.Expand(b, shape);
        Tensor y = Tensor.Result(shape, Instance, a, b);
        y.Saved.Tensor0 = condition;
        ReadOnlySpan<float> mask = condition.Values;
        ReadOnlySpan<float> left = a.Values;
        ReadOnlySpan<float> right = b.Values;
        Span<float> to = y.Values;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = mask[i] != 0 ? left[i] : right[i];
        }

        return y;
    }

    public override void Backward(Tensor y)
    {
        if (y.Input(0).RequiresGradient) Pass(y, y.Input(0), where: true);
        if (y.Input(1).RequiresGradient) Pass(y, y.Input(1), where: false);
    }

    private static void Pass(Tensor y, Tensor input, bool where)
    {
        Span<float> gradient = input.GradientTarget(out bool accumulate);
        if (!accumulate) gradient.Clear();
        ReadOnlySpan<float> dy = y.Gradient;
        ReadOnlySpan<float> mask = y.Saved.Tensor0!.Values;
        for (int i = 0; i < gradient.Length; i++)
        {
            if (mask[i] != 0 == where) gradient[i] += dy[i];
        }
    }
}
