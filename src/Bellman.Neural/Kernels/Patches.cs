using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>The patches under a convolution's kernel, rows of [places, channels · kernel height · kernel width], added up to an image.</summary>
/// <remarks>Invariant: the images have their borders, so every run of a kernel's row lies inside of them.</remarks>
internal static unsafe class Patches
{
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
        // The last row of places might reach past the image, were more numbers added than there are in a run.
        for (int row = 0; row < shape.OutputHeight; row++)
        {
            float* from = patches + ((nint)row * shape.OutputWidth * shape.Patch);
            float* corner = image + ((nint)row * shape.Stride * shape.BorderedWidth);
            bool isLast = row == shape.OutputHeight - 1;
            if (shape.KernelWidth == Vector128<float>.Count) Scatter<Four>(in shape, from, corner);
            else if (shape.KernelWidth == Vector256<float>.Count) Scatter<Eight>(in shape, from, corner);
            else if (shape.KernelWidth < Vector128<float>.Count && !isLast) Scatter<UpToFour>(in shape, from, corner);
            else if (shape.KernelWidth < Vector256<float>.Count && !isLast) Scatter<UpToEight>(in shape, from, corner);
            else Scatter<Any>(in shape, from, corner);
        }
    }

    /// <summary>A row of places.</summary>
    private static void Scatter<TRun>(in ConvolutionShape shape, float* from, float* corner)
        where TRun : struct, IRun
    {
        int width = shape.BorderedWidth;
        nint plane = (nint)shape.BorderedHeight * width;
        int kernelHeight = shape.KernelHeight;
        int kernelWidth = shape.KernelWidth;
        for (int column = 0; column < shape.OutputWidth; column++)
        {
            for (int channel = 0; channel < shape.Channels; channel++)
            {
                float* to = corner + (channel * plane);
                for (int line = 0; line < kernelHeight; line++)
                {
                    TRun.Add(from, to, kernelWidth);
                    to += width;
                    from += kernelWidth;
                }
            }

            corner += shape.Stride;
        }
    }

    /// <summary>Adds the numbers of a kernel's row to those of an image.</summary>
    private interface IRun
    {
        static abstract void Add(float* from, float* to, int count);
    }

    private readonly struct Four : IRun
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(float* from, float* to, int count) => (Vector128.Load(to) + Vector128.Load(from)).Store(to);
    }

    private readonly struct Eight : IRun
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(float* from, float* to, int count) => (Vector256.Load(to) + Vector256.Load(from)).Store(to);
    }

    /// <summary>The numbers after the run, which the image has, get zeros.</summary>
    private readonly struct UpToFour : IRun
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(float* from, float* to, int count)
        {
            Vector128<float> mask = Vector128.LessThan(Vector128.Create(0, 1, 2, 3), Vector128.Create(count)).AsSingle();
            (Vector128.Load(to) + (Vector128.Load(from) & mask)).Store(to);
        }
    }

    /// <summary>The numbers after the run, which the image has, get zeros.</summary>
    private readonly struct UpToEight : IRun
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(float* from, float* to, int count)
        {
            Vector256<float> mask = Vector256.LessThan(Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7), Vector256.Create(count)).AsSingle();
            (Vector256.Load(to) + (Vector256.Load(from) & mask)).Store(to);
        }
    }

    private readonly struct Any : IRun
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add(float* from, float* to, int count)
        {
            for (int i = 0; i < count; i++)
            {
                to[i] += from[i];
            }
        }
    }
}
