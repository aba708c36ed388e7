using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>A multilayer perceptron: linear layers with an activation between them, none after the last.</summary>
public sealed class Mlp : Module
{
    private readonly Sequential layers;

    /// <param name="inputs">Features of an input row.</param>
    /// <param name="hidden">Widths of the hidden layers; none makes the network linear.</param>
    /// <param name="outputs">Features of an output row.</param>
    /// <param name="random">Draws the initial parameters.</param>
    /// <param name="activation">Makes the activation after each hidden layer; ReLU if null.</param>
    /// <param name="outputGain">
    /// If given, weights are orthogonal, of gain √2 in hidden layers and of this gain in the last, and biases zero: the start that suits
    /// policy gradients, with 0.01 for policies and 1 for values. If null, PyTorch's default.
    /// </param>
    public Mlp(
        int inputs, ReadOnlySpan<int> hidden, int outputs, Pcg64 random, Func<Module>? activation = null, float? outputGain = null)
    {
        var modules = new List<Module>();
        int width = inputs;
        foreach (int next in hidden)
        {
            modules.Add(Layer(width, next, random, outputGain is null ? null : MathF.Sqrt(2)));
            modules.Add(activation?.Invoke() ?? new Relu());
            width = next;
        }

        modules.Add(Layer(width, outputs, random, outputGain));
        layers = Add("layers", new Sequential(modules.ToArray()));
    }

    /// <param name="input">[batch, inputs]</param>
    /// <returns>[batch, outputs]</returns>
    public override Tensor Forward(Tensor input) => layers.Forward(input);

    private static Linear Layer(int inputs, int outputs, Pcg64 random, float? gain)
    {
        var layer = new Linear(inputs, outputs, random);
        if (gain is null) return layer;
        Initialise.Orthogonal(layer.Weight, random, gain.Value);
        Initialise.Constant(layer.Bias!, 0);
        return layer;
    }
}
