using Bellman.Neural.Kernels;
using BenchmarkDotNet.Attributes;

namespace Bellman.Benchmarks;

/// <summary>Products of square matrices as a layer needs them: forward with a transposed weight, both gradients, and one row.</summary>
public class MatrixProducts
{
    private float[] a = [];
    private float[] b = [];
    private float[] c = [];

    [Params(64, 256)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        a = Numbers.Normal(Size * Size);
        b = Numbers.Normal(Size * Size);
        c = new float[Size * Size];
    }

    [Benchmark(Baseline = true)]
    public void Plain() => MatrixProduct.NN(a, b, c, Size, Size, Size);

    [Benchmark]
    public void RightTransposed() => MatrixProduct.NT(a, b, c, Size, Size, Size);

    [Benchmark]
    public void LeftTransposed() => MatrixProduct.TN(a, b, c, Size, Size, Size);

    [Benchmark]
    public void OneRow() => MatrixProduct.NT(a.AsSpan(0, Size), b, c.AsSpan(0, Size), 1, Size, Size);
}
