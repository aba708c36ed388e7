using Bellman.Neural.Kernels;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>Convolution of images with square kernels, initialised as PyTorch's: weights and bias uniform on ±1/√(numbers under the kernel).</summary>
public sealed class Conv2d : Module, IFusing
{
    private readonly int stride;
    private readonly int padding;

    /// <param name="channels">Channels of an input image.</param>
    /// <param name="outputs">Channels of an output image.</param>
    /// <param name="kernel">Side of the kernel.</param>
    /// <param name="random">Draws the initial weights, then the bias.</param>
    /// <param name="stride">How far the kernel moves.</param>
    /// <param name="padding">Zeros around the images on each side.</param>
    /// <param name="bias">False for none.</param>
    public Conv2d(int channels, int outputs, int kernel, Pcg64 random, int stride = 1, int padding = 0, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kernel);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        this.stride = stride;
        this.padding = padding;
        Weight = AddParameter("weight", Tensor.Zeros(outputs, channels, kernel, kernel));
        float bound = 1 / MathF.Sqrt(channels * kernel * kernel);
        Initialise.Uniform(Weight, -bound, bound, random);
        if (!bias) return;
        Bias = AddParameter("bias", Tensor.Zeros(outputs));
        Initialise.Uniform(Bias, -bound, bound, random);
    }

    /// <summary>[outputs, channels, kernel, kernel]</summary>
    public Tensor Weight { get; }

    /// <summary>[outputs]; null without bias.</summary>
    public Tensor? Bias { get; }

    /// <summary>What bytes are multiplied by on their way into the kernel; floats are taken as they are.</summary>
    public float ByteScale { get; init; } = 1f / 255;

    /// <summary>Rows or columns of an output for those of an input.</summary>
    public int OutputSize(int size) => ((size + (2 * padding) - Weight.Shape[2]) / stride) + 1;

    /// <param name="input">[batch, channels, height, width], floats or bytes.</param>
    /// <returns>[batch, outputs, height, width]</returns>
    public override Tensor Forward(Tensor input) => Tensor.Conv2d(input, Weight, Bias, stride, padding, ByteScale);

    bool IFusing.Fuses(Activation activation) => activation == Activation.Relu;

    Tensor IFusing.Forward(Tensor input, Activation activation) => ForwardRelu(input);

    /// <summary>The layer with a ReLU after it, in one kernel.</summary>
    internal Tensor ForwardRelu(Tensor input) => Tensor.Conv2d(input, Weight, Bias, stride, padding, ByteScale, relu: true);
}

/// <summary>The largest number under a square window that moves over images.</summary>
/// <param name="kernel">Side of the window.</param>
/// <param name="stride">How far it moves; by its side if null.</param>
/// <param name="padding">Places around the images that never win.</param>
public sealed class MaxPool2d(int kernel, int? stride = null, int padding = 0) : Module
{
    /// <param name="input">[batch, channels, height, width]</param>
    public override Tensor Forward(Tensor input) => input.MaxPool2d(kernel, stride, padding);
}
