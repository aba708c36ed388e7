using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn.Distributions;

/// <summary>
/// A batch of distributions over actions, row by row, made from what a network returned. The values are tensors, so gradients go back
/// into the network.
/// </summary>
/// <remarks>Distributions are small values that live as long as their tensors: make one where it is used.</remarks>
public interface IDistribution
{
    /// <summary>One action for each row, drawn row by row; without gradient.</summary>
    Tensor Sample(Pcg64 random);

    /// <summary>The most probable action of each row, of the form of <see cref="Sample"/>; without gradient.</summary>
    Tensor Mode();

    /// <summary>The logarithm of the probability, or of its density, of an action.</summary>
    /// <param name="action">Of the form of <see cref="Sample"/>.</param>
    /// <returns>[batch]</returns>
    Tensor LogProbability(Tensor action);

    /// <summary>−E[ln p], in nats.</summary>
    /// <returns>[batch]</returns>
    Tensor Entropy();
}
