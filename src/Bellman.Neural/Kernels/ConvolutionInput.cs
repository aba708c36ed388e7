namespace Bellman.Neural.Kernels;

/// <summary>The gradient of a convolution's images; an item is an image.</summary>
internal readonly unsafe struct ConvolutionInput(in ConvolutionShape shape, float* weights, float* dy, float* dx, bool accumulate) : IWork
{
    // Two tiles of rows: their patches are added up while they are in the nearest cache, and the weights are read in place.
    private const int PlacesAtOnce = 16;

    private readonly ConvolutionShape shape = shape;
    private readonly float* weights = weights;
    private readonly float* dy = dy;
    private readonly float* dx = dx;
    private readonly bool accumulate = accumulate;

    public void Do(int item)
    {
        float* patches = Scratch.Rent(ScratchSlot.Patches, (nint)PlacesAtOnce * shape.Patch);
        float* image = dx + ((nint)item * shape.Image);
        float* picture = Patches.Begin(in shape, image, accumulate);
        ProductOperands product = new()
        {
            ARow = 1,
            AStep = shape.Places,
            B = weights,
            BStride = shape.Patch,
            C = patches,
            CRow = shape.Patch,
            K = shape.Outputs,
            N = shape.Patch,
        };
        for (int place = 0; place < shape.Places; place += PlacesAtOnce)
        {
            int count = Math.Min(PlacesAtOnce, shape.Places - place);
            product.A = dy + ((nint)item * shape.Outputs * shape.Places) + place;
            product.M = count;
            MatrixBlocks.Multiply(in product);
            Patches.Add(in shape, patches, picture, place, count);
        }

        Patches.End(in shape, picture, image, accumulate);
    }
}

/// <summary>The gradient of a convolution's bias; an item is an output.</summary>
internal readonly unsafe struct ConvolutionBias(in ConvolutionShape shape, float* dy, float* dbias, bool accumulate) : IWork
{
    private readonly ConvolutionShape shape = shape;
    private readonly float* dy = dy;
    private readonly float* dbias = dbias;
    private readonly bool accumulate = accumulate;

    public void Do(int item)
    {
        double sum = accumulate ? dbias[item] : 0;
        for (int n = 0; n < shape.Batch; n++)
        {
            float* places = dy + ((((nint)n * shape.Outputs) + item) * shape.Places);
            sum += Reductions.Sum(new ReadOnlySpan<float>(places, shape.Places));
        }

        dbias[item] = (float)sum;
    }
}
