using Bellman.Neural.Kernels;
using BenchmarkDotNet.Attributes;

namespace Bellman.Benchmarks;

/// <summary>Softmax and its logarithm over the rows of a batch of logits.</summary>
public class Softmaxes
{
    private const int Rows = 256;

    private float[] x = [];
    private float[] y = [];

    [Params(6, 128)]
    public int Columns { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        x = Numbers.Normal(Rows * Columns);
        y = new float[Rows * Columns];
    }

    [Benchmark]
    public void Probabilities() => Softmax.Forward(x, y, Rows, Columns);

    [Benchmark]
    public void LogProbabilities() => Softmax.LogForward(x, y, Rows, Columns);
}
