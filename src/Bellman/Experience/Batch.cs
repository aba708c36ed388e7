using Bellman.Environments;
using Bellman.Neural.Tensors;

namespace Bellman.Experience;

/// <summary>Transitions drawn from a memory. The tensors are reused by the next draw of the same size.</summary>
public sealed class Batch
{
    internal Batch(int size, Space observations, int actionSize, bool bytes, bool prioritized)
    {
        Observations = Rows(size, observations.Shape, bytes);
        NextObservations = Rows(size, observations.Shape, bytes);
        Actions = Tensor.Zeros(size, actionSize);
        Rewards = Tensor.Zeros(size);
        Discounts = Tensor.Zeros(size);
        Positions = new int[size];
        if (prioritized) Weights = Tensor.Zeros(size);
    }

    /// <summary>s: [batch, …]; bytes for images.</summary>
    public Tensor Observations { get; }

    /// <summary>a: [batch, action]</summary>
    public Tensor Actions { get; }

    /// <summary>r, or Σ γᵏ rₖ over the n steps that the memory was asked for: [batch]</summary>
    public Tensor Rewards { get; }

    /// <summary>s′, the true successor n steps later, also where the episode ended there: [batch, …]</summary>
    public Tensor NextObservations { get; }

    /// <summary>γⁿ, or 0 where s′ is terminal: what the value of s′ is multiplied by. A time limit is not an end. [batch]</summary>
    public Tensor Discounts { get; }

    /// <summary>
    /// w: what each transition's loss is multiplied by to correct for the preference with which it was drawn; the largest is 1. Null where
    /// the draw was uniform. [batch]
    /// </summary>
    public Tensor? Weights { get; }

    /// <summary>Where the memory holds the transitions.</summary>
    internal int[] Positions { get; }

    private static Tensor Rows(int count, Shape shape, bool bytes)
    {
        Shape rows = shape.Prepend(count);
        return bytes ? Tensor.ZeroBytes(rows) : Tensor.Zeros(rows);
    }
}
