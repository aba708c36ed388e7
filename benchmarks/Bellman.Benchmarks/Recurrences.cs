using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;
using BenchmarkDotNet.Attributes;

namespace Bellman.Benchmarks;

/// <summary>An LSTM of 64 units over 16 steps of 8 sequences with 32 features.</summary>
public class Recurrences
{
    private readonly Workspace workspace = new();
    private readonly Lstm layer = new(inputs: 32, hidden: 64, new Pcg64(1));
    private readonly Tensor sequences = Tensor.Zeros(16, 8, 32);

    [GlobalSetup]
    public void Prepare() => new Pcg64(2).FillNormal(sequences.Values);

    [Benchmark(Baseline = true)]
    public void Forward()
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        _ = layer.Forward(sequences);
    }

    [Benchmark]
    public void ForwardAndBackward()
    {
        using Workspace.Scope scope = workspace.Begin();
        layer.ZeroGradients();
        layer.Forward(sequences).Sum().Backward();
    }
}
