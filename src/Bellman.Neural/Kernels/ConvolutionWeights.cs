namespace Bellman.Neural.Kernels;

/// <summary>The gradient of a convolution's weights; an item is a group of images, whose share of the sum has memory of its own.</summary>
internal unsafe struct ConvolutionWeights<V> : IWork
    where V : struct, ISimd<V>
{
    // Adding the groups up costs as much as this many places of each.
    private const int FewestImages = 8;
    private const int MostGroups = 8;

    private readonly ConvolutionShape shape;
    private readonly ImageSource source;
    private readonly float* dy;
    private readonly float* sums;
    private readonly int images;
    private readonly ImageProduct product;

    public ConvolutionWeights(in ConvolutionShape shape, ImageSource source, float* dy)
    {
        this.shape = shape;
        this.source = source;
        this.dy = dy;
        images = Math.Max(FewestImages, (shape.Batch + MostGroups - 1) / MostGroups);
        int columns = Convolution.RoundUp(shape.Outputs, V.Count);
        sums = Scratch.Rent(ScratchSlot.ConvolutionWeights, (nint)Groups * shape.Patch * columns);
        product = new ImageProduct
        {
            ARows = ImageOffsets.Patch(in shape, ScratchSlot.ARows),
            Steps = ImageOffsets.Places(in shape, ScratchSlot.Steps),
            CRows = ImageOffsets.Even(shape.Patch, columns, ScratchSlot.CRows),
            Rows = shape.Patch,
            K = shape.Places,
            Columns = columns,
        };
    }

    /// <summary>How many groups the batch falls into, which its size alone decides.</summary>
    public readonly int Groups => (shape.Batch + images - 1) / images;

    public readonly void Do(int item)
    {
        ImageProduct one = product;
        one.C = Sum(item);
        one.B = Scratch.Rent(ScratchSlot.Convolution, shape.Places * one.Columns);
        new Span<float>(one.C, (int)(shape.Patch * one.Columns)).Clear();
        int end = Math.Min(shape.Batch, (item + 1) * images);
        for (int n = item * images; n < end; n++)
        {
            one.A = source.Image(in shape, n);
            float* output = dy + ((nint)n * shape.Outputs * shape.Places);
            MatrixPanel.Transpose<V>(output, shape.Places, shape.Places, shape.Outputs, one.B, (int)one.Columns);
            ConvolutionTile.Multiply<V>(in one);
        }
    }

    /// <summary>dweights = or += the sum over the groups, in their order.</summary>
    public readonly void Add(Span<float> dweights, bool accumulate)
    {
        int length = (int)(shape.Patch * product.Columns);
        var total = new Span<float>(sums, length);
        for (int group = 1; group < Groups; group++)
        {
            ElementwiseBinary.Forward<Add>(total, new ReadOnlySpan<float>(Sum(group), length), total);
        }

        float* result = accumulate ? Scratch.Rent(ScratchSlot.Convolution, dweights.Length) : null;
        fixed (float* pWeights = dweights)
        {
            if (result == null) result = pWeights;
            MatrixPanel.Transpose<V>(sums, (int)product.Columns, shape.Outputs, shape.Patch, result, shape.Patch);
        }

        if (accumulate) ElementwiseBinary.Forward<Add>(dweights, new ReadOnlySpan<float>(result, dweights.Length), dweights);
    }

    private readonly float* Sum(int group) => sums + (group * shape.Patch * product.Columns);
}
