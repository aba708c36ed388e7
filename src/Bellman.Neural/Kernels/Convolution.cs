using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace Bellman.Neural.Kernels;

/// <summary>Convolution of images, one image after another, as products of matrices whose rows are patches of the image.</summary>
/// <remarks>
/// The patches are read from the image where they are; bytes become floats in working memory that stays in the cache. An output is one
/// chain of fused multiply-adds over the patch, channel by channel and row by row; a weight's gradient one over images and places.
/// </remarks>
internal static unsafe class Convolution
{
    /// <summary>y[batch, outputs, places] = weights ∗ x + bias, or the larger of that and zero.</summary>
    /// <param name="bias">Empty for none.</param>
    public static void Forward(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y, bool relu)
    {
        Debug.Assert(x.Length >= shape.Batch * shape.Image, "Every image is there.");
        fixed (float* source = x)
        {
            Forward(in shape, new Source(source), weights, bias, y, relu);
        }
    }

    /// <summary>The same for bytes, each multiplied by <paramref name="scale"/>.</summary>
    public static void Forward(
        in ConvolutionShape shape, ReadOnlySpan<byte> x, float scale, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y,
        bool relu)
    {
        Debug.Assert(x.Length >= shape.Batch * shape.Image, "Every image is there.");
        fixed (byte* source = x)
        {
            Forward(in shape, new Source(source, scale), weights, bias, y, relu);
        }
    }

    /// <summary>dweights = or += the sum over images and places of dy times the patch.</summary>
    public static void BackwardWeights(
        in ConvolutionShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dweights, bool accumulate)
    {
        fixed (float* source = x)
        {
            BackwardWeights(in shape, new Source(source), dy, dweights, accumulate);
        }
    }

    /// <summary>The same for bytes, each multiplied by <paramref name="scale"/>.</summary>
    public static void BackwardWeights(
        in ConvolutionShape shape, ReadOnlySpan<byte> x, float scale, ReadOnlySpan<float> dy, Span<float> dweights, bool accumulate)
    {
        fixed (byte* source = x)
        {
            BackwardWeights(in shape, new Source(source, scale), dy, dweights, accumulate);
        }
    }

