using Bellman.Neural.Kernels;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>Modules one after another, named "0", "1" … as in PyTorch.</summary>
/// <remarks>A linear layer and the ReLU or Tanh after it run as one kernel, and so do a convolution or a normalisation and a ReLU.</remarks>
public sealed class Sequential : Module
{
    private readonly Module[] modules;
    private readonly Activation[] fused;
    private readonly Func<Tensor, Tensor> layers;

    public Sequential(params ReadOnlySpan<Module> modules)
    {
        this.modules = modules.ToArray();
        layers = Layers;
        fused = new Activation[modules.Length];
        for (int i = 0; i < modules.Length; i++)
        {
            Add(i.ToString(), modules[i]);
            Module? next = i + 1 < modules.Length ? modules[i + 1] : null;
            Activation activation = next is Relu ? Activation.Relu : next is Tanh ? Activation.Tanh : Activation.None;
            if (modules[i] is IFusing layer && layer.Fuses(activation)) fused[i] = activation;
        }
    }

    public int Count => modules.Length;

    public Module this[int index] => modules[index];

    /// <summary>
    /// Rows of a batch that pass at a time, on each thread, in evaluation mode where no gradient is recorded; 0: all. No result depends on it.
    /// </summary>
    /// <remarks>A few pictures at a time keep what lies between convolutions in the cache.</remarks>
    public int RowsAtOnce { get; init; }

    public override Tensor Forward(Tensor input) => RowSlices.Forward(this, layers, input, RowsAtOnce);

    private Tensor Layers(Tensor input)
    {
        Tensor x = input;
        for (int i = 0; i < modules.Length; i++)
        {
            if (fused[i] == Activation.None)
            {
                x = modules[i].Forward(x);
            }
            else
            {
                x = ((IFusing)modules[i]).Forward(x, fused[i]);
                i++;      // the activation is done
            }
        }

        return x;
    }
}
