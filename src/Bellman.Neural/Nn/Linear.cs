using Bellman.Neural.Kernels;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>y = x · Wᵀ + b, with PyTorch's default initialisation: weights and bias uniform on ±1/√inputs.</summary>
public sealed class Linear : Module, IFusing
{
    /// <param name="inputs">Features of x.</param>
    /// <param name="outputs">Features of y.</param>
    /// <param name="random">Draws the initial weights, then the bias.</param>
    /// <param name="bias">False for y = x · Wᵀ.</param>
    public Linear(int inputs, int outputs, Pcg64 random, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        Weight = AddParameter("weight", Tensor.Zeros(outputs, inputs));
        float bound = 1 / MathF.Sqrt(inputs);
        Initialise.Uniform(Weight, -bound, bound, random);
        if (!bias) return;
        Bias = AddParameter("bias", Tensor.Zeros(outputs));
        Initialise.Uniform(Bias, -bound, bound, random);
    }

    /// <summary>[outputs, inputs]</summary>
    public Tensor Weight { get; }

    /// <summary>[outputs]; null without bias.</summary>
    public Tensor? Bias { get; }

    /// <param name="input">[…, inputs]</param>
    /// <returns>[…, outputs]</returns>
    public override Tensor Forward(Tensor input) => Tensor.Linear(input, Weight, Bias);

    bool IFusing.Fuses(Activation activation) => true;

    Tensor IFusing.Forward(Tensor input, Activation activation) => Tensor.Linear(input, Weight, Bias, activation);

    /// <summary>The layer with a ReLU after it, in one kernel.</summary>
    internal Tensor ForwardRelu(Tensor input) => Tensor.Linear(input, Weight, Bias, Activation.Relu);
}
