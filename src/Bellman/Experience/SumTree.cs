using System.Numerics;
using Bellman.Neural.State;

namespace Bellman.Experience;

/// <summary>
/// Numbers whose running sum can be searched and changed in logarithmic time: a draw in proportion to them. Schaul et al. 2016,
/// appendix B.2.1.
/// </summary>
/// <remarks>
/// A complete binary tree in an array: node i has the children 2i and 2i + 1, the leaves come last. A node is always recomputed as the
/// sum of its two children, never corrected by a difference, so the tree is a function of its leaves alone, to the bit, and rounding
/// errors cannot pile up. A checkpoint holds the leaves.
/// </remarks>
internal sealed class SumTree
{
    private readonly int firstLeaf;
    private readonly double[] nodes;

    /// <param name="count">How many numbers there are, all zero at first.</param>
    public SumTree(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Count = count;
        firstLeaf = (int)BitOperations.RoundUpToPowerOf2((uint)count);
        nodes = new double[2L * firstLeaf];
    }

    public int Count { get; }

    /// <summary>The sum of all numbers.</summary>
    public double Total => nodes[1];

    /// <summary>One of the numbers; at least 0.</summary>
    public double this[int index]
    {
        get => nodes[firstLeaf + index];
        set
        {
            int node = firstLeaf + index;
            nodes[node] = value;
            for (node /= 2; node >= 1; node /= 2)
            {
                nodes[node] = nodes[2 * node] + nodes[(2 * node) + 1];
            }
        }
    }

    /// <summary>The first index at which the running sum exceeds <paramref name="mass"/>; never that of a zero.</summary>
    /// <param name="mass">In [0, <see cref="Total"/>), of a total that is not zero.</param>
    public int Find(double mass)
    {
        int node = 1;
        while (node < firstLeaf)
        {
            node *= 2;

            // Rounding may leave a little mass where nothing is left to the right.
            if (mass < nodes[node] || nodes[node + 1] == 0) continue;
            mass -= nodes[node];
            node++;
        }

        return node - firstLeaf;
    }

    /// <summary>Visits the first numbers; the others are zero.</summary>
    public void Visit(IStateVisitor state, string name, int used)
    {
        state.Values(name, nodes.AsSpan(firstLeaf, used));
        if (!state.IsLoading) return;
        for (int node = firstLeaf - 1; node >= 1; node--)
        {
            nodes[node] = nodes[2 * node] + nodes[(2 * node) + 1];
        }
    }
}
