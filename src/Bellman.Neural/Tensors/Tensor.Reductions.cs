using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <content>Sums, extremes and their like, over all elements or along an axis, which counts from the end where negative.</content>
public sealed partial class Tensor
{
    /// <summary>The sum of all elements, of shape [].</summary>
    public Tensor Sum() => Total.Apply(this, scale: 1);

    /// <param name="axis">What is summed over.</param>
    /// <param name="keep">True to leave the axis with size one.</param>
    public Tensor Sum(int axis, bool keep = false) => AxisSum.Apply(this, axis, keep, mean: false);

    /// <summary>The sum over several axes.</summary>
    public Tensor Sum(ReadOnlySpan<int> axes, bool keep = false) => Along(axes, keep, Reduction.Sum);

    /// <summary>The mean of all elements, of shape [].</summary>
    public Tensor Mean() => Total.Apply(this, scale: 1f / Length);

    /// <param name="axis">What is averaged over.</param>
    /// <param name="keep">True to leave the axis with size one.</param>
    public Tensor Mean(int axis, bool keep = false) => AxisSum.Apply(this, axis, keep, mean: true);

    /// <summary>The mean over several axes.</summary>
    public Tensor Mean(ReadOnlySpan<int> axes, bool keep = false) => Along(axes, keep, Reduction.Mean);

    /// <summary>The largest element, of shape []; equal ones share the gradient.</summary>
    public Tensor Max() => Extreme.Apply(this, smallest: false);

    /// <summary>The largest along an axis; the gradient goes to the first of several.</summary>
    public Tensor Max(int axis, bool keep = false) => AxisExtreme.Apply(this, axis, keep, smallest: false);

    /// <summary>The largest over several axes; the gradient goes to the first of several.</summary>
    public Tensor Max(ReadOnlySpan<int> axes, bool keep = false) => Along(axes, keep, Reduction.Max);

    /// <summary>The smallest element, of shape []; equal ones share the gradient.</summary>
    public Tensor Min() => Extreme.Apply(this, smallest: true);

    /// <summary>The smallest along an axis; the gradient goes to the first of several.</summary>
    public Tensor Min(int axis, bool keep = false) => AxisExtreme.Apply(this, axis, keep, smallest: true);

    /// <summary>The smallest over several axes; the gradient goes to the first of several.</summary>
    public Tensor Min(ReadOnlySpan<int> axes, bool keep = false) => Along(axes, keep, Reduction.Min);

    /// <summary>The standard deviation of all elements, of shape [].</summary>
    /// <param name="unbiased">True divides the sum of squares by n − 1, false by n.</param>
    public Tensor Std(bool unbiased = true) => Deviation.Apply(Reshape(-1), keep: false, unbiased);

    /// <summary>The standard deviation along an axis.</summary>
    public Tensor Std(int axis, bool keep = false, bool unbiased = true)
    {
        int at = shape.Axis(axis);
        if (at == Rank - 1) return Deviation.Apply(this, keep, unbiased);
        Tensor y = Deviation.Apply(Transpose(at, -1), keep: true, unbiased).Transpose(at, -1);
        return keep ? y : y.Reshape(Shapes.Reduced(shape, at, keep: false));
    }

    /// <summary>eˣ / Σ eˣ along an axis.</summary>
    public Tensor Softmax(int axis = -1) =>
        IsLast(axis) ? SoftmaxOfRows.Apply(this) : SoftmaxOfRows.Apply(Transpose(axis, -1)).Transpose(axis, -1);

    /// <summary>x − ln Σ eˣ along an axis.</summary>
    public Tensor LogSoftmax(int axis = -1) =>
        IsLast(axis) ? LogSoftmaxOfRows.Apply(this) : LogSoftmaxOfRows.Apply(Transpose(axis, -1)).Transpose(axis, -1);

    /// <summary>ln Σ eˣ along an axis.</summary>
    public Tensor LogSumExp(int axis, bool keep = false)
    {
        if (IsLast(axis)) return LogSumExpOfRows.Apply(this, keep);
        Tensor y = LogSumExpOfRows.Apply(Transpose(axis, -1), keep: true).Transpose(axis, -1);
        return keep ? y : y.Reshape(Shapes.Reduced(shape, axis, keep: false));
    }

    /// <summary>Where along an axis the first largest element stands, as floats; without gradient.</summary>
    public Tensor ArgMax(int axis, bool keep = false)
    {
        Tensor result = Constant(Shapes.Reduced(shape, axis, keep));
        AxisExtreme.Places(this, axis, smallest: false, result.Values);
        return result;
    }

    /// <summary>The column of the largest value of each row, the first where there are several; without gradient.</summary>
    /// <returns>[n] for this [n, m].</returns>
    public Tensor ArgMaxRows()
    {
        Tensor result = Constant(new Shape(RequireMatrix().Rows));
        ArgMaxRows(result.Values);
        return result;
    }

    /// <summary>Writes the column of the largest value of each row.</summary>
    public void ArgMaxRows(Span<float> destination)
    {
        (int rows, int columns) = RequireMatrix();
        ReadOnlySpan<float> values = Values;
        for (int row = 0; row < rows; row++)
        {
            destination[row] = Reductions.ArgMax(values.Slice(row * columns, columns));
        }
    }

    /// <summary>The largest value of each row: [n, m] → [n]. The gradient goes to the first of several.</summary>
    public Tensor MaxRows() => Pick(ArgMaxRows());

    private enum Reduction
    {
        Sum,
        Mean,
        Max,
        Min,
    }

    // One axis after another; with all axes kept until the end, their numbers do not shift.
    private Tensor Along(ReadOnlySpan<int> axes, bool keep, Reduction reduction)
    {
        Tensor y = this;
        int seen = 0;
        foreach (int axis in axes)
        {
            int at = shape.Axis(axis);
            if ((seen >> at & 1) == 1) throw new ArgumentException($"Axis {at} was given twice.", nameof(axes));
            seen |= 1 << at;
            y = reduction switch
            {
                Reduction.Sum => y.Sum(at, keep: true),
                Reduction.Mean => y.Mean(at, keep: true),
                Reduction.Max => y.Max(at, keep: true),
                _ => y.Min(at, keep: true),
            };
        }

        if (keep) return y;
        Span<int> sizes = stackalloc int[Rank];
        int rank = 0;
        for (int axis = 0; axis < Rank; axis++)
        {
            if ((seen >> axis & 1) == 0) sizes[rank++] = shape[axis];
        }

        return y.Reshape(new Shape(sizes[..rank]));
    }

    private bool IsLast(int axis) => shape.Axis(axis) == Rank - 1;

    private (int Rows, int Columns) RequireMatrix() => Rank == 2
        ? (shape[0], shape[1])
        : throw new ArgumentException($"A matrix [rows, columns] was expected; got {shape}.");
}
