namespace Bellman.Neural.Kernels;

/// <summary>The sizes of a convolution of images [batch, channels, height, width] with weights [outputs, channels, kernel height, kernel width].</summary>
internal readonly record struct ConvolutionShape(
    int Batch, int Channels, int Height, int Width, int Outputs, int KernelHeight, int KernelWidth, int Stride, int Padding)
{
    public int OutputHeight => ((Height + (2 * Padding) - KernelHeight) / Stride) + 1;

    public int OutputWidth => ((Width + (2 * Padding) - KernelWidth) / Stride) + 1;

    /// <summary>Places of the kernel in an image.</summary>
    public int Places => OutputHeight * OutputWidth;

    /// <summary>Numbers under the kernel at one place.</summary>
    public int Patch => Channels * KernelHeight * KernelWidth;

    /// <summary>Numbers of an image.</summary>
    public int Image => Channels * Height * Width;

    /// <summary>Multiply-adds of a pass in either direction.</summary>
    public long Products => (long)Batch * Places * Patch * Outputs;

    public int BorderedHeight => Height + (2 * Padding);

    public int BorderedWidth => Width + (2 * Padding);

    /// <summary>Numbers of an image with its border of zeros.</summary>
    public int BorderedImage => Channels * BorderedHeight * BorderedWidth;

    /// <summary>Where a row of an image, counted through all channels, starts in the image with its border.</summary>
    public nint Bordered(int row)
    {
        int line = (row % Height) + Padding;
        return ((((nint)(row / Height) * BorderedHeight) + line) * BorderedWidth) + Padding;
    }
}
