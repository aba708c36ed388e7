using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Nn;

/// <summary>Every module with an input that it takes.</summary>
internal static class ModuleCatalogue
{
    public static IReadOnlyList<(string Name, Func<Pcg64, Module> Create, Func<Tensor> Input)> All { get; } =
    [
        ("relu", _ => new Relu(), () => Rows(4, 6)),
        ("leaky relu", _ => new LeakyRelu(), () => Rows(4, 6)),
        ("tanh", _ => new Tanh(), () => Rows(4, 6)),
        ("sigmoid", _ => new Sigmoid(), () => Rows(4, 6)),
        ("elu", _ => new Elu(), () => Rows(4, 6)),
        ("silu", _ => new Silu(), () => Rows(4, 6)),
        ("gelu", _ => new Gelu(), () => Rows(4, 6)),
        ("gelu approximated", _ => new Gelu(approximate: true), () => Rows(4, 6)),
        ("softplus", _ => new Softplus(), () => Rows(4, 6)),
        ("softmax", _ => new Softmax(), () => Rows(4, 6)),
        ("flatten", _ => new Flatten(), () => Rows(4, 2, 3)),
        ("linear", random => new Linear(6, 3, random), () => Rows(4, 6)),
        ("noisy linear", random => new NoisyLinear(6, 3, random), () => Rows(4, 6)),
        ("dueling", random => new Dueling(6, 3, random), () => Rows(4, 6)),
        ("embedding", random => new Embedding(5, 3, random), () => Tensor.From([4, 0, 2, 2], 2, 2)),
        ("layer norm", _ => new LayerNorm(6), () => Rows(4, 6)),
        ("batch norm of rows", _ => new BatchNorm(6), () => Rows(4, 6)),
        ("batch norm of images", _ => new BatchNorm(3), () => Rows(2, 3, 4, 5)),
        ("convolution", random => new Conv2d(2, 3, 3, random, stride: 2, padding: 1), () => Rows(2, 2, 7, 6)),
        ("pooling", _ => new MaxPool2d(2), () => Rows(2, 2, 4, 6)),
        ("LSTM", random => new Lstm(3, 4, random), () => Rows(5, 2, 3)),
        ("LSTM of two layers", random => new Lstm(3, 4, random, layers: 2), () => Rows(5, 2, 3)),
        ("LSTM cell", random => new LstmCell(3, 4, random), () => Rows(2, 3)),
        ("GRU", random => new Gru(3, 4, random), () => Rows(5, 2, 3)),
        ("GRU of two layers", random => new Gru(3, 4, random, layers: 2), () => Rows(5, 2, 3)),
        ("GRU cell", random => new GruCell(3, 4, random), () => Rows(2, 3)),
        ("sequential", random => new Sequential(new Linear(6, 5, random), new Tanh(), new Linear(5, 2, random)), () => Rows(4, 6)),
        (
            "convolutional sequential",
            random => new Sequential(new Conv2d(1, 2, 3, random), new BatchNorm(2), new Relu(), new Flatten(), new Linear(24, 2, random)),
            () => Rows(4, 1, 6, 5)),
        ("perceptron", random => new Mlp(6, [8, 8], 2, random), () => Rows(4, 6)),
        ("orthogonal perceptron", random => new Mlp(6, [8, 8], 2, random, () => new Tanh(), outputGain: 0.01f), () => Rows(4, 6)),
        ("Nature network", random => new NatureCnn(2, 3, random, height: 36, width: 40), () => Pictures(2, 2, 36, 40)),
        (
            "dueling noisy Nature network",
            random => new NatureCnn(
                1, random, () => new Dueling(new NoisyLinear(32, 1, random), new NoisyLinear(32, 3, random)), height: 36, width: 36, features: 32),
            () => Pictures(2, 1, 36, 36)),
        ("visual CartPole network", random => new VisualCartPoleCnn(29, 33, 2, random), () => Pictures(3, 3, 29, 33)),
    ];

    public static (Module Module, Tensor Input) Create(string name)
    {
        (_, Func<Pcg64, Module> create, Func<Tensor> input) = All.Single(entry => entry.Name == name);
        return (create(new Pcg64(5)), input());
    }

    private static Tensor Rows(params int[] sizes)
    {
        Tensor tensor = Tensor.Zeros(sizes);
        new Pcg64(7).FillNormal(tensor.Values);
        return tensor;
    }

    private static Tensor Pictures(params int[] sizes)
    {
        Tensor tensor = Tensor.ZeroBytes(new Shape(sizes));
        new Pcg64(7).FillIntegers(tensor.Bytes, 0, 256);
        return tensor;
    }
}
