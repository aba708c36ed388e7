namespace Bellman.Neural.Kernels;

/// <summary>The gradient of a convolution's images; an item is an image.</summary>
/// <remarks>
/// <para>
/// In an image whose channels lie innermost, what a place passes back through a line of the kernel is one run of numbers, and the runs of
/// neighbours do not overlap if they are no longer than the stride. So the line is cut into such runs, and each adds a product of
/// matrices, [places, outputs] · [outputs, run's columns and channels], to rows that lie where the places see them.
/// </para>
/// <para>A number is one chain of fused multiply-adds over the places of the kernel, row by row, and at each over the outputs.</para>
/// </remarks>
internal unsafe struct ConvolutionInput<V> : IWork
    where V : struct, ISimd<V>
{
    private readonly ConvolutionShape shape;
    private readonly float* weights;
    private readonly float* dy;
    private readonly float* dx;
    private readonly bool accumulate;
    private ImageProduct product;

    public ConvolutionInput(in ConvolutionShape shape, float* weights, float* dy, float* dx, bool accumulate)
    {
        this.shape = shape;
        this.weights = TurnedWeights(in shape, weights);
        this.dy = dy;
        this.dx = dx;
        this.accumulate = accumulate;
        product = new ImageProduct
        {
            ARows = ImageOffsets.Even(shape.Places, 1, ScratchSlot.ARows),
            Steps = ImageOffsets.Even(shape.Outputs, shape.Places, ScratchSlot.Steps),
            CRows = ImageOffsets.Places(in shape, ScratchSlot.CRows, shape.Channels),
            Rows = shape.Places,
            K = shape.Outputs,
        };
    }

    public readonly void Do(int item)
    {
        // The zeros that fill up the last vector of a run are added to what comes after it.
        int length = shape.BorderedImage + V.Count;
        float* picture = Scratch.Rent(ScratchSlot.Picture, length);
        new Span<float>(picture, length).Clear();
        ImageProduct one = product;
        one.A = dy + ((nint)item * shape.Outputs * shape.Places);
        one.B = weights;
        for (int line = 0; line < shape.KernelHeight; line++)
        {
            for (int column = 0; column < shape.KernelWidth; column += shape.Stride)
            {
                one.C = picture + ((nint)((line * shape.BorderedWidth) + column) * shape.Channels);
                one.Columns = Columns(in shape, column);
                ConvolutionTile.Multiply<V>(in one);
                one.B += one.K * one.Columns;
            }
        }

        Write(picture, dx + ((nint)item * shape.Image));
    }

    /// <summary>Columns of the kernel in the run that starts at one of them.</summary>
    private static int Run(in ConvolutionShape shape, int column) => Math.Min(shape.Stride, shape.KernelWidth - column);

    /// <summary>Numbers of the run, rounded up to whole vectors.</summary>
    private static int Columns(in ConvolutionShape shape, int column) => Convolution.RoundUp(Run(in shape, column) * shape.Channels, V.Count);

    /// <summary>For each line of the kernel and each of its runs a matrix [outputs, columns of the run, channels], filled up with zeros.</summary>
    private static float* TurnedWeights(in ConvolutionShape shape, float* weights)
    {
        int length = 0;
        for (int column = 0; column < shape.KernelWidth; column += shape.Stride)
        {
            length += shape.KernelHeight * shape.Outputs * Columns(in shape, column);
        }

        float* turned = Scratch.Rent(ScratchSlot.ConvolutionWeights, length);
        new Span<float>(turned, length).Clear();
        int places = shape.KernelHeight * shape.KernelWidth;
        float* row = turned;
        for (int line = 0; line < shape.KernelHeight; line++)
        {
            for (int first = 0; first < shape.KernelWidth; first += shape.Stride)
            {
                for (int output = 0; output < shape.Outputs; output++)
                {
                    float* to = row;
                    for (int column = first; column < first + Run(in shape, first); column++)
                    {
                        float* from = weights + ((nint)output * shape.Patch) + (line * shape.KernelWidth) + column;
                        for (int channel = 0; channel < shape.Channels; channel++)
                        {
                            *to++ = from[channel * places];
                        }
                    }

                    row += Columns(in shape, first);
                }
            }
        }

        return turned;
    }

    /// <summary>Turns the image without its border, so that its channels are outermost again.</summary>
    private readonly void Write(float* picture, float* image)
    {
        float* target = accumulate ? Scratch.Rent(ScratchSlot.Convolution, shape.Image) : image;
        int size = shape.Height * shape.Width;
        int lines = shape.Padding == 0 ? 1 : shape.Height;
        for (int line = 0; line < lines; line++)
        {
            float* from = picture + ((nint)(((line + shape.Padding) * shape.BorderedWidth) + shape.Padding) * shape.Channels);
            MatrixPanel.TransposeInto<V>(from, shape.Channels, shape.Channels, size / lines, target + (line * shape.Width), size);
        }

        if (accumulate)
        {
            var sum = new Span<float>(image, shape.Image);
            ElementwiseBinary.Forward<Add>(sum, new ReadOnlySpan<float>(target, shape.Image), sum);
        }
    }
}
