using System.Runtime.InteropServices;
using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>(x − mean) / √(variance + ε) · w + b along the last axis. Ba et al. 2016.</summary>
internal sealed class LayerNormalised : Operator
{
    private static readonly LayerNormalised Instance = new();

    public static Tensor Apply(Tensor x, Tensor weight, Tensor bias, float epsilon)
    {
        int size = weight.Length;
        if (x.Rank == 0 || x.Shape[-1] != size)
        {
            throw new ArgumentException($"LayerNorm expects […, {size}]; got {x.Shape}.", nameof(x));
        }

        int rows = size == 0 ? 0 : x.Length / size;
        Tensor y = Tensor.Result(x.Shape, Instance, x, weight, bias);
        Tensor statistics = Tensor.Constant(new Shape(rows, 2));
        y.Saved.Tensor0 = statistics;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> values = x.Values.Slice(row * size, size);
            float mean = Reductions.Sum(values) / size;
            float inverse = 1 / MathF.Sqrt((Normalisation.SquaresAround(values, mean) / size) + epsilon);
            statistics[row, 0] = mean;
            statistics[row, 1] = inverse;
            Normalisation.ScaleRow(values, y.Values.Slice(row * size, size), mean, inverse, weight.Values, bias.Values);
        }

        return y;
    }

    // With g = dy ⊙ w and x̂ the normalised row: dx = (g − mean(g) − x̂ · mean(g ⊙ x̂)) / √(variance + ε).
    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Tensor weight = y.Input(1);
        Tensor bias = y.Input(2);
        Tensor statistics = y.Saved.Tensor0!;
        (int rows, int size) = (statistics.Shape[0], weight.Length);
        Span<float> dy = y.Gradient;
        if (bias.RequiresGradient) Reductions.SumOfColumns(dy, bias.GradientTarget(out bool add), rows, size, add);
        if (weight.RequiresGradient) AddWeightGradient(x, weight, statistics, dy, rows, size);
        if (!x.RequiresGradient) return;

        // Nothing reads dy after this, so g takes its place.
        ElementwiseBinary.Forward<Multiply>(dy, Spread.Full, weight.Values, Spread.Row, dy, rows, size);
        Span<float> dx = x.GradientTarget(out bool accumulate);
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> values = x.Values.Slice(row * size, size);
            ReadOnlySpan<float> g = dy.Slice(row * size, size);
            float mean = statistics[row, 0];
            float inverse = statistics[row, 1];
            float slope = -inverse * inverse * inverse * Normalisation.ProductsAround(g, values, mean) / size;
            float shift = -inverse * Reductions.Sum(g) / size;
            Normalisation.Combine(g, values, dx.Slice(row * size, size), inverse, slope, mean, shift, accumulate);
        }
    }

    private static void AddWeightGradient(Tensor x, Tensor weight, Tensor statistics, ReadOnlySpan<float> dy, int rows, int size)
    {
        Span<float> dw = weight.GradientTarget(out bool accumulate);
        if (!accumulate) dw.Clear();
        for (int row = 0; row < rows; row++)
        {
            Normalisation.AddProducts(
                dy.Slice(row * size, size), x.Values.Slice(row * size, size), dw, statistics[row, 0], statistics[row, 1]);
        }
    }
}

/// <summary>
/// (x − mean) / √(variance + ε) · w + b for each channel of [batch, channels, …], over batch and places. Ioffe &amp; Szegedy 2015.
/// </summary>
/// <remarks>A ReLU after it can run in the same pass.</remarks>
internal sealed class BatchNormalised : Operator
{
    private static readonly BatchNormalised Instance = new();

    /// <summary>Normalises with the batch's own mean and variance.</summary>
    /// <param name="means">Takes the means, [channels].</param>
    /// <param name="variances">Takes the variances over n, [channels].</param>
    public static Tensor Train(Tensor x, Tensor weight, Tensor bias, float epsilon, bool relu, Span<float> means, Span<float> variances)
    {
        Tensor y = Prepare(x, weight, bias, relu, isTraining: true, out Span<ChannelLine> lines);
        BatchNormalisation.Train(
            Sizes(x), x.Values, y.Values, weight.Values, bias.Values, epsilon, relu, means, variances, lines);
        return y;
    }

    /// <summary>Normalises with given means and variances.</summary>
    public static Tensor Evaluate(
        Tensor x, Tensor weight, Tensor bias, float epsilon, bool relu, ReadOnlySpan<float> means, ReadOnlySpan<float> variances)
    {
        Tensor y = Prepare(x, weight, bias, relu, isTraining: false, out Span<ChannelLine> lines);
        BatchNormalisation.Evaluate(
            Sizes(x), x.Values, y.Values, weight.Values, bias.Values, epsilon, relu, means, variances, lines);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Tensor weight = y.Input(1);
        Tensor bias = y.Input(2);
        Tensor sums = Tensor.Constant(new Shape(2, weight.Length));
        Span<float> products = sums.Values[..weight.Length];
        Span<float> plain = sums.Values[weight.Length..];
        Span<float> dx = x.RequiresGradient ? x.GradientTarget(y, out bool addToInput) : Nothing(out addToInput);
        BatchNormalisation.Backward(
            Sizes(x), x.Values, y.Gradient, dx, Lines(y.Saved.Tensor0!), y.Saved.Int0 == 1, y.Saved.Int1 == 1, addToInput, products, plain);
        if (weight.RequiresGradient) Give(products, weight);
        if (bias.RequiresGradient) Give(plain, bias);
    }

    private static void Give(ReadOnlySpan<float> sums, Tensor parameter)
    {
        Span<float> gradient = parameter.GradientTarget(out bool accumulate);
        if (accumulate) ElementwiseBinary.Forward<Add>(gradient, sums, gradient);
        else sums.CopyTo(gradient);
    }

    private static Tensor Prepare(Tensor x, Tensor weight, Tensor bias, bool relu, bool isTraining, out Span<ChannelLine> lines)
    {
        Tensor y = Tensor.Result(x.Shape, Instance, x, weight, bias);
        y.Saved.Int0 = relu ? 1 : 0;
        y.Saved.Int1 = isTraining ? 1 : 0;
        y.Saved.Tensor0 = Tensor.Constant(new Shape(x.Shape[1], ChannelLine.Size));
        lines = Lines(y.Saved.Tensor0);
        return y;
    }

    private static Span<ChannelLine> Lines(Tensor saved) => MemoryMarshal.Cast<float, ChannelLine>(saved.Values);

    private static ChannelShape Sizes(Tensor x) => new(x.Shape[0], x.Shape[1], x.Shape.Count(2, x.Rank));

    private static Span<float> Nothing(out bool accumulate)
    {
        accumulate = false;
        return default;
    }
}
