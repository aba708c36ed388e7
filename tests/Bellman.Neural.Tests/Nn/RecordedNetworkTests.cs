using System.Text.Json;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;
using Bellman.Neural.Tensors.Files;
using Bellman.Neural.Tests.Tensors;

namespace Bellman.Neural.Tests.Nn;

/// <summary>Networks with the weights that PyTorch saved give the outputs that PyTorch gave.</summary>
public sealed class RecordedNetworkTests
{
    [Fact]
    public void The_visual_CartPole_network_has_PyTorchs_names_shapes_and_outputs() =>
        Check("visual-cartpole", (input, _) => new VisualCartPoleCnn(input.Shape[2], input.Shape[3], outputs: 2, new Pcg64(0)));

    [Fact]
    public void A_perceptron_gives_PyTorchs_outputs() =>
        Check("mlp-8-64-64-4", (_, _) => new Perceptron());

    private static void Check(string name, Func<Tensor, JsonElement, Module> create)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "golden", "torch", name);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path + ".json"));
        var golden = new GoldenCase(document.RootElement, name);
        Tensor input = golden.Tensor("input");
        Module network = create(input, document.RootElement);
        JsonElement keys = document.RootElement.GetProperty("keys");
        Assert.Equal(keys.EnumerateObject().Select(key => key.Name), network.NamedState().Select(entry => entry.Name));

        foreach ((string key, Tensor value) in network.NamedState())
        {
            int[] shape = [.. keys.GetProperty(key).EnumerateArray().Select(size => size.GetInt32())];
            Assert.Equal(new Shape(shape), value.Shape);
        }

        TensorFile.Load(path + ".pt").CopyTo(network.NamedState());
        network.Train(on: false);
        golden.Near("output", "output", network.Forward(input).Values);
    }

    private sealed class Perceptron : Module
    {
        private readonly Linear first;
        private readonly Linear second;
        private readonly Linear third;

        public Perceptron()
        {
            first = Add("fc1", new Linear(8, 64, new Pcg64(0)));
            second = Add("fc2", new Linear(64, 64, new Pcg64(0)));
            third = Add("fc3", new Linear(64, 4, new Pcg64(0)));
        }

        public override Tensor Forward(Tensor input) => third.Forward(second.Forward(first.Forward(input).Relu()).Relu());
    }
}
