using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn.Distributions;

/// <summary>Several independent choices, each a <see cref="Categorical"/>: the actions of a MultiDiscrete space.</summary>
public readonly struct MultiCategorical : IDistribution
{
    private readonly Tensor logits;
    private readonly int[] sizes;
    private readonly Tensor? mask;

    /// <param name="logits">[batch, sum of the sizes]: the logits of the first choice, then those of the second …</param>
    /// <param name="sizes">The number of classes of each choice.</param>
    /// <param name="mask">Of the logits' shape, or what broadcasts to it: zero where a class must not be chosen; null where all may.</param>
    public MultiCategorical(Tensor logits, int[] sizes, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(sizes);
        int total = 0;
        foreach (int size in sizes)
        {
            total += size;
        }

        if (logits.Rank != 2 || logits.Shape[1] != total || sizes.Length == 0)
        {
            throw new ArgumentException(
                $"MultiCategorical expects logits [batch, {total}] for choices of [{string.Join(", ", sizes)}]; got {logits.Shape}.", nameof(logits));
        }

        this.logits = logits;
        this.sizes = sizes;
        this.mask = mask;
    }

    /// <returns>The numbers of the classes, [batch, choices].</returns>
    public Tensor Sample(Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int batch = logits.Shape[0];
        Tensor sample = Tensor.Constant(new Shape(batch, sizes.Length));
        Span<float> column = Tensor.Constant(new Shape(batch)).Values;
        for (int i = 0, start = 0; i < sizes.Length; start += sizes[i++])
        {
            Part(i, start).Sample(random, column);
            Spread(column, sample.Values, i);
        }

        return sample;
    }

    /// <returns>The numbers of the classes, [batch, choices].</returns>
    public Tensor Mode()
    {
        Tensor mode = Tensor.Constant(new Shape(logits.Shape[0], sizes.Length));
        for (int i = 0, start = 0; i < sizes.Length; start += sizes[i++])
        {
            Spread(Part(i, start).Mode().Values, mode.Values, i);
        }

        return mode;
    }

    /// <param name="action">The numbers of the classes, [batch, choices].</param>
    public Tensor LogProbability(Tensor action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (action.Shape != new Shape(logits.Shape[0], sizes.Length))
        {
            throw new ArgumentException($"Actions [{logits.Shape[0]}, {sizes.Length}] were expected; got {action.Shape}.", nameof(action));
        }

        Tensor sum = Part(0, 0).LogProbability(action.Slice(1, 0, 1));
        for (int i = 1, start = sizes[0]; i < sizes.Length; start += sizes[i++])
        {
            sum += Part(i, start).LogProbability(action.Slice(1, i, 1));
        }

        return sum;
    }

    public Tensor Entropy()
    {
        Tensor sum = Part(0, 0).Entropy();
        for (int i = 1, start = sizes[0]; i < sizes.Length; start += sizes[i++])
        {
            sum += Part(i, start).Entropy();
        }

        return sum;
    }

    /// <summary>The Kullback-Leibler divergence of each row: the sum over the choices.</summary>
    /// <returns>[batch]</returns>
    public Tensor Divergence(MultiCategorical other)
    {
        Tensor sum = Part(0, 0).Divergence(other.Part(0, 0));
        for (int i = 1, start = sizes[0]; i < sizes.Length; start += sizes[i++])
        {
            sum += Part(i, start).Divergence(other.Part(i, start));
        }

        return sum;
    }

    /// <summary>The Fisher information in the logits times a change of them.</summary>
    /// <param name="change">[batch, sum of the sizes]</param>
    /// <returns>[batch, sum of the sizes]</returns>
    public Tensor FisherProduct(Tensor change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Tensor product = Part(0, 0).FisherProduct(change.Slice(1, 0, sizes[0]));
        for (int i = 1, start = sizes[0]; i < sizes.Length; start += sizes[i++])
        {
            product = Tensor.Concatenate(1, product, Part(i, start).FisherProduct(change.Slice(1, start, sizes[i])));
        }

        return product;
    }

    private Categorical Part(int choice, int start) =>
        new(logits.Slice(1, start, sizes[choice]), mask?.Slice(mask.Rank - 1, start, sizes[choice]));

    private void Spread(ReadOnlySpan<float> column, Span<float> matrix, int choice)
    {
        for (int row = 0; row < column.Length; row++)
        {
            matrix[(row * sizes.Length) + choice] = column[row];
        }
    }
}
