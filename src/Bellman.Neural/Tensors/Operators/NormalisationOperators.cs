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
        (int batch, int channels, int places) = Sizes(x);
        long count = (long)batch * places;
        Tensor y = Prepare(x, weight, bias, relu, isTraining: true, out Tensor statistics);
        ReadOnlySpan<float> from = x.Values;
        for (int c = 0; c < channels; c++)
        {
            double sum = 0;
            for (int n = 0; n < batch; n++)
            {
                sum += Reductions.Sum(from.Slice(((n * channels) + c) * places, places));
            }

            float mean = (float)(sum / count);
            double squares = 0;
            for (int n = 0; n < batch; n++)
            {
                squares += Normalisation.SquaresAround(from.Slice(((n * channels) + c) * places, places), mean);
            }

            means[c] = mean;
            variances[c] = (float)(squares / count);
            Scale(x, y, statistics, c, mean, Inverse(variances[c], epsilon), weight[c], bias[c]);
        }

        return y;
    }

    /// <summary>Normalises with given means and variances.</summary>
    public static Tensor Evaluate(
        Tensor x, Tensor weight, Tensor bias, float epsilon, bool relu, ReadOnlySpan<float> means, ReadOnlySpan<float> variances)
    {
        Tensor y = Prepare(x, weight, bias, relu, isTraining: false, out Tensor statistics);
        for (int c = 0; c < means.Length; c++)
        {
            Scale(x, y, statistics, c, means[c], Inverse(variances[c], epsilon), weight[c], bias[c]);
        }

        return y;
    }

    // In training mean and variance depend on x, too: dx = w/s · (dy − mean(dy) − x̂ · mean(dy ⊙ x̂)); in evaluation dx = w/s · dy.
    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Tensor weight = y.Input(1);
        Tensor bias = y.Input(2);
        bool isTraining = y.Saved.Int1 == 1;
        (int batch, int channels, int places) = Sizes(x);
        double count = (double)batch * places;
        Span<float> dy = y.Gradient;
        Span<float> dx = x.RequiresGradient ? x.GradientTarget(out bool addToInput) : Nothing(out addToInput);
        Span<float> dw = weight.RequiresGradient ? weight.GradientTarget(out bool addToWeight) : Nothing(out addToWeight);
        Span<float> db = bias.RequiresGradient ? bias.GradientTarget(out bool addToBias) : Nothing(out addToBias);
        for (int c = 0; c < channels; c++)
        {
            float mean = y.Saved.Tensor0![c, 0];
            float inverse = y.Saved.Tensor0![c, 1];
            (float sum, float products) = Sums(x.Values, y, mean, batch, channels, places, c);
            if (!db.IsEmpty) db[c] = addToBias ? db[c] + sum : sum;
            if (!dw.IsEmpty) dw[c] = (addToWeight ? dw[c] : 0) + (products * inverse);
            if (dx.IsEmpty) continue;

            float scale = weight[c] * inverse;
            float slope = isTraining ? (float)(-scale * inverse * inverse * (double)products / count) : 0;
            float shift = isTraining ? (float)(-scale * (double)sum / count) : 0;
            for (int n = 0; n < batch; n++)
            {
                int start = ((n * channels) + c) * places;
                Normalisation.Combine(
                    dy.Slice(start, places), x.Values.Slice(start, places), dx.Slice(start, places), scale, slope, mean, shift, addToInput);
            }
        }
    }

    /// <summary>Σ dy and Σ dy · (x − mean) of a channel; where there is a ReLU, dy becomes the gradient before it on the way.</summary>
    private static (float Sum, float Products) Sums(
        ReadOnlySpan<float> x, Tensor y, float mean, int batch, int channels, int places, int channel)
    {
        bool relu = y.Saved.Int0 == 1;
        ReadOnlySpan<float> values = y.Values;
        Span<float> gradient = y.Gradient;
        double sum = 0;
        double products = 0;
        for (int n = 0; n < batch; n++)
        {
            int start = ((n * channels) + channel) * places;
            Span<float> dy = gradient.Slice(start, places);
            ReadOnlySpan<float> slice = values.Slice(start, places);
            if (relu) Elementwise.Backward<Relu>(slice, slice, dy, dy, accumulate: false);
            sum += Reductions.Sum(dy);
            products += Normalisation.ProductsAround(dy, x.Slice(start, places), mean);
        }

        return ((float)sum, (float)products);
    }

    private static Tensor Prepare(Tensor x, Tensor weight, Tensor bias, bool relu, bool isTraining, out Tensor statistics)
    {
        Tensor y = Tensor.Result(x.Shape, Instance, x, weight, bias);
        statistics = Tensor.Constant(new Shape(x.Shape[1], 2));
        y.Saved.Int0 = relu ? 1 : 0;
        y.Saved.Int1 = isTraining ? 1 : 0;
        y.Saved.Tensor0 = statistics;
        return y;
    }

    private static void Scale(
        Tensor x, Tensor y, Tensor statistics, int channel, float mean, float inverse, float weight, float bias)
    {
        (int batch, int channels, int places) = Sizes(x);
        statistics[channel, 0] = mean;
        statistics[channel, 1] = inverse;
        float scale = weight * inverse;
        float shift = bias - (mean * scale);
        for (int n = 0; n < batch; n++)
        {
            int start = ((n * channels) + channel) * places;
            Normalisation.Scale(x.Values.Slice(start, places), y.Values.Slice(start, places), scale, shift, y.Saved.Int0 == 1);
        }
    }

    private static float Inverse(float variance, float epsilon) => 1 / MathF.Sqrt(variance + epsilon);

    private static (int Batch, int Channels, int Places) Sizes(Tensor x) => (x.Shape[0], x.Shape[1], x.Shape.Count(2, x.Rank));

    private static Span<float> Nothing(out bool accumulate)
    {
        accumulate = false;
        return default;
    }
}
