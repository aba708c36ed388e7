using Bellman.Neural.Nn;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Tensors;

/// <summary>What is not a number stays visible, as in PyTorch.</summary>
public sealed class NotANumberTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Passing = new()
    {
        ["relu"] = x => x.Relu(),
        ["leaky relu"] = x => x.LeakyRelu(),
        ["elu"] = x => x.Elu(),
        ["silu"] = x => x.Silu(),
        ["gelu"] = x => x.Gelu(),
        ["gelu tanh"] = x => x.GeluTanh(),
        ["softplus"] = x => x.Softplus(),
        ["sigmoid"] = x => x.Sigmoid(),
        ["tanh"] = x => x.Tanh(),
        ["exp"] = x => x.Exp(),
        ["log"] = x => x.Log(),
        ["sqrt"] = x => x.Sqrt(),
        ["clamp"] = x => x.Clamp(-1, 1),
        ["minimum"] = x => Tensor.Minimum(x, Tensor.Zeros(1)),
        ["maximum"] = x => Tensor.Maximum(Tensor.Zeros(1), x),
        ["max"] = x => x.Max(),
        ["min"] = x => x.Min(),
        ["max of rows"] = x => x.Max(1),
        ["min of rows"] = x => x.Min(1),
        ["max of columns"] = x => x.Max(0),
        ["row maximum"] = x => x.MaxRows(),
        ["sum"] = x => x.Sum(),
        ["std"] = x => x.Std(1),
        ["softmax"] = x => x.Softmax(),
        ["log sum exp"] = x => x.LogSumExp(1),
        ["pooling"] = x => x.Reshape(1, 1, 2, 3).MaxPool2d(2, stride: 1),
        ["convolution"] = x => Tensor.Conv2d(x.Reshape(1, 1, 2, 3), Tensor.Full(new Shape(1, 1, 2, 2), 1)),
        ["product"] = x => Tensor.MatMul(x, Tensor.Full(new Shape(3, 2), 1)),
        ["layer norm"] = x => new LayerNorm(3).Forward(x),
        ["batch norm"] = x => new BatchNorm(3).Forward(x),
        ["batch norm and relu"] = x => new BatchNorm(3).Forward(x, relu: true),
        ["squared loss"] = x => Loss.Mse(x, Tensor.Zeros(2, 3)),
        ["Huber loss"] = x => Loss.Huber(x, Tensor.Zeros(2, 3)),
        ["smooth loss"] = x => Loss.SmoothL1(x, Tensor.Zeros(2, 3)),
        ["absolute loss"] = x => Loss.L1(x, Tensor.Zeros(2, 3)),
        ["cross-entropy"] = x => Loss.CrossEntropy(x, Tensor.Zeros(2)),
    };

    public static TheoryData<string> Names { get; } = [.. Passing.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Not_a_number_in_gives_not_a_number_out(string name)
    {
        for (int place = 0; place < 3; place++)
        {
            float[] values = [1, 2, -1, 0.5f, 3, -2];
            values[place] = float.NaN;
            Assert.Contains(Passing[name](Tensor.From(values, 2, 3)).ToArray(), float.IsNaN);
        }
    }

    [Fact]
    public void The_first_that_is_not_a_number_is_the_largest() =>
        Assert.Equal([1, 0], Tensor.From([5, float.NaN, float.NaN, 3, 2, 1], 2, 3).ArgMax(1).ToArray());

    [Fact]
    public void Clipping_keeps_gradients_that_are_not_numbers()
    {
        var layer = new Linear(1, 1, new Neural.Random.Pcg64(0));
        layer.ZeroGradients();
        (layer.Forward(Tensor.From([float.NaN], 1, 1)) * 1).Sum().Backward();
        new Sgd(layer, 0.1) { Clip = new GradientClip(Value: 1, Norm: 1) }.Step();
        Assert.True(float.IsNaN(layer.Weight[0, 0]));
    }
}
