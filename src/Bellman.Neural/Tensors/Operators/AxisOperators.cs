using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>The sum along an axis, times a number: the mean with 1/n.</summary>
internal sealed class AxisSum : Operator
{
    private static readonly AxisSum Instance = new();

    public static Tensor Apply(Tensor x, int axis, bool keep, bool mean)
    {
        (int outer, int size, int inner) = AxisView.Of(x.Shape, axis);
        Tensor y = Tensor.Result(Shapes.Reduced(x.Shape, axis, keep), Instance, x);
        y.Saved.Int0 = axis;
        y.Saved.Int1 = mean ? 1 : 0;
        ReadOnlySpan<float> from = x.Values;
        Span<float> to = y.Values;
        if (inner == 1)
        {
            Reductions.SumOfRows(from, to, outer, size);
        }
        else
        {
            for (int i = 0; i < outer; i++)
            {
                Reductions.SumOfColumns(from.Slice(i * size * inner, size * inner), to.Slice(i * inner, inner), size, inner);
            }
        }

        if (mean) Elementwise.Forward(new DivideByNumber(size), to, to);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        (int outer, int size, int inner) = AxisView.Of(x.Shape, y.Saved.Int0);
        Span<float> dy = y.Gradient;
        if (y.Saved.Int1 == 1) Elementwise.Forward(new DivideByNumber(size), dy, dy);
        Span<float> dx = x.GradientTarget(out bool accumulate);
        if (!accumulate) dx.Clear();
        for (int i = 0; i < outer; i++)
        {
            Span<float> target = dx.Slice(i * size * inner, size * inner);
            ReadOnlySpan<float> source = dy.Slice(i * inner, inner);
            (int rows, int columns, Spread spread) = inner == 1 ? (1, size, Spread.Scalar) : (size, inner, Spread.Row);
            ElementwiseBinary.Forward<Add>(target, Spread.Full, source, spread, target, rows, columns);
        }
    }
}

/// <summary>The largest or smallest along an axis; not a number where one is. The gradient goes to the first of several.</summary>
internal sealed class AxisExtreme : Operator
{
    private static readonly AxisExtreme Instance = new();

    public static Tensor Apply(Tensor x, int axis, bool keep, bool smallest)
    {
        (int outer, int size, int inner) = AxisView.Of(x.Shape, axis);
        Shape shape = Shapes.Reduced(x.Shape, axis, keep);
        Tensor places = Tensor.Constant(shape);
        Places(x, axis, smallest, places.Values);
        Tensor y = Tensor.Result(shape, Instance, x);
        y.Saved.Int0 = axis;
        y.Saved.Tensor0 = places;
        ReadOnlySpan<float> from = x.Values;
        ReadOnlySpan<float> place = places.Values;
        Span<float> to = y.Values;
        for (int i = 0; i < outer * inner; i++)
        {
            to[i] = from[(((i / inner * size) + (int)place[i]) * inner) + (i % inner)];
        }

        return y;
    }

    /// <summary>Where along the axis the first largest or smallest stands, or the first that is not a number.</summary>
    public static void Places(Tensor x, int axis, bool smallest, Span<float> destination)
    {
        (int outer, int size, int inner) = AxisView.Of(x.Shape, axis);
        if (size == 0) throw new ArgumentException($"An axis without elements has no largest or smallest; got shape {x.Shape}, axis {axis}.");
        ReadOnlySpan<float> values = x.Values;
        for (int i = 0; i < outer * inner; i++)
        {
            int start = (i / inner * size * inner) + (i % inner);
            int best = 0;
            float found = values[start];
            for (int j = 1; j < size && !float.IsNaN(found); j++)
            {
                float value = values[start + (j * inner)];
                if (float.IsNaN(value) || (smallest ? value < found : value > found))
                {
                    found = value;
                    best = j;
                }
            }

            destination[i] = best;
        }
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        (int outer, int size, int inner) = AxisView.Of(x.Shape, y.Saved.Int0);
        Span<float> dx = x.GradientTarget(out bool accumulate);
        if (!accumulate) dx.Clear();
        ReadOnlySpan<float> dy = y.Gradient;
        ReadOnlySpan<float> place = y.Saved.Tensor0!.Values;
        for (int i = 0; i < outer * inner; i++)
        {
            dx[(((i / inner * size) + (int)place[i]) * inner) + (i % inner)] += dy[i];
        }
    }
}

/// <summary>The largest or smallest of all elements; equal ones share the gradient, as in PyTorch.</summary>
internal sealed class Extreme : Operator
{
    private static readonly Extreme Instance = new();

    public static Tensor Apply(Tensor x, bool smallest)
    {
        if (x.Length == 0) throw new ArgumentException($"A tensor without elements has no largest or smallest; got shape {x.Shape}.");
        Tensor y = Tensor.Result(default, Instance, x);
        y.Values[0] = smallest ? Reductions.Min(x.Values) : Reductions.Max(x.Values);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        float found = y.Values[0];
        ReadOnlySpan<float> values = x.Values;
        int count = 0;
        foreach (float value in values)
        {
            if (IsFound(value, found)) count++;
        }

        Span<float> dx = x.GradientTarget(out bool accumulate);
        if (!accumulate) dx.Clear();
        float share = y.Gradient[0] / count;
        for (int i = 0; i < dx.Length; i++)
        {
            if (IsFound(values[i], found)) dx[i] += share;
        }
    }

    private static bool IsFound(float value, float found) => value == found || (float.IsNaN(value) && float.IsNaN(found));
}

/// <summary>The standard deviation along the last axis: √(Σ (x − mean)² / (n − 1)), or over n.</summary>
internal sealed class Deviation : Operator
{
    private static readonly Deviation Instance = new();

    public static Tensor Apply(Tensor x, bool keep, bool unbiased)
    {
        (int rows, int size, _) = AxisView.Of(x.Shape, -1);
        Shape shape = Shapes.Reduced(x.Shape, -1, keep);
        int divisor = unbiased ? size - 1 : size;
        Tensor means = Tensor.Constant(shape);
        Tensor scratch = Tensor.Constant(new Shape(size));
        Tensor y = Tensor.Result(shape, Instance, x);
        y.Saved.Tensor0 = means;
        y.Saved.Tensor1 = scratch;
        y.Saved.Int0 = divisor;
        Span<float> distances = scratch.Values;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> values = x.Values.Slice(row * size, size);
            float mean = Reductions.Sum(values) / size;
            means[row] = mean;
            Elementwise.Forward(new Affine(1, -mean), values, distances);
            y.Values[row] = MathF.Sqrt(Reductions.SumOfSquares(distances) / divisor);
        }

        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        (int rows, int size, _) = AxisView.Of(x.Shape, -1);
        Span<float> distances = y.Saved.Tensor1!.Values;
        Span<float> dx = x.GradientTarget(out bool accumulate);
        for (int row = 0; row < rows; row++)
        {
            // Equal values have no direction in which they spread; PyTorch's gradient there is zero, too.
            float deviation = y.Values[row];
            float slope = deviation == 0 ? 0 : y.Gradient[row] / (y.Saved.Int0 * deviation);
            Elementwise.Forward(new Affine(1, -y.Saved.Tensor0![row]), x.Values.Slice(row * size, size), distances);
            Elementwise.Backward(
                new Affine(slope, 0), distances, distances, distances, dx.Slice(row * size, size), accumulate);
        }
    }
}
