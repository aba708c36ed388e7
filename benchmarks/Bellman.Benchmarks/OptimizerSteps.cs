using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using BenchmarkDotNet.Attributes;

namespace Bellman.Benchmarks;

/// <summary>One step of each optimizer on 70 000 parameters.</summary>
public class OptimizerSteps
{
    private readonly Adam adam;
    private readonly Adam amsgrad;
    private readonly RmsProp rmsProp;
    private readonly Sgd sgd;

    public OptimizerSteps()
    {
        var random = new Pcg64(1);
        var network = new Mlp(8, [256, 256], 4, random);
        random.FillNormal(network.Gradients, 0, 1e-2);
        adam = new Adam(network);
        amsgrad = Bellman.Neural.Nn.Adam.W(network, amsgrad: true);
        rmsProp = new RmsProp(network);
        sgd = new Sgd(network, 1e-3, momentum: 0.9);
    }

    [Benchmark(Baseline = true)]
    public void Adam() => adam.Step();

    [Benchmark]
    public void AdamWithAmsGrad() => amsgrad.Step();

    [Benchmark]
    public void RmsProp() => rmsProp.Step();

    [Benchmark]
    public void Momentum() => sgd.Step();
}