    /// <summary>dx = or += what each output passes back to the patch that it saw.</summary>
    public static void BackwardInput(
        in ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
    {
        Debug.Assert(dx.Length >= shape.Batch * shape.Image, "Every image has a gradient.");
        float* patches = Scratch.Rent(ScratchSlot.Patches, (nint)shape.Places * shape.Patch);
        fixed (float* pWeights = weights, pOutput = dy, pInput = dx)
        {
            for (int n = 0; n < shape.Batch; n++)
            {
                ProductOperands product = new()
                {
                    A = pOutput + ((nint)n * shape.Outputs * shape.Places),
                    ARow = 1,
                    AStep = shape.Places,
                    B = pWeights,
                    BStride = shape.Patch,
                    C = patches,
                    CRow = shape.Patch,
                    M = shape.Places,
                    K = shape.Outputs,
                    N = shape.Patch,
                };
                MatrixBlocks.Multiply(in product);
                Patches.Add(in shape, patches, pInput + ((nint)n * shape.Image), accumulate);
            }
        }
    }

    /// <summary>dbias[outputs] = or += Σ dy over images and places.</summary>
    public static void BackwardBias(in ConvolutionShape shape, ReadOnlySpan<float> dy, Span<float> dbias, bool accumulate)
    {
        for (int output = 0; output < shape.Outputs; output++)
        {
            double sum = accumulate ? dbias[output] : 0;
            for (int n = 0; n < shape.Batch; n++)
            {
                sum += Reductions.Sum(dy.Slice(((n * shape.Outputs) + output) * shape.Places, shape.Places));
            }

            dbias[output] = (float)sum;
        }
    }

    private static void Forward(
        in ConvolutionShape shape, Source source, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y, bool relu)
    {
        Debug.Assert(weights.Length >= shape.Outputs * shape.Patch, "Every output has its weights.");
        Debug.Assert(y.Length >= shape.Batch * shape.Outputs * shape.Places, "Every image has its outputs.");
        if (Vector512.IsHardwareAccelerated) Forward<Simd512>(in shape, source, weights, bias, y, relu);
        else if (Vector256.IsHardwareAccelerated) Forward<Simd256>(in shape, source, weights, bias, y, relu);
        else Forward<Simd128>(in shape, source, weights, bias, y, relu);
    }

    private static void Forward<V>(
        in ConvolutionShape shape, Source source, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> y, bool relu)
        where V : struct, ISimd<V>
    {
        int columns = RoundUp(shape.Outputs, V.Count);
        float* turned = Scratch.Rent(ScratchSlot.Convolution, (nint)shape.Places * columns);
        float* turnedWeights = Scratch.Rent(ScratchSlot.ConvolutionWeights, (nint)(shape.Patch + 1) * columns);
        float* start = turnedWeights + ((nint)shape.Patch * columns);
        new Span<float>(start, columns).Clear();
        bias.CopyTo(new Span<float>(start, columns));
        fixed (float* pWeights = weights, pOutput = y)
        {
            MatrixPanel.Transpose<V>(pWeights, shape.Patch, shape.Patch, shape.Outputs, turnedWeights, columns);
            ImageProduct product = new()
            {
                Offsets = PlaceOffsets(in shape),
                Outer = shape.Channels,
                OuterStep = (nint)shape.BorderedHeight * shape.BorderedWidth,
                Middle = shape.KernelHeight,
                MiddleStep = shape.BorderedWidth,
                Inner = shape.KernelWidth,
                InnerStep = 1,
                B = turnedWeights,
                C = turned,
                Columns = columns,
                Rows = shape.Places,
                Start = start,
                Relu = relu,
            };
            for (int n = 0; n < shape.Batch; n++)
            {
                product.Image = source.Image(in shape, n);
                ConvolutionTile.Multiply<V>(in product);
                float* output = pOutput + ((nint)n * shape.Outputs * shape.Places);
                MatrixPanel.Transpose<V>(turned, columns, shape.Outputs, shape.Places, output, shape.Places);
            }
        }
    }

    private static void BackwardWeights(
        in ConvolutionShape shape, Source source, ReadOnlySpan<float> dy, Span<float> dweights, bool accumulate)
    {
        Debug.Assert(dweights.Length >= shape.Outputs * shape.Patch, "Every weight has a gradient.");
        if (Vector512.IsHardwareAccelerated) BackwardWeights<Simd512>(in shape, source, dy, dweights, accumulate);
        else if (Vector256.IsHardwareAccelerated) BackwardWeights<Simd256>(in shape, source, dy, dweights, accumulate);
        else BackwardWeights<Simd128>(in shape, source, dy, dweights, accumulate);
    }

    private static void BackwardWeights<V>(
        in ConvolutionShape shape, Source source, ReadOnlySpan<float> dy, Span<float> dweights, bool accumulate)
        where V : struct, ISimd<V>
    {
        int columns = RoundUp(shape.Outputs, V.Count);
        float* turned = Scratch.Rent(ScratchSlot.Convolution, (nint)shape.Places * columns);
        float* turnedWeights = Scratch.Rent(ScratchSlot.ConvolutionWeights, (nint)shape.Patch * columns);
        fixed (float* pWeights = dweights, pOutput = dy)
        {
            if (accumulate) MatrixPanel.Transpose<V>(pWeights, shape.Patch, shape.Patch, shape.Outputs, turnedWeights, columns);
            else new Span<float>(turnedWeights, shape.Patch * columns).Clear();
            ImageProduct product = new()
            {
                Offsets = PatchOffsets(in shape),
                Outer = 1,
                Middle = shape.OutputHeight,
                MiddleStep = (nint)shape.Stride * shape.BorderedWidth,
                Inner = shape.OutputWidth,
                InnerStep = shape.Stride,
                B = turned,
                C = turnedWeights,
                Columns = columns,
                Rows = shape.Patch,
                Start = turnedWeights,
                StartRow = columns,
            };
            for (int n = 0; n < shape.Batch; n++)
            {
                product.Image = source.Image(in shape, n);
                float* output = pOutput + ((nint)n * shape.Outputs * shape.Places);
                MatrixPanel.Transpose<V>(output, shape.Places, shape.Places, shape.Outputs, turned, columns);
                ConvolutionTile.Multiply<V>(in product);
            }

            MatrixPanel.Transpose<V>(turnedWeights, columns, shape.Outputs, shape.Patch, pWeights, shape.Patch);
        }
    }

    /// <summary>Where the patch of each place starts in an image with its border.</summary>
    private static int* PlaceOffsets(in ConvolutionShape shape)
    {
        int* offsets = (int*)Scratch.Rent(ScratchSlot.Offsets, shape.Places);
        for (int place = 0; place < shape.Places; place++)
        {
            int row = place / shape.OutputWidth * shape.Stride;
            int column = place % shape.OutputWidth * shape.Stride;
            offsets[place] = (row * shape.BorderedWidth) + column;
        }

        return offsets;
    }

    /// <summary>Where each number of a patch stands, counted from the patch's start.</summary>
    private static int* PatchOffsets(in ConvolutionShape shape)
    {
        int* offsets = (int*)Scratch.Rent(ScratchSlot.Offsets, shape.Patch);
        for (int number = 0; number < shape.Patch; number++)
        {
            int column = number % shape.KernelWidth;
            int line = number / shape.KernelWidth % shape.KernelHeight;
            int channel = number / (shape.KernelWidth * shape.KernelHeight);
            offsets[number] = (((channel * shape.BorderedHeight) + line) * shape.BorderedWidth) + column;
        }

        return offsets;
    }

    private static int RoundUp(int count, int lanes) => (count + lanes - 1) / lanes * lanes;

    /// <summary>Where images come from: floats, or bytes with a scale.</summary>
    private readonly struct Source
    {
        private readonly float* floats;
        private readonly byte* bytes;
        private readonly float scale;

        public Source(float* floats) => this.floats = floats;

        public Source(byte* bytes, float scale)
        {
            this.bytes = bytes;
            this.scale = scale;
        }

        /// <summary>Image n as floats with its border: in place if that is what it is, else in working memory.</summary>
        public float* Image(in ConvolutionShape shape, int n)
        {
            float* floatImage = floats + ((nint)n * shape.Image);
            byte* byteImage = bytes + ((nint)n * shape.Image);
            if (bytes == null && shape.Padding == 0) return floatImage;

            float* picture = Scratch.Rent(ScratchSlot.Picture, shape.BorderedImage);
            if (shape.Padding > 0) new Span<float>(picture, shape.BorderedImage).Clear();
            int rows = shape.Channels * shape.Height;
            for (int row = 0; row < rows; row++)
            {
                float* target = picture + Patches.Bordered(in shape, row);
                if (bytes == null)
                {
                    new ReadOnlySpan<float>(floatImage + ((nint)row * shape.Width), shape.Width).CopyTo(new Span<float>(target, shape.Width));
                }
                else
                {
                    Bytes.Scale(new ReadOnlySpan<byte>(byteImage + ((nint)row * shape.Width), shape.Width), new Span<float>(target, shape.Width), scale);
                }
            }

            return picture;
        }
    }
}
