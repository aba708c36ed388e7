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
    public Mlp(int inputs, ReadOnlySpan<int> hidden, int outputs, Pcg64 random, Func<Module>? activation = null)
    {
        var modules = new List<Module>();
        int width = inputs;
        foreach (int next in hidden)
        {
            modules.Add(new Linear(width, next, random));
            modules.Add(activation?.Invoke() ?? new Relu());
            width = next;
        }

        modules.Add(new Linear(width, outputs, random));
        layers = Add("layers", new Sequential(modules.ToArray()));
    }

    /// <param name="input">[batch, inputs]</param>
    /// <returns>[batch, outputs]</returns>
    public override Tensor Forward(Tensor input) => layers.Forward(input);
}
