namespace Bellman.Neural.Kernels;

/// <summary>The outputs of a convolution; an item is an image.</summary>
internal unsafe struct ConvolutionForward<V> : IWork
    where V : struct, ISimd<V>
{
    private readonly ConvolutionShape shape;
    private readonly ImageSource source;
    private readonly float* y;
    private ImageProduct product;

    /// <param name="bias">Null for none.</param>
    public ConvolutionForward(in ConvolutionShape shape, ImageSource source, float* weights, float* bias, float* y, bool relu)
    {
        this.shape = shape;
        this.source = source;
        this.y = y;
        int columns = Convolution.RoundUp(shape.Outputs, V.Count);
        float* turnedWeights = Scratch.Rent(ScratchSlot.ConvolutionWeights, (nint)(shape.Patch + 1) * columns);
        float* start = turnedWeights + ((nint)shape.Patch * columns);
        new Span<float>(start, columns).Clear();
        if (bias != null) new ReadOnlySpan<float>(bias, shape.Outputs).CopyTo(new Span<float>(start, columns));
        MatrixPanel.Transpose<V>(weights, shape.Patch, shape.Patch, shape.Outputs, turnedWeights, columns);
        product = new ImageProduct
        {
            Offsets = PlaceOffsets(in shape),
            Outer = shape.Channels,
            OuterStep = (nint)shape.BorderedHeight * shape.BorderedWidth,
            Middle = shape.KernelHeight,
            MiddleStep = shape.BorderedWidth,
            Inner = shape.KernelWidth,
            InnerStep = 1,
            B = turnedWeights,
            Columns = columns,
            Rows = shape.Places,
            Start = start,
            Relu = relu,
        };
    }

    public readonly void Do(int item)
    {
        ImageProduct one = product;
        one.Image = source.Image(in shape, item);
        one.C = Scratch.Rent(ScratchSlot.Convolution, shape.Places * one.Columns);
        ConvolutionTile.Multiply<V>(in one);
        float* output = y + ((nint)item * shape.Outputs * shape.Places);
        MatrixPanel.Transpose<V>(one.C, one.Columns, shape.Outputs, shape.Places, output, shape.Places);
    }

    /// <summary>Where the patch of each place starts in an image with its border.</summary>
    private static int* PlaceOffsets(in ConvolutionShape shape)
    {
        int* offsets = (int*)Scratch.Rent(ScratchSlot.Offsets, shape.Places);
        int place = 0;
        for (int row = 0; row < shape.OutputHeight; row++)
        {
            int start = row * shape.Stride * shape.BorderedWidth;
            for (int column = 0; column < shape.OutputWidth; column++)
            {
                offsets[place++] = start + (column * shape.Stride);
            }
        }

        return offsets;
    }
}
