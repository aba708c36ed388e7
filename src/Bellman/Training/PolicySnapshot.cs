using Bellman.Neural.Tensors;

namespace Bellman.Training;

/// <summary>A copy of a policy's parameters, buffers and statistics, to which it can return.</summary>
internal sealed class PolicySnapshot
{
    private readonly (string Name, Tensor Value)[] state;
    private readonly float[] values;

    /// <param name="state">Copied at once.</param>
    public PolicySnapshot(IEnumerable<(string Name, Tensor Value)> state)
    {
        this.state = [.. state];
        values = new float[this.state.Sum(entry => entry.Value.Length)];
        Take();
    }

    /// <summary>The numbers in the order of the tensors.</summary>
    public Span<float> Values => values;

    /// <summary>Copies the policy as it is now.</summary>
    public void Take()
    {
        int position = 0;
        foreach ((_, Tensor value) in state)
        {
            value.Values.CopyTo(values.AsSpan(position));
            position += value.Length;
        }
    }

    /// <summary>Brings the policy back to the copy.</summary>
    public void Restore()
    {
        int position = 0;
        foreach ((_, Tensor value) in state)
        {
            values.AsSpan(position, value.Length).CopyTo(value.Values);
            position += value.Length;
        }
    }
}
