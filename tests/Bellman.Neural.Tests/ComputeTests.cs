using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;
using Bellman.Neural.Tests.Tensors;

namespace Bellman.Neural.Tests;

/// <summary>No bit of a result depends on how many threads computed it.</summary>
/// <remarks>Nothing else runs meanwhile, so that nobody else has the threads.</remarks>
[Collection(nameof(ComputeTests))]
[CollectionDefinition(nameof(ComputeTests), DisableParallelization = true)]
public sealed class ComputeTests : IDisposable
{
    private const int Updates = 100;

    public void Dispose() => Compute.Threads = 1;

    [Fact]
    public void There_is_one_thread_unless_set()
    {
        Assert.Equal(1, Compute.Threads);
        Compute.Threads = 3;
        Assert.Equal(3, Compute.Threads);
        Assert.Throws<ArgumentOutOfRangeException>(() => Compute.Threads = 0);
        Assert.Equal(3, Compute.Threads);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Operators_give_the_same_bits(int threads)
    {
        byte[][] expected = [.. OperatorCatalogue.Large.Select(operation => operation.Sha256())];
        Compute.Threads = threads;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                expected[i].AsSpan().SequenceEqual(OperatorCatalogue.Large[i].Sha256()), $"{OperatorCatalogue.Large[i].Name}, {threads} threads");
        }
    }

    [Fact]
    public void Updates_on_frames_give_the_same_bits() => AllEqual(() =>
    {
        var random = new Pcg64(1);
        Tensor frames = Tensor.ZeroBytes(new Shape(32, 4, 84, 84));
        random.FillIntegers(frames.Bytes, 0, 256);
        var network = new NatureCnn(channels: 4, outputs: 6, random);
        return Train(network, new Adam(network), frames, outputs: 6);
    });

    [Fact]
    public void Updates_on_pictures_give_the_same_bits() => AllEqual(() =>
    {
        var random = new Pcg64(2);
        Tensor pictures = Tensor.Zeros(128, 3, 40, 90);
        random.FillNormal(pictures.Values);
        var network = new VisualCartPoleCnn(height: 40, width: 90, outputs: 2, random);
        return Train(network, new RmsProp(network), pictures, outputs: 2);
    });

    [Fact]
    public void Updates_allocate_nothing()
    {
        var random = new Pcg64(3);
        Tensor pictures = Tensor.Zeros(64, 3, 40, 90);
        random.FillNormal(pictures.Values);
        var network = new VisualCartPoleCnn(height: 40, width: 90, outputs: 2, random);
        var optimizer = new RmsProp(network);
        var workspace = new Workspace();
        Compute.Threads = 2;
        Update(3);
        Assert.Equal(0, Allocation.Of(() => Update(5)));

        void Update(int count)
        {
            for (int i = 0; i < count; i++)
            {
                using Workspace.Scope scope = workspace.Begin();
                optimizer.Minimize(network.Forward(pictures).Square().Mean());
            }
        }
    }

    private static void AllEqual(Func<string> train)
    {
        Compute.Threads = 1;
        string alone = train();
        foreach (int threads in new[] { 2, 3 })
        {
            Compute.Threads = threads;
            Assert.Equal(alone, train());
        }
    }

    private static string Train(Module network, Optimizer optimizer, Tensor input, int outputs)
    {
        Tensor target = Tensor.Zeros(input.Shape[0], outputs);
        new Pcg64(4).FillNormal(target.Values);
        var workspace = new Workspace();
        for (int i = 0; i < Updates; i++)
        {
            using Workspace.Scope scope = workspace.Begin();
            optimizer.Minimize(Loss.SmoothL1(network.Forward(input), target));
        }

        return network.Sha256();
    }
}
