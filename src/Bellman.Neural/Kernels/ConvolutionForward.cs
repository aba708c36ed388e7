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
            ARows = ImageOffsets.Places(in shape, ScratchSlot.ARows),
            Steps = ImageOffsets.Patch(in shape, ScratchSlot.Steps),
            B = turnedWeights,
            CRows = ImageOffsets.Even(shape.Places, columns, ScratchSlot.CRows),
            Start = start,
            Relu = relu,
            Rows = shape.Places,
            K = shape.Patch,
            Columns = columns,
        };
    }

    public readonly void Do(int item)
    {
        ImageProduct one = product;
        one.A = source.Image(in shape, item);
        one.C = Scratch.Rent(ScratchSlot.Convolution, shape.Places * one.Columns);
        ConvolutionTile.Multiply<V>(in one);
        float* output = y + ((nint)item * shape.Outputs * shape.Places);
        MatrixPanel.Transpose<V>(one.C, one.Columns, shape.Outputs, shape.Places, output, shape.Places);
    }
}
