using Bellman.Neural.Kernels;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>
/// Each channel less its mean, over its standard deviation, times a weight and plus a bias: in training over the batch, in evaluation
/// with running values. Ioffe &amp; Szegedy 2015; PyTorch's BatchNorm1d and BatchNorm2d in one.
/// </summary>
public sealed class BatchNorm : Module, IFusing
{
    private readonly float momentum;
    private readonly float epsilon;
    private readonly Tensor runningMean;
    private readonly Tensor runningVariance;
    private readonly Tensor batches;
    private readonly float[] means;
    private readonly float[] variances;

    /// <param name="channels">Size of the second axis.</param>
    /// <param name="momentum">How far running values move to those of a batch, in (0, 1].</param>
    /// <param name="epsilon">Added to the variance.</param>
    public BatchNorm(int channels, float momentum = 0.1f, float epsilon = 1e-5f)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        this.momentum = momentum;
        this.epsilon = epsilon;
        Weight = AddParameter("weight", Tensor.Full(new Shape(channels), 1));
        Bias = AddParameter("bias", Tensor.Zeros(channels));
        runningMean = AddBuffer("running_mean", Tensor.Zeros(channels));
        runningVariance = AddBuffer("running_var", Tensor.Full(new Shape(channels), 1));
        batches = AddBuffer("num_batches_tracked", Tensor.Scalar(0));
        means = new float[channels];
        variances = new float[channels];
    }

    /// <summary>[channels]</summary>
    public Tensor Weight { get; }

    /// <summary>[channels]</summary>
    public Tensor Bias { get; }

    /// <param name="input">[batch, channels] or [batch, channels, …]</param>
    /// <returns>Of the input's shape.</returns>
    public override Tensor Forward(Tensor input) => Forward(input, relu: false);

    bool IFusing.Fuses(Activation activation) => activation == Activation.Relu;

    Tensor IFusing.Forward(Tensor input, Activation activation) => Forward(input, relu: true);

    /// <summary>The layer with a ReLU after it, in one pass over memory.</summary>
    internal Tensor Forward(Tensor input, bool relu)
    {
        ArgumentNullException.ThrowIfNull(input);
        int channels = Weight.Length;
        if (input.Rank < 2 || input.Shape[1] != channels)
        {
            throw new ArgumentException($"BatchNorm expects [batch, {channels}, …]; got {input.Shape}.", nameof(input));
        }

        if (IsTraining && input.Length <= channels)
        {
            throw new ArgumentException($"BatchNorm in training expects more than one value per channel; got {input.Shape}.", nameof(input));
        }

        // A channel's numbers should lie together: rows of features are turned into one picture of as many places as rows.
        if (input.Rank == 2)
        {
            Tensor turned = input.Transpose(0, 1).Unsqueeze(0);
            return Normalise(turned, relu).Squeeze(0).Transpose(0, 1);
        }

        return Normalise(input, relu);
    }

    private Tensor Normalise(Tensor input, bool relu)
    {
        if (!IsTraining)
        {
            return BatchNormalised.Evaluate(input, Weight, Bias, epsilon, relu, runningMean.Values, runningVariance.Values);
        }

        int count = input.Length / Weight.Length;
        Tensor output = BatchNormalised.Train(input, Weight, Bias, epsilon, relu, means, variances);
        batches[0] += 1;
        Span<float> mean = runningMean.Values;
        Span<float> variance = runningVariance.Values;
        for (int c = 0; c < means.Length; c++)
        {
            // The running variance is the unbiased one.
            mean[c] = ((1 - momentum) * mean[c]) + (momentum * means[c]);
            variance[c] = ((1 - momentum) * variance[c]) + (momentum * variances[c] * ((float)count / (count - 1)));
        }

        return output;
    }
}
