namespace Bellman.Neural.Tensors;

/// <content>Other shapes and orders of the same elements, parts of them, and elements by index.</content>
public sealed partial class Tensor
{
    /// <summary>The same elements in another shape, in the same memory.</summary>
    public Tensor Reshape(Shape newShape)
    {
        if (newShape.Length != Length)
        {
            throw new ArgumentException($"Shape {shape} has {Length} elements; {newShape} takes {newShape.Length}.", nameof(newShape));
        }

        return newShape == shape ? this : Stretch.Apply(this, newShape);
    }

    /// <param name="sizes">One of them may be −1: what the others leave.</param>
    public Tensor Reshape(params ReadOnlySpan<int> sizes)
    {
        int open = sizes.IndexOf(-1);
        if (open < 0) return Reshape(new Shape(sizes));
        if (sizes[(open + 1)..].Contains(-1)) throw new ArgumentException("At most one size may be −1.", nameof(sizes));
        Span<int> full = stackalloc int[sizes.Length];
        sizes.CopyTo(full);
        full[open] = 1;
        int rest = new Shape(full).Length;
        if (rest == 0 || Length % rest != 0)
        {
            throw new ArgumentException(
                $"The {Length} elements of shape {shape} do not divide into [{string.Join(", ", sizes.ToArray())}].", nameof(sizes));
        }

        full[open] = Length / rest;
        return Reshape(new Shape(full));
    }

    /// <summary>All axes from <paramref name="from"/> on as one: [batch, …] → [batch, features].</summary>
    public Tensor Flatten(int from = 1)
    {
        if (from == Rank) return Unsqueeze(from);
        int at = shape.Axis(from);
        Span<int> sizes = stackalloc int[at + 1];
        for (int axis = 0; axis < at; axis++)
        {
            sizes[axis] = shape[axis];
        }

        sizes[at] = shape.Count(at, Rank);
        return Reshape(new Shape(sizes));
    }

    /// <summary>One more axis, of size one, before <paramref name="axis"/>.</summary>
    public Tensor Unsqueeze(int axis) => Reshape(Shapes.Inserted(shape, axis, size: 1));

    /// <summary>Without an axis of size one.</summary>
    public Tensor Squeeze(int axis) => shape[axis] == 1
        ? Reshape(Shapes.Reduced(shape, axis, keep: false))
        : throw new ArgumentException($"Only an axis of size one can be left out; axis {axis} of {shape} has {shape[axis]}.", nameof(axis));

    /// <summary>Repeated along axes of size one or missing axes in front, by NumPy's rules.</summary>
    public Tensor BroadcastTo(Shape target) => Broadcast.Common(shape, target) == target
        ? Broadcast.Expand(this, target)
        : throw new ArgumentException($"Shape {shape} does not broadcast to {target}.", nameof(target));

    /// <summary>Two axes exchanged.</summary>
    public Tensor Transpose(int first, int second)
    {
        Span<int> axes = stackalloc int[Rank];
        for (int axis = 0; axis < axes.Length; axis++)
        {
            axes[axis] = axis;
        }

        int a = shape.Axis(first);
        int b = shape.Axis(second);
        (axes[a], axes[b]) = (axes[b], axes[a]);
        return Permutation.Apply(this, axes);
    }

    /// <summary>The axes in another order.</summary>
    /// <param name="axes">For each axis of the result the axis of this tensor that it is.</param>
    public Tensor Permute(params ReadOnlySpan<int> axes) => Permutation.Apply(this, axes);

    /// <summary>A range of an axis; of the outermost axis it shares the memory.</summary>
    public Tensor Slice(int axis, int start, int length) => Cut.Apply(this, axis, start, length);

    /// <summary>One element of an axis, which the result lacks; of the outermost axis it shares the memory.</summary>
    public Tensor Select(int axis, int index) =>
        Cut.Apply(this, axis, index, length: 1).Reshape(Shapes.Reduced(shape, axis, keep: false));

    /// <summary>Tensors one after another along an axis.</summary>
    public static Tensor Concatenate(int axis, params ReadOnlySpan<Tensor> parts) => Joined.Concatenate(parts, axis);

    /// <summary>Tensors of one shape along a new axis.</summary>
    public static Tensor Stack(int axis, params ReadOnlySpan<Tensor> parts) => Joined.Stack(parts, axis);

    /// <summary>Elements along an axis by index: y[i, j, k] = x[i, index[i, j, k], k] for axis 1.</summary>
    /// <param name="index">Whole numbers, of this tensor's rank.</param>
    public Tensor Gather(int axis, Tensor index) => Gathered.Apply(this, axis, index);

    /// <summary>Rows by index: y[i, …] = x[index[i], …].</summary>
    /// <param name="index">Whole numbers in any shape.</param>
    /// <returns>[index's shape, features] for this [rows, features].</returns>
    public Tensor Rows(Tensor index) => TableRows.Apply(this, index);

    /// <summary>One element of each row: y[i] = x[i, index[i]].</summary>
    /// <param name="index">[n] or [n, 1], whole numbers.</param>
    /// <returns>[n]</returns>
    public Tensor Pick(Tensor index) => Choice.Apply(this, index);

    /// <summary>The same values, in the same memory, without history: no gradient passes.</summary>
    public Tensor Detach()
    {
        using (Autograd.Pause())
        {
            return Stretch.Apply(this, shape);
        }
    }
}
