using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>The patches under a convolution's kernel, rows of [places, channels · kernel height · kernel width], added up to an image.</summary>
/// <remarks>Invariant: the images have their borders, so every run of a kernel's row lies inside of them.</remarks>
internal static unsafe class Patches
{
    /// <summary>Memory to add patches up in: the image itself, or zeros with its border.</summary>
    public static float* Begin(in ConvolutionShape shape, float* image, bool accumulate)
    {
        if (shape.Padding == 0)
        {
            if (!accumulate) new Span<float>(image, shape.Image).Clear();
            return image;
        }

        float* picture = Scratch.Rent(ScratchSlot.Picture, shape.BorderedImage);
        new Span<float>(picture, shape.BorderedImage).Clear();
        return picture;
    }

    /// <summary>Brings the sums to the image, without their border.</summary>
    public static void End(in ConvolutionShape shape, float* picture, float* image, bool accumulate)
    {
        if (picture == image) return;
        int rows = shape.Channels * shape.Height;
        for (int row = 0; row < rows; row++)
        {
            var from = new ReadOnlySpan<float>(picture + Bordered(in shape, row), shape.Width);
            var to = new Span<float>(image + ((nint)row * shape.Width), shape.Width);
            if (accumulate) ElementwiseBinary.Forward<Add>(to, from, to);
            else from.CopyTo(to);
        }
    }

    /// <summary>Adds the patches of some places to what <see cref="Begin"/> gave.</summary>
    public static void Add(in ConvolutionShape shape, float* patches, float* picture, int first, int count)
    {
        for (int end = first + count; first < end;)
        {
            int row = first / shape.OutputWidth;
            int column = first % shape.OutputWidth;
            int now = Math.Min(end - first, shape.OutputWidth - column);
            float* corner = picture + ((nint)shape.Stride * (((nint)row * shape.BorderedWidth) + column));

            // The last row of places might reach past the image, were more numbers added than there are in a run.
            bool isLast = row == shape.OutputHeight - 1;
            if (shape.KernelWidth == Vector128<float>.Count) Scatter<Four>(in shape, patches, corner, now);
            else if (shape.KernelWidth == Vector256<float>.Count) Scatter<Eight>(in shape, patches, corner, now);
            else if (shape.KernelWidth < Vector128<float>.Count && !isLast) Scatter<UpToFour>(in shape, patches, corner, now);
            else if (shape.KernelWidth < Vector256<float>.Count && !isLast) Scatter<UpToEight>(in shape, patches, corner, now);
            else Scatter<Any>(in shape, patches, corner, now);
            first += now;
            patches += (nint)now * shape.Patch;
        }
    }

    /// <summary>Where a row of an image, counted through all channels, starts in the image with its border.</summary>
    public static nint Bordered(in ConvolutionShape shape, int row)
    {
        int channel = row / shape.Height;
        int line = (row % shape.Height) + shape.Padding;
        return ((((nint)channel * shape.BorderedHeight) + line) * shape.BorderedWidth) + shape.Padding;
    }

    /// <summary>Some places of a row.</summary>
    private static void Scatter<TRun>(in ConvolutionShape shape, float* from, float* corner, int columns)
        where TRun : struct, IRun
    {
        int width = shape.BorderedWidth;
        nint plane = (nint)shape.BorderedHeight * width;
        int kernelHeight = shape.KernelHeight;
        int kernelWidth = shape.KernelWidth;
        for (; columns > 0; columns--)
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
