using Bellman.Neural.State;

namespace Bellman.Neural.Tensors.Files;

/// <summary>A tensor of a file, without its values.</summary>
/// <param name="Name">PyTorch's: <c>features.0.weight</c>.</param>
/// <param name="Element">The number type in the file.</param>
/// <param name="Shape">Empty for a single number.</param>
public sealed record TensorEntry(string Name, TensorElement Element, Shape Shape)
{
    /// <summary>A shape from the sizes that a file states, which may be anything.</summary>
    internal static Shape RequireShape(string name, ReadOnlySpan<long> sizes)
    {
        if (sizes.Length > Shape.MaxRank)
        {
            throw new FileFormatException(
                $"Tensor '{name}' has {sizes.Length} axes; at most {Shape.MaxRank} are supported.");
        }

        Span<int> checkedSizes = stackalloc int[sizes.Length];
        long length = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] is < 0 or > int.MaxValue)
            {
                throw new FileFormatException($"Axis {i} of tensor '{name}' has the impossible size {sizes[i]}.");
            }

            checkedSizes[i] = (int)sizes[i];
            length *= sizes[i];
            if (length > int.MaxValue) throw new FileFormatException($"Tensor '{name}' has too many elements.");
        }

        return new Shape(checkedSizes);
    }
}
