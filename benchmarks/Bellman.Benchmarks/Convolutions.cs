using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;
using BenchmarkDotNet.Attributes;

namespace Bellman.Benchmarks;

/// <summary>The second convolution of the Nature network on a batch of 32: 32 channels of 20 × 20 to 64, kernel 4, stride 2.</summary>
public class Convolutions
{
    private readonly Workspace workspace = new();
    private readonly Conv2d layer = new(channels: 32, outputs: 64, kernel: 4, new Pcg64(1), stride: 2);
    private readonly Tensor images = Tensor.Zeros(32, 32, 20, 20);

    [GlobalSetup]
    public void Prepare() => new Pcg64(2).FillNormal(images.Values);

    [Benchmark(Baseline = true)]
    public void Forward()
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        _ = layer.Forward(images);
    }

    [Benchmark]
    public void ForwardAndBackward()
    {
        using Workspace.Scope scope = workspace.Begin();
        layer.ZeroGradients();
        layer.Forward(images).Sum().Backward();
    }
}
