namespace Bellman.Environments.Rendering;

/// <summary>How the pixels of a picture of another size are found.</summary>
public enum Interpolation
{
    /// <summary>The mean over the area a pixel covers, as OpenCV's INTER_AREA.</summary>
    Area,

    /// <summary>A tent over the neighbours, widened where the picture shrinks, as Pillow's BILINEAR.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = -1/2, widened where the picture shrinks, as Pillow's BICUBIC.</summary>
    Bicubic,
}

/// <summary>
/// Changes the size of pictures of bytes, [height, width, channels]. Weights are found once; applying them allocates nothing.
/// </summary>
public sealed class Resampling
{
    private readonly IResampler resampler;
    private readonly int sourceLength;
    private readonly int targetLength;

    public Resampling(
        int sourceWidth, int sourceHeight, int targetWidth, int targetHeight, int channels, Interpolation interpolation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        sourceLength = sourceWidth * sourceHeight * channels;
        targetLength = targetWidth * targetHeight * channels;
        Frame source = new(sourceWidth, sourceHeight, channels);
        Frame target = new(targetWidth, targetHeight, channels);
        resampler = interpolation switch
        {
            Interpolation.Bilinear => new FilterResampler(source, target, FilterResampler.Tent, support: 1),
            Interpolation.Bicubic => new FilterResampler(source, target, FilterResampler.Cubic, support: 2),
            Interpolation.Area when targetWidth > sourceWidth || targetHeight > sourceHeight => new AreaEnlarger(source, target),
            Interpolation.Area when sourceWidth % targetWidth == 0 && sourceHeight % targetHeight == 0 =>
                new BlockMean(source, target),
            Interpolation.Area => new AreaReducer(source, target),
            _ => throw new ArgumentOutOfRangeException(nameof(interpolation), interpolation, "Unknown interpolation."),
        };
    }

    /// <param name="source">[height, width, channels] of the old size.</param>
    /// <param name="destination">[height, width, channels] of the new size.</param>
    public void Apply(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.Length != sourceLength || destination.Length != targetLength)
        {
            throw new ArgumentException(
                $"Expected pictures of {sourceLength} and {targetLength} bytes; got {source.Length} and {destination.Length}.");
        }

        resampler.Apply(source, destination);
    }
}

/// <summary>The size of a picture.</summary>
internal readonly record struct Frame(int Width, int Height, int Channels)
{
    /// <summary>Bytes of a row.</summary>
    public int Stride => Width * Channels;
}

internal interface IResampler
{
    void Apply(ReadOnlySpan<byte> source, Span<byte> destination);
}

/// <summary>For each new position the old ones that it is made of: neighbours from a first one on, with their weights.</summary>
internal sealed class Taps<T>(int targets, int width)
{
    private readonly T[] weights = new T[targets * width];
    private readonly int[] firsts = new int[targets];
    private readonly int[] counts = new int[targets];

    public int First(int target) => firsts[target];

    public ReadOnlySpan<T> Weights(int target) => weights.AsSpan(target * width, counts[target]);

    public Span<T> Set(int target, int first, int count)
    {
        firsts[target] = first;
        counts[target] = count;
        return weights.AsSpan(target * width, count);
    }
}
