using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>Initial values of parameters, after torch.nn.init; the numbers come from a <see cref="Pcg64"/>.</summary>
public static class Initialise
{
    /// <summary>Uniform on [low, high).</summary>
    public static void Uniform(Tensor tensor, float low, float high, Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(random);
        foreach (ref float value in tensor.Values)
        {
            value = (float)random.Uniform(low, high);
        }
    }
}
