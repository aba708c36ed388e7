using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>
/// The network of "Human-level control through deep reinforcement learning" (Mnih et al. 2015): convolutions 8×8 by 4, 4×4 by 2 and 3×3 to
/// 32, 64 and 64 channels, a linear layer of 512, and a head.
/// </summary>
public sealed class NatureCnn : Module
{
    private const float ByteScale = 1f / 255;

    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly Conv2d conv3;
    private readonly Linear linear;
    private readonly Module head;

    /// <summary>A linear head.</summary>
    /// <param name="channels">Frames on top of each other.</param>
    /// <param name="outputs">Features of an output row: actions, say.</param>
    /// <param name="random">Draws the initial parameters.</param>
    public NatureCnn(int channels, int outputs, Pcg64 random, int height = 84, int width = 84, int features = 512)
        : this(channels, random, () => new Linear(features, outputs, random), height, width, features)
    {
    }

    /// <summary>Any head, such as <see cref="Dueling"/>.</summary>
    /// <param name="head">Makes the head, [batch, features] → [batch, …], after the other layers have drawn their parameters.</param>
    public NatureCnn(int channels, Pcg64 random, Func<Module> head, int height = 84, int width = 84, int features = 512)
    {
        ArgumentNullException.ThrowIfNull(head);
        conv1 = Add("conv1", new Conv2d(channels, 32, kernel: 8, random, stride: 4) { ByteScale = ByteScale });
        conv2 = Add("conv2", new Conv2d(32, 64, kernel: 4, random, stride: 2));
        conv3 = Add("conv3", new Conv2d(64, 64, kernel: 3, random));
        int rows = conv3.OutputSize(conv2.OutputSize(conv1.OutputSize(height)));
        int columns = conv3.OutputSize(conv2.OutputSize(conv1.OutputSize(width)));
        if (height < 8 || width < 8 || rows < 1 || columns < 1)
        {
            throw new ArgumentException($"NatureCnn expects images of 36×36 or more; got {height}×{width}.", nameof(height));
        }

        linear = Add("linear", new Linear(64 * rows * columns, features, random));
        this.head = Add("head", head());
    }

    /// <param name="input">[batch, channels, height, width], 0 … 255, as bytes or floats.</param>
    /// <returns>[batch, outputs]</returns>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Tensor x = conv1.ForwardRelu(input.IsByte ? input : input * ByteScale);
        x = conv3.ForwardRelu(conv2.ForwardRelu(x));
        return head.Forward(linear.ForwardRelu(x.Flatten()));
    }
}
