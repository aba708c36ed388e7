using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>
/// The network that plays CartPole from pictures: three 5×5 convolutions of stride two to 16, 32 and 32 channels, each with batch
/// normalisation and ReLU, and a linear head sized from the picture.
/// </summary>
public sealed class VisualCartPoleCnn : Module
{
    // What lies between their layers stays in the second cache.
    private const int PicturesAtOnce = 16;

    private readonly Conv2d conv1;
    private readonly BatchNorm bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm bn2;
    private readonly Conv2d conv3;
    private readonly BatchNorm bn3;
    private readonly Linear head;
    private readonly Func<Tensor, Tensor> convolutions;

    /// <param name="height">Rows of a picture.</param>
    /// <param name="width">Columns of a picture.</param>
    /// <param name="outputs">Features of an output row: actions.</param>
    /// <param name="random">Draws the initial parameters.</param>
    /// <param name="channels">Colours of a picture.</param>
    public VisualCartPoleCnn(int height, int width, int outputs, Pcg64 random, int channels = 3)
    {
        conv1 = Add("conv1", new Conv2d(channels, 16, kernel: 5, random, stride: 2));
        bn1 = Add("bn1", new BatchNorm(16));
        conv2 = Add("conv2", new Conv2d(16, 32, kernel: 5, random, stride: 2));
        bn2 = Add("bn2", new BatchNorm(32));
        conv3 = Add("conv3", new Conv2d(32, 32, kernel: 5, random, stride: 2));
        bn3 = Add("bn3", new BatchNorm(32));
        int rows = conv3.OutputSize(conv2.OutputSize(conv1.OutputSize(height)));
        int columns = conv3.OutputSize(conv2.OutputSize(conv1.OutputSize(width)));
        if (height < 29 || width < 29)
        {
            throw new ArgumentException($"VisualCartPoleCnn expects pictures of 29×29 or more; got {height}×{width}.", nameof(height));
        }

        convolutions = Convolutions;
        head = Add("head", new Linear(32 * rows * columns, outputs, random));
    }

    /// <param name="input">[batch, channels, height, width]: floats 0 … 1, or bytes 0 … 255 that are scaled to it.</param>
    /// <returns>[batch, outputs]</returns>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return head.Forward(RowSlices.Forward(this, convolutions, input, PicturesAtOnce).Flatten());
    }

    private Tensor Convolutions(Tensor input)
    {
        Tensor x = bn1.Forward(conv1.Forward(input), relu: true);
        x = bn2.Forward(conv2.Forward(x), relu: true);
        return bn3.Forward(conv3.Forward(x), relu: true);
    }
}
