using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>A learned vector for each of a number of things; standard normal at first, as in PyTorch.</summary>
public sealed class Embedding : Module
{
    /// <param name="count">How many things there are.</param>
    /// <param name="features">The length of a vector.</param>
    /// <param name="random">Draws the initial vectors.</param>
    public Embedding(int count, int features, Pcg64 random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        Weight = AddParameter("weight", Tensor.Zeros(count, features));
        Initialise.Normal(Weight, 0, 1, random);
    }

    /// <summary>[count, features]</summary>
    public Tensor Weight { get; }

    /// <param name="input">Numbers of things, in any shape.</param>
    /// <returns>[…, features]</returns>
    public override Tensor Forward(Tensor input) => Weight.Rows(input);
}
