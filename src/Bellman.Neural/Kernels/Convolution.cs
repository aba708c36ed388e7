using System.Diagnostics;

namespace Bellman.Neural.Kernels;

/// <summary>Convolution of images as products of matrices: the patches under the kernel become the rows of one.</summary>
/// <remarks>
/// Only one image at a time is laid out, so bytes become floats in working memory that stays in the cache. An output is one chain of
/// fused multiply-adds over the patch, channel by channel and row by row; a weight's gradient one over images and places.
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
        float* patches = Scratch.Rent(ScratchSlot.Patches, (nint)shape.Places * shape.Patch);
        float* turned = Scratch.Rent(ScratchSlot.Convolution, (nint)shape.Places * shape.Outputs);
        fixed (float* pWeights = weights, pBias = bias, pOutput = y)
        {
            for (int n = 0; n < shape.Batch; n++)
            {
                Patches.Gather(in shape, source.Image(in shape, n), patches);
                ProductOperands product = new()
                {
                    A = patches,
                    ARow = shape.Patch,
                    AStep = 1,
                    B = pWeights,
                    BStride = shape.Patch,
                    BTransposed = true,
                    C = turned,
                    CRow = shape.Outputs,
                    Bias = pBias,
                    Relu = relu,
                    M = shape.Places,
                    K = shape.Patch,
                    N = shape.Outputs,
                };
                MatrixBlocks.Multiply(in product);
                Turn(turned, pOutput + ((nint)n * shape.Outputs * shape.Places), shape.Places, shape.Outputs);
            }
        }
    }

    private static void BackwardWeights(
        in ConvolutionShape shape, Source source, ReadOnlySpan<float> dy, Span<float> dweights, bool accumulate)
    {
        float* patches = Scratch.Rent(ScratchSlot.Patches, (nint)shape.Places * shape.Patch);
        fixed (float* pWeights = dweights, pOutput = dy)
        {
            for (int n = 0; n < shape.Batch; n++)
            {
                Patches.Gather(in shape, source.Image(in shape, n), patches);
                ProductOperands product = new()
                {
                    A = pOutput + ((nint)n * shape.Outputs * shape.Places),
                    ARow = shape.Places,
                    AStep = 1,
                    B = patches,
                    BStride = shape.Patch,
                    C = pWeights,
                    CRow = shape.Patch,
                    Accumulate = accumulate || n > 0,
                    M = shape.Outputs,
                    K = shape.Places,
                    N = shape.Patch,
                };
                MatrixBlocks.Multiply(in product);
            }
        }

        if (shape.Batch == 0 && !accumulate) dweights.Clear();
    }

    // [rows, columns] → [columns, rows]
    private static void Turn(float* from, float* to, int rows, int columns)
    {
        for (int column = 0; column < columns; column++)
        {
            float* target = to + ((nint)column * rows);
            for (int row = 0; row < rows; row++)
            {
                target[row] = from[((nint)row * columns) + column];
            }
        }
    }

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
