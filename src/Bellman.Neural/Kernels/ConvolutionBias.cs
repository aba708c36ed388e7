namespace Bellman.Neural.Kernels;

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
