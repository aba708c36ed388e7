using Bellman.Environments;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Algorithms;

/// <summary>What stands before the hidden layers of a network.</summary>
public enum FeaturesExtractorKind
{
    /// <summary><see cref="Nature"/> for pictures of bytes, <see cref="Visual"/> for other pictures, <see cref="Flatten"/> for all else.</summary>
    Auto,

    /// <summary>Nothing: the observation as one row of numbers.</summary>
    Flatten,

    /// <summary>The convolutions of Mnih et al. 2015: 8×8 by 4, 4×4 by 2 and 3×3 to 32, 64 and 64 channels.</summary>
    Nature,

    /// <summary>Three 5×5 convolutions of stride two to 16, 32 and 32 channels, with batch normalisation.</summary>
    Visual,
}

/// <summary>Convolutions that turn pictures into rows of features, or nothing for observations that are rows already.</summary>
internal sealed class FeaturesExtractor : Module
{
    private const float ByteScale = 1f / 255;
    private const int PicturesAtOnce = 16;

    private readonly Sequential layers;
    private readonly bool isScaled;

    private FeaturesExtractor(Sequential layers, int features, bool isScaled, bool hasBatchNorm)
    {
        this.layers = Add("cnn", layers);
        this.isScaled = isScaled;
        Features = features;
        HasBatchNorm = hasBatchNorm;
    }

    /// <summary>Numbers in a row of features.</summary>
    public int Features { get; }

    /// <summary>True where results depend on the mode of training or evaluation.</summary>
    public bool HasBatchNorm { get; }

    /// <summary>Makes what the options ask for; null where observations are taken as they are.</summary>
    /// <exception cref="OptionException">The space holds no pictures, or too small ones.</exception>
    public static FeaturesExtractor? Create(FeaturesExtractorKind kind, Space space, Pcg64 random)
    {
        bool isPicture = space is Box { Shape.Rank: 3 };
        if (kind == FeaturesExtractorKind.Auto)
        {
            kind = !isPicture ? FeaturesExtractorKind.Flatten
                : space is Box { IsImage: true } ? FeaturesExtractorKind.Nature : FeaturesExtractorKind.Visual;
        }

        if (kind == FeaturesExtractorKind.Flatten) return null;
        int smallest = kind == FeaturesExtractorKind.Nature ? 36 : 29;
        if (!isPicture || space.Shape[1] < smallest || space.Shape[2] < smallest)
        {
            throw new OptionException(
                $"FeaturesExtractor {kind} needs pictures [channels, height, width] of {smallest}×{smallest} or more; got {space}.");
        }

        return kind == FeaturesExtractorKind.Nature ? Nature(space, random) : Visual(space, random);
    }

    /// <param name="input">[batch, channels, height, width]: bytes, or the same numbers as floats.</param>
    /// <returns>[batch, features]</returns>
    public override Tensor Forward(Tensor input) => layers.Forward(Scaled(input));

    /// <summary>Of the convolution that sees the picture: [filters, channels, height, width].</summary>
    public Tensor FirstFilters => ((Conv2d)layers[0]).Weight;

    /// <summary>What each convolution answers, after its ReLU: [batch, channels, height, width].</summary>
    /// <param name="input">As of <see cref="Forward"/>.</param>
    public IEnumerable<Tensor> Activations(Tensor input)
    {
        Tensor x = Scaled(input);
        for (int i = 0; i < layers.Count; i++)
        {
            x = layers[i].Forward(x);
            if (layers[i] is Relu) yield return x;
        }
    }

    private Tensor Scaled(Tensor input) => input.IsByte || !isScaled ? input : input * ByteScale;

    private static FeaturesExtractor Nature(Space space, Pcg64 random)
    {
        var conv1 = new Conv2d(space.Shape[0], 32, kernel: 8, random, stride: 4) { ByteScale = ByteScale };
        var conv2 = new Conv2d(32, 64, kernel: 4, random, stride: 2);
        var conv3 = new Conv2d(64, 64, kernel: 3, random);
        var cnn = new Sequential(conv1, new Relu(), conv2, new Relu(), conv3, new Relu(), new Flatten());
        return new FeaturesExtractor(cnn, Places(space, 64, conv1, conv2, conv3), IsImage(space), hasBatchNorm: false);
    }

    private static FeaturesExtractor Visual(Space space, Pcg64 random)
    {
        var conv1 = new Conv2d(space.Shape[0], 16, kernel: 5, random, stride: 2) { ByteScale = ByteScale };
        var conv2 = new Conv2d(16, 32, kernel: 5, random, stride: 2);
        var conv3 = new Conv2d(32, 32, kernel: 5, random, stride: 2);
        var cnn = new Sequential(
            conv1, new BatchNorm(16), new Relu(), conv2, new BatchNorm(32), new Relu(), conv3, new BatchNorm(32), new Relu(), new Flatten())
        {
            RowsAtOnce = PicturesAtOnce,
        };
        return new FeaturesExtractor(cnn, Places(space, 32, conv1, conv2, conv3), IsImage(space), hasBatchNorm: true);
    }

    private static bool IsImage(Space space) => space is Box { IsImage: true };

    private static int Places(Space space, int channels, params ReadOnlySpan<Conv2d> convolutions)
    {
        int rows = space.Shape[1];
        int columns = space.Shape[2];
        foreach (Conv2d convolution in convolutions)
        {
            rows = convolution.OutputSize(rows);
            columns = convolution.OutputSize(columns);
        }

        return channels * rows * columns;
    }
}
