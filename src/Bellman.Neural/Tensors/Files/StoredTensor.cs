using Bellman.Neural.State;

namespace Bellman.Neural.Tensors.Files;

/// <summary>A tensor of a PyTorch archive whose place in its storage has been checked.</summary>
/// <param name="Numbers">The archive's entry with the storage.</param>
/// <param name="Extent">Elements of the storage from the first of the tensor to the last.</param>
internal sealed record StoredTensor(TensorEntry Entry, PickleTensor View, ZipEntry Numbers, int Extent)
{
    /// <summary>Confirms that storage, shape, offset and strides fit each other and the archive.</summary>
    public static StoredTensor Check(PickleTensor view, string name, ZipEntry? numbers)
    {
        PickleStorage storage = view.Storage;
        Shape shape = TensorEntry.RequireShape(name, view.Sizes);
        if (numbers is null) throw new FileFormatException($"The numbers of tensor '{name}' are missing.");

        long count = numbers.Length / storage.Element.Size();
        if (storage.Count < 0 || storage.Count > count || shape.Length > count)
        {
            throw new FileFormatException($"Tensor '{name}' of shape {shape} has fewer numbers than that in the file.");
        }

        if (view.Strides.Length != view.Sizes.Length)
        {
            throw new FileFormatException($"Tensor '{name}' has not as many strides as axes.");
        }

        int extent = shape.Length == 0 ? 0 : RequireInside(view, name, count);
        return new StoredTensor(new TensorEntry(name, storage.Element, shape), view, numbers, extent);
    }

    /// <summary>The elements in row-major order.</summary>
    public Tensor Read(Stream stream)
    {
        Shape shape = Entry.Shape;
        long start = Numbers.Start + (View.Offset * Entry.Element.Size());
        if (Extent == 0) return Tensor.Zeros(shape);
        if (IsContiguous()) return stream.TensorAt(start, Entry.Element, shape);

        Span<float> source = stream.TensorAt(start, Entry.Element, new Shape(Extent)).Values;
        Tensor result = Tensor.Zeros(shape);
        Span<float> values = result.Values;
        Span<int> index = stackalloc int[shape.Rank];
        index.Clear();
        long place = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = source[(int)place];
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                place += View.Strides[axis];
                if (++index[axis] < shape[axis]) break;
                place -= View.Strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return result;
    }

    private static int RequireInside(PickleTensor view, string name, long count)
    {
        // Strides may be any 64-bit number, so their products need more.
        Int128 extent = 1;
        bool isInside = view.Offset >= 0;
        for (int axis = 0; axis < view.Sizes.Length; axis++)
        {
            isInside &= view.Strides[axis] >= 0;
            extent += (Int128)view.Strides[axis] * (view.Sizes[axis] - 1);
        }

        return isInside && extent <= int.MaxValue && view.Offset + extent <= count
            ? (int)extent
            : throw new FileFormatException($"Tensor '{name}' reaches beyond its numbers in the file.");
    }

    private bool IsContiguous()
    {
        for (int axis = 0; axis < Entry.Shape.Rank; axis++)
        {
            bool isDense = View.Strides[axis] == Entry.Shape.Count(axis + 1, Entry.Shape.Rank);
            if (!isDense && Entry.Shape[axis] != 1) return false;
        }

        return true;
    }
}
