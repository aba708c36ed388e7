using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>The patches under a convolution's kernel as rows [places, channels · kernel height · kernel width], and back.</summary>
/// <remarks>Invariant: the images have their borders, so every run of a kernel's row lies inside of them.</remarks>
internal static unsafe class Patches
{
    /// <summary>Copies the patches of an image with its border.</summary>
    public static void Gather(in ConvolutionShape shape, float* image, float* patches)
    {
        (int width, int height) = (shape.BorderedWidth, shape.BorderedHeight);
        (int kernelHeight, int kernelWidth) = (shape.KernelHeight, shape.KernelWidth);
        float* to = patches;
        for (int row = 0; row < shape.OutputHeight; row++)
        {
            for (int column = 0; column < shape.OutputWidth; column++)
            {
                float* corner = image + ((nint)row * shape.Stride * width) + ((nint)column * shape.Stride);
                for (int channel = 0; channel < shape.Channels; channel++)
                {
                    float* from = corner + ((nint)channel * height * width);
                    for (int line = 0; line < kernelHeight; line++)
                    {
                        Copy(from, to, kernelWidth);
                        from += width;
                        to += kernelWidth;
                    }
                }
            }
        }
    }

    /// <summary>Adds patches up into an image without border, or into zeros.</summary>
    public static void Add(in ConvolutionShape shape, float* patches, float* image, bool accumulate)
    {
        if (shape.Padding == 0)
        {
            if (!accumulate) new Span<float>(image, shape.Image).Clear();
            Scatter(in shape, patches, image);
            return;
        }

        float* picture = Scratch.Rent(ScratchSlot.Picture, shape.BorderedImage);
        new Span<float>(picture, shape.BorderedImage).Clear();
        Scatter(in shape, patches, picture);
        int rows = shape.Channels * shape.Height;
        for (int row = 0; row < rows; row++)
        {
            var from = new ReadOnlySpan<float>(picture + Bordered(in shape, row), shape.Width);
            var to = new Span<float>(image + ((nint)row * shape.Width), shape.Width);
            if (accumulate) ElementwiseBinary.Forward<Add>(to, from, to);
            else from.CopyTo(to);
        }
    }

    /// <summary>Where a row of an image, counted through all channels, starts in the image with its border.</summary>
    public static nint Bordered(in ConvolutionShape shape, int row)
    {
        int channel = row / shape.Height;
        int line = (row % shape.Height) + shape.Padding;
        return ((((nint)channel * shape.BorderedHeight) + line) * shape.BorderedWidth) + shape.Padding;
    }

    private static void Scatter(in ConvolutionShape shape, float* patches, float* image)
    {
        (int width, int height) = (shape.BorderedWidth, shape.BorderedHeight);
        (int kernelHeight, int kernelWidth) = (shape.KernelHeight, shape.KernelWidth);
        float* from = patches;
        for (int row = 0; row < shape.OutputHeight; row++)
        {
            for (int column = 0; column < shape.OutputWidth; column++)
            {
                float* corner = image + ((nint)row * shape.Stride * width) + ((nint)column * shape.Stride);
                for (int channel = 0; channel < shape.Channels; channel++)
                {
                    float* to = corner + ((nint)channel * height * width);
                    for (int line = 0; line < kernelHeight; line++)
                    {
                        AddRun(from, to, kernelWidth);
                        to += width;
                        from += kernelWidth;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* from, float* to, int count)
    {
        for (; count >= 8; count -= 8, from += 8, to += 8)
        {
            Vector256.Load(from).Store(to);
        }

        if (count >= 4)
        {
            Vector128.Load(from).Store(to);
            from += 4;
            to += 4;
            count -= 4;
        }

        for (int i = 0; i < count; i++)
        {
            to[i] = from[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRun(float* from, float* to, int count)
    {
        for (; count >= 8; count -= 8, from += 8, to += 8)
        {
            (Vector256.Load(to) + Vector256.Load(from)).Store(to);
        }

        if (count >= 4)
        {
            (Vector128.Load(to) + Vector128.Load(from)).Store(to);
            from += 4;
            to += 4;
            count -= 4;
        }

        for (int i = 0; i < count; i++)
        {
            to[i] += from[i];
        }
    }
}
