using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Tensors;

/// <summary>What does not fit is refused with a sentence that says what was expected and what came.</summary>
public sealed class ShapeErrorTests
{
    private static readonly Dictionary<string, (Action Act, string[] Words)> Cases = new()
    {
        ["product"] = (() => Tensor.MatMul(Tensor.Zeros(2, 3), Tensor.Zeros(4, 5)), ["[2, 3]", "[4, 5]", "[m, k]"]),
        ["linear"] = (() => new Linear(4, 2, new Pcg64(0)).Forward(Tensor.Zeros(32, 5)), ["[batch, 4]", "[32, 5]"]),
        ["broadcast"] = (() => _ = Tensor.Zeros(2, 3) * Tensor.Zeros(2), ["[2, 3]", "[2]"]),
        ["broadcast to"] = (() => Tensor.Zeros(3).BroadcastTo(new Shape(3, 1)), ["[3]", "[3, 1]"]),
        ["reshape"] = (() => Tensor.Zeros(2, 3).Reshape(4, 2), ["6", "8"]),
        ["open reshape"] = (() => Tensor.Zeros(2, 3).Reshape(4, -1), ["6", "[4, -1]"]),
        ["axis"] = (() => Tensor.Zeros(2, 3).Sum(2), ["[2, 3]", "2"]),
        ["negative axis"] = (() => Tensor.Zeros(2, 3).Softmax(-3), ["[2, 3]", "-3"]),
        ["axis twice"] = (() => Tensor.Zeros(2, 3).Sum([1, -1]), ["twice"]),
        ["squeeze"] = (() => Tensor.Zeros(2, 3).Squeeze(1), ["[2, 3]", "one"]),
        ["permute"] = (() => Tensor.Zeros(2, 3).Permute(0, 0), ["[2, 3]", "[0, 0]"]),
        ["slice"] = (() => Tensor.Zeros(2, 3).Slice(1, 2, 2), ["[2, 3]", "2 to 3"]),
        ["slice before"] = (() => Tensor.Zeros(2, 3).Slice(0, -1, 1), ["[2, 3]", "-1"]),
        ["concatenate"] = (() => Tensor.Concatenate(0, Tensor.Zeros(2, 3), Tensor.Zeros(2, 4)), ["[2, 3]", "[2, 4]"]),
        ["concatenate nothing"] = (() => Tensor.Concatenate(0), ["none"]),
        ["stack"] = (() => Tensor.Stack(0, Tensor.Zeros(2), Tensor.Zeros(3)), ["[2]", "[3]"]),
        ["gather"] = (() => Tensor.Zeros(2, 3).Gather(1, Tensor.Zeros(3, 1)), ["[2, 3]", "[3, 1]"]),
        ["gather outside"] = (() => Tensor.Zeros(2, 3).Gather(1, Tensor.Full(new Shape(2, 1), 3)), ["3", "[0, 3)"]),
        ["pick outside"] = (() => Tensor.Zeros(1, 3).Pick(Tensor.From([-1], 1)), ["-1", "[0, 3)"]),
        ["embedding outside"] = (() => new Embedding(4, 2, new Pcg64(0)).Forward(Tensor.From([4], 1)), ["4", "[0, 4)"]),
        ["loss"] = (() => Loss.Mse(Tensor.Zeros(2), Tensor.Zeros(3)), ["[2]", "[3]"]),
        ["convolution"] = (
            () => new Conv2d(3, 2, 5, new Pcg64(0)).Forward(Tensor.Zeros(1, 4, 9, 9)), ["[batch, 3, height, width]", "[1, 4, 9, 9]"]),
        ["small picture"] = (() => new Conv2d(3, 2, 5, new Pcg64(0)).Forward(Tensor.Zeros(1, 3, 4, 9)), ["5×5", "[1, 3, 4, 9]"]),
        ["small window"] = (() => Tensor.Zeros(1, 1, 2, 2).MaxPool2d(3), ["3×3", "[1, 1, 2, 2]"]),
        ["padding"] = (() => Tensor.Zeros(1, 1, 4, 4).MaxPool2d(2, padding: 2), ["2"]),
        ["layer norm"] = (() => new LayerNorm(4).Forward(Tensor.Zeros(2, 3)), ["4]", "[2, 3]"]),
        ["batch norm"] = (() => new BatchNorm(4).Forward(Tensor.Zeros(2, 3)), ["[batch, 4, …]", "[2, 3]"]),
        ["batch norm of one"] = (() => new BatchNorm(3).Forward(Tensor.Zeros(1, 3)), ["more than one", "[1, 3]"]),
        ["sequence"] = (() => new Lstm(3, 2, new Pcg64(0)).Forward(Tensor.Zeros(2, 3)), ["[time, batch, 3]", "[2, 3]"]),
        ["state"] = (
            () => new Gru(3, 2, new Pcg64(0)).Forward(Tensor.Zeros(4, 2, 3), Tensor.Zeros(1, 5, 2)), ["[2, 2]", "[5, 2]"]),
        ["starts"] = (
            () => new Gru(3, 2, new Pcg64(0)).Forward(Tensor.Zeros(4, 2, 3), Tensor.Zeros(1, 2, 2), Tensor.Zeros(2, 4)), ["[4, 2]", "[2, 4]"]),
        ["cell"] = (() => new LstmCell(3, 2, new Pcg64(0)).Forward(Tensor.Zeros(3)), ["[batch, features]", "[3]"]),
        ["Nature network"] = (() => new NatureCnn(4, 2, new Pcg64(0), height: 30), ["36×36", "30×84"]),
        ["visual network"] = (() => new VisualCartPoleCnn(20, 40, 2, new Pcg64(0)), ["29×29", "20×40"]),
        ["negative size"] = (() => Tensor.Zeros(2, -1), ["-1"]),
        ["largest of nothing"] = (() => Tensor.Zeros(2, 0).Max(1), ["[2, 0]"]),
        ["floats of bytes"] = (() => Tensor.ZeroBytes(new Shape(2)).Relu(), ["byte", "[2]"]),
    };

    public static TheoryData<string> Names { get; } = [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_shape_is_named_with_the_right_one(string name)
    {
        (Action act, string[] words) = Cases[name];
        Exception? error = Record.Exception(act);
        Assert.True(error is ArgumentException or InvalidOperationException, $"{name}: {error?.ToString() ?? "nothing was thrown"}");
        Assert.All(words, word => Assert.Contains(word, error!.Message));
    }
}
