using Bellman.Neural.Kernels;

namespace Bellman.Neural;

/// <summary>How much of the machine the process gives to large tensors.</summary>
public static class Compute
{
    /// <summary>
    /// Threads that work on one large operator together, the caller's included: 1 or more, 1 unless set. No result depends on it.
    /// </summary>
    /// <remarks>
    /// Only work that lasts long against waking a thread is divided: convolutions of batches, large matrix products, normalisations,
    /// elementwise functions and optimizer steps. The other threads sleep in between. One caller at a time has them; an operator that
    /// another thread runs meanwhile is computed by that thread alone.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public static int Threads
    {
        get => Workers.Threads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Workers.Threads = value;
        }
    }
}
