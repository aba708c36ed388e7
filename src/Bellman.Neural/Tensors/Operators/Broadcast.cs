namespace Bellman.Neural.Tensors;

/// <summary>Repeats a tensor along axes where it has size one or which it lacks, by NumPy's rules; the gradient sums over them.</summary>
internal sealed class Broadcast : Operator
{
    private static readonly Broadcast Instance = new();

    /// <summary>The shape that both operands expand to.</summary>
    public static Shape Common(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        Span<int> sizes = stackalloc int[rank];
        for (int i = 1; i <= rank; i++)
        {
            int left = i <= a.Rank ? a[-i] : 1;
            int right = i <= b.Rank ? b[-i] : 1;
            if (left != right && left != 1 && right != 1)
            {
                throw new ArgumentException($"Shapes {a} and {b} do not broadcast: sizes {left} and {right} meet.");
            }

            sizes[rank - i] = left == 1 ? right : left;
        }

        return new Shape(sizes);
    }

    public static Tensor Expand(Tensor x, Shape shape)
    {
        if (x.Shape == shape) return x;
        Tensor y = Tensor.Result(shape, Instance, x);
        Span<int> strides = stackalloc int[shape.Rank];
        Strides(x.Shape, shape, strides);
        ReadOnlySpan<float> from = x.Values;
        Span<float> to = y.Values;
        int inner = shape.Rank == 0 ? 1 : shape[-1];
        int step = shape.Rank == 0 ? 0 : strides[^1];
        for (int row = 0; row * inner < to.Length; row++)
        {
            int source = Source(row, shape, strides);
            Span<float> destination = to.Slice(row * inner, inner);
            if (step == 0)
            {
                destination.Fill(from[source]);
            }
            else
            {
                from.Slice(source, inner).CopyTo(destination);
            }
        }

        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Span<float> dx = x.GradientTarget(out bool accumulate);
        if (!accumulate) dx.Clear();
        Shape shape = y.Shape;
        Span<int> strides = stackalloc int[shape.Rank];
        Strides(x.Shape, shape, strides);
        ReadOnlySpan<float> dy = y.Gradient;
        int inner = shape.Rank == 0 ? 1 : shape[-1];
        int step = shape.Rank == 0 ? 0 : strides[^1];
        for (int row = 0; row * inner < dy.Length; row++)
        {
            int target = Source(row, shape, strides);
            for (int i = 0; i < inner; i++)
            {
                dx[target + (i * step)] += dy[(row * inner) + i];
            }
        }
    }

    // A stride of zero stays on the one element of an axis that is repeated.
    private static void Strides(Shape from, Shape to, Span<int> strides)
    {
        int stride = 1;
        for (int i = 1; i <= to.Rank; i++)
        {
            int size = i <= from.Rank ? from[-i] : 1;
            strides[^i] = size == 1 ? 0 : stride;
            stride *= size;
        }
    }

    private static int Source(int row, Shape shape, ReadOnlySpan<int> strides)
    {
        int source = 0;
        for (int axis = shape.Rank - 2; axis >= 0; axis--)
        {
            source += row % shape[axis] * strides[axis];
            row /= shape[axis];
        }

        return source;
    }
}
