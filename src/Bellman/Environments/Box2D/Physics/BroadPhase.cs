using Bellman.Neural.State;

namespace Bellman.Environments.Box2D.Physics;

/// <summary>Finds the pairs of fixtures whose boxes have begun to overlap.</summary>
internal sealed class BroadPhase(int leafCapacity) : IStateful
{
    private readonly DynamicTree tree = new(leafCapacity);
    private int[] moved = new int[leafCapacity];
    private int movedCount;
    private ulong[] pairs = new ulong[64];

    public DynamicTree Tree => tree;

    public void Clear()
    {
        tree.Clear();
        movedCount = 0;
    }

    public int Add(in Bounds bounds, int fixture)
    {
        int leaf = tree.Add(bounds, fixture);
        RememberMove(leaf);
        return leaf;
    }

    public void Remove(int leaf)
    {
        moved.AsSpan(0, movedCount).Replace(leaf, DynamicTree.None);
        tree.Remove(leaf);
    }

    public void Move(int leaf, in Bounds bounds, Vector displacement)
    {
        if (tree.Move(leaf, bounds, displacement)) RememberMove(leaf);
    }

    public bool Overlap(int leafA, int leafB) => Bounds.Overlap(tree.BoundsOf(leafA), tree.BoundsOf(leafB));

    /// <summary>
    /// The overlaps of all leaves that moved since the last call, ascending by leaf numbers and free of repetitions. The span is
    /// valid until the next call.
    /// </summary>
    public ReadOnlySpan<ulong> TakePairs()
    {
        var collector = new PairCollector(this);
        for (int i = 0; i < movedCount; i++)
        {
            if (moved[i] == DynamicTree.None) continue;
            collector.Leaf = moved[i];
            tree.Query(tree.BoundsOf(moved[i]), ref collector);
        }

        movedCount = 0;
        Span<ulong> found = pairs.AsSpan(0, collector.Count);
        found.Sort();
        int distinct = 0;
        for (int i = 0; i < found.Length; i++)
        {
            if (i == 0 || found[i] != found[i - 1]) found[distinct++] = found[i];
        }

        return found[..distinct];
    }

    /// <summary>The two leaves of a pair, the lower number first.</summary>
    public static (int A, int B) Split(ulong pair) => ((int)(pair >> 32), (int)(uint)pair);

    public void Visit(IStateVisitor state)
    {
        state.Part(nameof(tree), tree);
        state.Value(nameof(movedCount), ref movedCount);
        if (movedCount > moved.Length) Array.Resize(ref moved, movedCount);
        state.Values(nameof(moved), moved.AsSpan(0, movedCount));
    }

    private void RememberMove(int leaf)
    {
        if (movedCount == moved.Length) Array.Resize(ref moved, Math.Max(16, 2 * movedCount));
        moved[movedCount++] = leaf;
    }

    private struct PairCollector(BroadPhase owner) : ILeafVisitor
    {
        public int Leaf;
        public int Count;

        public void Visit(int leaf, int fixture)
        {
            if (leaf == Leaf) return;
            if (Count == owner.pairs.Length) Array.Resize(ref owner.pairs, 2 * Count);
            owner.pairs[Count++] = ((ulong)(uint)Math.Min(leaf, Leaf) << 32) | (uint)Math.Max(leaf, Leaf);
        }
    }
}
