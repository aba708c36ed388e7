using Bellman.Neural.Random;
using BenchmarkDotNet.Attributes;

namespace Bellman.Benchmarks;

/// <summary>1 000 numbers of each distribution.</summary>
public class RandomNumbers
{
    private const int Count = 1000;

    private readonly Pcg64 random = new(1);
    private readonly double[] doubles = new double[Count];
    private readonly int[] integers = new int[Count];

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Uniform() => random.FillUniform(doubles);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Normal() => random.FillNormal(doubles);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Exponential() => random.FillExponential(doubles);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Integers() => random.FillIntegers(integers, 0, 6);
}
