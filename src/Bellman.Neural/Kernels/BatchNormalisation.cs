using System.Diagnostics;

namespace Bellman.Neural.Kernels;

/// <summary>The sizes of a batch that is normalised by channel: [batch, channels, places].</summary>
internal readonly record struct ChannelShape(int Batch, int Channels, int Places)
{
    public int Length => Batch * Channels * Places;
}

/// <summary>What a channel's normalisation was: x̂ = (x − Mean) · Inverse and y = Scale · x + Shift.</summary>
internal readonly record struct ChannelLine(float Mean, float Inverse, float Scale, float Shift)
{
    public const int Size = 4;

    public static ChannelLine Create(float mean, float variance, float epsilon, float weight, float bias)
    {
        float inverse = 1 / MathF.Sqrt(variance + epsilon);
        float scale = weight * inverse;
        return new(mean, inverse, scale, bias - (mean * scale));
    }
}

/// <summary>
/// Normalisation of each channel over batch and places, with a ReLU after it if wanted. A channel is an item of work: what the first pass
/// over it reads stays in the second cache for the next one.
/// </summary>
internal static unsafe class BatchNormalisation
{
    /// <summary>y = x normalised by the batch's own means and variances, which are returned, too.</summary>
    /// <param name="lines">[channels]: takes what <see cref="Backward"/> needs.</param>
    public static void Train(
        ChannelShape shape, ReadOnlySpan<float> x, Span<float> y, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon,
        bool relu, Span<float> means, Span<float> variances, Span<ChannelLine> lines)
    {
        Debug.Assert(means.Length == shape.Channels && variances.Length == shape.Channels, "Every channel has its mean and variance.");
        Forward(shape, x, y, weight, bias, epsilon, relu, measure: true, means, variances, lines);
    }

    /// <summary>y = x normalised by given means and variances.</summary>
    /// <param name="lines">[channels]: takes what <see cref="Backward"/> needs.</param>
    public static void Evaluate(
        ChannelShape shape, ReadOnlySpan<float> x, Span<float> y, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon,
        bool relu, ReadOnlySpan<float> means, ReadOnlySpan<float> variances, Span<ChannelLine> lines) =>
        Forward(shape, x, y, weight, bias, epsilon, relu, measure: false, means, variances, lines);

    /// <summary>
    /// The gradients. In training mean and variance depend on x, too: dx = w/s · (dy − mean(dy) − x̂ · mean(dy ⊙ x̂)); in evaluation
    /// dx = w/s · dy. Here dy is what passes the ReLU, if there is one.
    /// </summary>
    /// <param name="dx">Empty if not wanted.</param>
    /// <param name="products">[channels]: takes Σ dy · x̂.</param>
    /// <param name="sums">[channels]: takes Σ dy.</param>
    public static void Backward(
        ChannelShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, ReadOnlySpan<ChannelLine> lines, bool relu,
        bool isTraining, bool accumulate, Span<float> products, Span<float> sums)
    {
        Debug.Assert(x.Length == shape.Length && dy.Length == shape.Length, "Every element has its gradient.");
        fixed (float* px = x, pdy = dy, pdx = dx, pProducts = products, pSums = sums)
        fixed (ChannelLine* pLines = lines)
        {
            BackwardWork work = new()
            {
                Shape = shape,
                X = px,
                OutputGradient = pdy,
                InputGradient = pdx,
                Lines = pLines,
                Products = pProducts,
                Sums = pSums,
                Relu = relu,
                IsTraining = isTraining,
                Accumulate = accumulate,
            };
            Workers.Run(ref work, shape.Channels, Workers.ShareElements(shape.Length));
        }
    }

    /// <param name="means">Read, or written where <paramref name="measure"/> is set and the caller's span is writable; so are the variances.</param>
    private static void Forward(
        ChannelShape shape, ReadOnlySpan<float> x, Span<float> y, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon,
        bool relu, bool measure, ReadOnlySpan<float> means, ReadOnlySpan<float> variances, Span<ChannelLine> lines)
    {
        Debug.Assert(x.Length == shape.Length && y.Length == shape.Length, "Every element has its result.");
        fixed (float* px = x, py = y, pWeight = weight, pBias = bias, pMeans = means, pVariances = variances)
        fixed (ChannelLine* pLines = lines)
        {
            ForwardWork work = new()
            {
                Shape = shape,
                X = px,
                Y = py,
                Weight = pWeight,
                Bias = pBias,
                Means = pMeans,
                Variances = pVariances,
                Lines = pLines,
                Epsilon = epsilon,
                Measure = measure,
                Relu = relu,
            };
            Workers.Run(ref work, shape.Channels, Workers.ShareElements(shape.Length));
        }
    }

