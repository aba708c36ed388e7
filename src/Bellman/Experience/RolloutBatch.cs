using Bellman.Environments;
using Bellman.Neural.Tensors;

namespace Bellman.Experience;

/// <summary>Rows of a rollout. The tensors are reused by the next batch of the same size.</summary>
public sealed class RolloutBatch
{
    internal RolloutBatch(int size, Space observations, int actionSize, int maskSize, bool bytes)
    {
        Shape rows = observations.Shape.Prepend(size);
        Observations = bytes ? Tensor.ZeroBytes(rows) : Tensor.Zeros(rows);
        Actions = Tensor.Zeros(size, actionSize);
        Values = Tensor.Zeros(size);
        LogProbabilities = Tensor.Zeros(size);
        Advantages = Tensor.Zeros(size);
        Returns = Tensor.Zeros(size);
        if (maskSize > 0) Masks = Tensor.Zeros(size, maskSize);
    }

    /// <summary>s: [batch, …]; bytes for images.</summary>
    public Tensor Observations { get; }

    /// <summary>a as the policy drew it: [batch, action]</summary>
    public Tensor Actions { get; }

    /// <summary>V(s) at the time of acting: [batch]</summary>
    public Tensor Values { get; }

    /// <summary>ln π(a|s) at the time of acting: [batch]</summary>
    public Tensor LogProbabilities { get; }

    /// <summary>Â: [batch]</summary>
    public Tensor Advantages { get; }

    /// <summary>What V(s) should have been: [batch]</summary>
    public Tensor Returns { get; }

    /// <summary>Zero where an action was forbidden: [batch, actions]; null where none ever was.</summary>
    public Tensor? Masks { get; }

    /// <summary>Â with mean 0 and deviation 1 over this batch, in place. A batch of one row stays as it is.</summary>
    public void NormalizeAdvantages()
    {
        Span<float> advantages = Advantages.Values;
        if (advantages.Length < 2) return;
        double mean = 0;
        foreach (float advantage in advantages)
        {
            mean += advantage;
        }

        mean /= advantages.Length;
        double squares = 0;
        foreach (float advantage in advantages)
        {
            squares += (advantage - mean) * (advantage - mean);
        }

        double scale = 1 / (Math.Sqrt(squares / (advantages.Length - 1)) + 1e-8);
        foreach (ref float advantage in advantages)
        {
            advantage = (float)((advantage - mean) * scale);
        }
    }
}
