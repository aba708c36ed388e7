using Bellman.Neural.Nn;
using Bellman.Neural.Tensors;

namespace Bellman.Training;

/// <summary>A copy of a network's parameters and buffers, to which it can return.</summary>
internal sealed class PolicySnapshot
{
    private readonly Module network;
    private readonly float[] values;

    /// <param name="network">Copied at once.</param>
    public PolicySnapshot(Module network)
    {
        this.network = network;
        values = new float[network.NamedState().Sum(entry => entry.Value.Length)];
        Take();
    }

    /// <summary>The numbers in the order of <see cref="Module.NamedState"/>.</summary>
    public Span<float> Values => values;

    /// <summary>Copies the network as it is now.</summary>
    public void Take()
    {
        int position = 0;
        foreach ((_, Tensor value) in network.NamedState())
        {
            value.Values.CopyTo(values.AsSpan(position));
            position += value.Length;
        }
    }

    /// <summary>Brings the network back to the copy.</summary>
    public void Restore()
    {
        int position = 0;
        foreach ((_, Tensor value) in network.NamedState())
        {
            values.AsSpan(position, value.Length).CopyTo(value.Values);
            position += value.Length;
        }
    }
}