    private struct ForwardWork : IWork
    {
        public ChannelShape Shape;
        public float* X;
        public float* Y;
        public float* Weight;
        public float* Bias;
        public float* Means;
        public float* Variances;
        public ChannelLine* Lines;
        public float Epsilon;
        public bool Measure;
        public bool Relu;

        public readonly void Do(int item)
        {
            if (Measure) MeasureChannel(item);
            var line = ChannelLine.Create(Means[item], Variances[item], Epsilon, Weight[item], Bias[item]);
            Lines[item] = line;
            for (int n = 0; n < Shape.Batch; n++)
            {
                nint start = (((nint)n * Shape.Channels) + item) * Shape.Places;
                var from = new ReadOnlySpan<float>(X + start, Shape.Places);
                Normalisation.Scale(from, new Span<float>(Y + start, Shape.Places), line.Scale, line.Shift, Relu);
            }
        }

        // Each picture's squares are summed around its own mean while it is in the nearest cache, and then moved to the common mean:
        // Chan et al. 1979, "Updating formulae and a pairwise algorithm for computing sample variances".
        private readonly void MeasureChannel(int channel)
        {
            double mean = 0;
            double squares = 0;
            for (int n = 0; n < Shape.Batch; n++)
            {
                var picture = new ReadOnlySpan<float>(X + ((((nint)n * Shape.Channels) + channel) * Shape.Places), Shape.Places);
                double own = (double)Reductions.Sum(picture) / Shape.Places;
                double distance = own - mean;
                squares += Normalisation.SquaresAround(picture, (float)own) + (distance * distance * Shape.Places * n / (n + 1));
                mean += distance / (n + 1);
            }

            Means[channel] = (float)mean;
            Variances[channel] = (float)(squares / ((double)Shape.Batch * Shape.Places));
        }
    }

    private struct BackwardWork : IWork
    {
        public ChannelShape Shape;
        public float* X;
        public float* OutputGradient;
        public float* InputGradient;
        public ChannelLine* Lines;
        public float* Products;
        public float* Sums;
        public bool Relu;
        public bool IsTraining;
        public bool Accumulate;

        public readonly void Do(int item)
        {
            if (Relu) Do(item, new Normalisation.Rectified(Lines[item].Scale, Lines[item].Shift));
            else Do(item, default(Normalisation.Plain));
        }

        private readonly void Do<TGate>(int channel, TGate gate)
            where TGate : struct, Normalisation.IGate
        {
            ChannelLine line = Lines[channel];
            double sum = 0;
            double products = 0;
            for (int n = 0; n < Shape.Batch; n++)
            {
                nint start = Start(n, channel);
                (float own, float ownProducts) = Normalisation.Sums(gate, Part(OutputGradient, start), Part(X, start), line.Mean);
                sum += own;
                products += ownProducts;
            }

            Sums[channel] = (float)sum;
            Products[channel] = (float)products * line.Inverse;
            if (InputGradient == null) return;

            double count = (double)Shape.Batch * Shape.Places;
            float slope = IsTraining ? (float)(-line.Scale * line.Inverse * line.Inverse * (double)(float)products / count) : 0;
            float shift = IsTraining ? (float)(-line.Scale * (double)(float)sum / count) : 0;
            var combination = new Normalisation.Combination<TGate>(gate, line.Scale, slope, line.Mean, shift);
            for (int n = 0; n < Shape.Batch; n++)
            {
                nint start = Start(n, channel);
                ReadOnlySpan<float> x = Part(X, start);
                Elementwise.Backward(combination, x, x, Part(OutputGradient, start), Part(InputGradient, start), Accumulate);
            }
        }

        private readonly nint Start(int n, int channel) => (((nint)n * Shape.Channels) + channel) * Shape.Places;

        private readonly Span<float> Part(float* all, nint start) => new(all + start, Shape.Places);
    }
}
