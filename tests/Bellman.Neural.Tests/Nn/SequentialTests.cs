using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;
using Bellman.Neural.Tests.Kernels;

namespace Bellman.Neural.Tests.Nn;

public sealed class SequentialTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(23)]
    public void Rows_at_a_time_give_the_same_bits_as_all_at_once(int batch)
    {
        Sequential whole = Layers(rowsAtOnce: 0);
        Sequential sliced = Layers(rowsAtOnce: 5);
        Tensor x = Tensor.From(Numbers.Normal(batch * 2 * 9 * 8, 1), batch, 2, 9, 8);
        using Autograd.PauseScope pause = Autograd.Pause();
        Tensor expected = whole.Forward(x);
        Tensor onHeap = sliced.Forward(x);
        Assert.Equal(expected.Shape, onHeap.Shape);
        Numbers.SameBits(expected.Values, onHeap.Values);

        var workspace = new Workspace();
        using Workspace.Scope scope = workspace.Begin();
        Numbers.SameBits(expected.Values, sliced.Forward(x).Values);
    }

    [Fact]
    public void Bytes_pass_in_slices_too()
    {
        Tensor x = Tensor.ZeroBytes(new Shape(13, 2, 9, 8));
        new Pcg64(3).FillIntegers(x.Bytes, 0, 256);
        using Autograd.PauseScope pause = Autograd.Pause();
        Numbers.SameBits(Layers(rowsAtOnce: 0).Forward(x).Values, Layers(rowsAtOnce: 4).Forward(x).Values);
    }

    [Fact]
    public void A_batch_that_is_normalised_or_differentiated_passes_as_a_whole()
    {
        Sequential whole = Layers(rowsAtOnce: 0);
        Sequential sliced = Layers(rowsAtOnce: 2);
        Tensor x = Tensor.From(Numbers.Normal(7 * 2 * 9 * 8, 1), 7, 2, 9, 8);
        sliced.Forward(x).Sum().Backward();
        whole.Forward(x).Sum().Backward();
        Numbers.SameBits(((Conv2d)whole[0]).Weight.Gradient, ((Conv2d)sliced[0]).Weight.Gradient);

        whole.Train();
        sliced.Train();
        using Autograd.PauseScope pause = Autograd.Pause();
        Numbers.SameBits(whole.Forward(x).Values, sliced.Forward(x).Values);
    }

    [Fact]
    public void Slices_allocate_nothing()
    {
        Sequential layers = Layers(rowsAtOnce: 4);
        Tensor x = Tensor.From(Numbers.Normal(13 * 2 * 9 * 8, 1), 13, 2, 9, 8);
        var workspace = new Workspace();
        using Autograd.PauseScope pause = Autograd.Pause();
        Assert.Equal(0, Allocation.Of(() =>
        {
            using Workspace.Scope scope = workspace.Begin();
            layers.Forward(x);
        }));
    }

    // In evaluation mode, where normalisation does not look at the batch.
    private static Sequential Layers(int rowsAtOnce)
    {
        var random = new Pcg64(7);
        var layers = new Sequential(
            new Conv2d(2, 5, kernel: 3, random, stride: 2), new BatchNorm(5), new Relu(), new Conv2d(5, 3, kernel: 2, random), new Relu(), new Flatten())
        {
            RowsAtOnce = rowsAtOnce,
        };
        layers.Train(on: false);
        return layers;
    }
}
