using Bellman.Neural.Kernels;
using BenchmarkDotNet.Attributes;

namespace Bellman.Benchmarks;

/// <summary>One function of every element, from the cheapest to the dearest.</summary>
public class ElementwiseFunctions
{
    private float[] x = [];
    private float[] other = [];
    private float[] y = [];

    [Params(4096)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        x = Numbers.Normal(Length);
        other = Numbers.Normal(Length);
        y = new float[Length];
    }

    [Benchmark(Baseline = true)]
    public void Add() => ElementwiseBinary.Forward<Add>(x, other, y);

    [Benchmark]
    public void Relu() => Elementwise.Forward<Relu>(x, y);

    [Benchmark]
    public void Exponential() => Elementwise.Forward<Exp>(x, y);

    [Benchmark]
    public void HyperbolicTangent() => Elementwise.Forward<Tanh>(x, y);

    [Benchmark]
    public void Sine() => Elementwise.Forward<Sine>(x, y);
}
