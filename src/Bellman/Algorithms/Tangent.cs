using Bellman.Neural.Nn;
using Bellman.Neural.Tensors;

namespace Bellman.Algorithms;

/// <summary>
/// First-order changes carried forward through layers (forward-mode differentiation): J·v, where backward passes give Jᵀ·w.
/// </summary>
internal static class Tangent
{
    /// <summary>Of y = W·x + b: V·x + c + W·dx, where V and c are the changes of W and b.</summary>
    /// <param name="layer">W and b</param>
    /// <param name="direction">V and c</param>
    /// <param name="x">[batch, inputs]</param>
    /// <param name="change">dx; null for none.</param>
    public static Tensor Through(Linear layer, Linear direction, Tensor x, Tensor? change)
    {
        Tensor ofParameters = direction.Forward(x);
        return change is null ? ofParameters : ofParameters + Tensor.Linear(change, layer.Weight);
    }

    /// <summary>The result of linear layers and activations one after another, and its change.</summary>
    public static (Tensor Result, Tensor? Change) Through(Sequential layers, Sequential direction, Tensor x, Tensor? change)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i] is Linear linear)
            {
                change = Through(linear, (Linear)direction[i], x, change);
                x = linear.Forward(x);
                continue;
            }

            x = layers[i].Forward(x);
            change = change is null ? null : change * Slope(layers[i], x);
        }

        return (x, change);
    }

    /// <summary>f′ as a function of y = f(x).</summary>
    private static Tensor Slope(Module activation, Tensor y) => activation switch
    {
        Tanh => 1 - y.Square(),
        Relu => Step(y, below: 0),
        LeakyRelu leaky => Step(y.Relu(), leaky.Slope),
        Elu => y.Clamp(high: 0) + 1,
        _ => throw new NotSupportedException($"{activation.GetType().Name} has no forward derivative."),
    };

    // 1 where y > 0 (y is never negative here), and the other slope elsewhere.
    private static Tensor Step(Tensor y, float below)
    {
        Tensor zeros = y * 0;
        return Tensor.Where(y, zeros + 1, zeros + below);
    }
}
