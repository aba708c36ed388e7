using Bellman.Neural.State;

namespace Bellman.Environments.Box2D.Physics;

/// <summary>
/// A binary tree of boxes, each around those of its two children, which is kept balanced by rotations as leaves come and go
/// (Presson's dynamic AABB tree). Leaves are fixtures.
/// </summary>
internal sealed class DynamicTree(int leafCapacity) : IStateful
{
    public const int None = Pool<TreeNode>.None;

    private readonly Pool<TreeNode> nodes = new(2 * leafCapacity);
    private int[] stack = new int[64];
    private int root = None;

    public ref readonly Bounds BoundsOf(int node) => ref nodes[node].Bounds;

    public int FixtureOf(int leaf) => nodes[leaf].Fixture;

    public void Clear()
    {
        nodes.Clear();
        root = None;
    }

    /// <summary>Adds a leaf whose box exceeds <paramref name="bounds"/> by the margin.</summary>
    public int Add(in Bounds bounds, int fixture)
    {
        int leaf = TakeNode();
        nodes[leaf].Bounds = bounds.Grow(Tuning.BoundsMargin);
        nodes[leaf].Fixture = fixture;
        Insert(leaf);
        return leaf;
    }

    public void Remove(int leaf)
    {
        Detach(leaf);
        nodes.Release(leaf);
    }

    /// <summary>Puts a leaf that has left its box into a new one, which also reaches ahead along the displacement.</summary>
    /// <returns>False where the leaf is still inside.</returns>
    public bool Move(int leaf, in Bounds bounds, Vector displacement)
    {
        if (nodes[leaf].Bounds.Contains(bounds)) return false;
        Detach(leaf);

        Bounds grown = bounds.Grow(Tuning.BoundsMargin);
        Vector ahead = Tuning.BoundsLookahead * displacement;
        var lower = new Vector(
            ahead.X < 0 ? grown.Lower.X + ahead.X : grown.Lower.X, ahead.Y < 0 ? grown.Lower.Y + ahead.Y : grown.Lower.Y);
        var upper = new Vector(
            ahead.X < 0 ? grown.Upper.X : grown.Upper.X + ahead.X, ahead.Y < 0 ? grown.Upper.Y : grown.Upper.Y + ahead.Y);
        nodes[leaf].Bounds = new Bounds(lower, upper);
        Insert(leaf);
        return true;
    }

    /// <summary>Visits the leaves whose boxes overlap <paramref name="bounds"/>, the second child first.</summary>
    public void Query<TVisitor>(in Bounds bounds, ref TVisitor visitor)
        where TVisitor : ILeafVisitor, allows ref struct
    {
        int depth = 0;
        Push(ref depth, root);
        while (depth > 0)
        {
            int index = stack[--depth];
            if (index == None) continue;
            ref readonly TreeNode node = ref nodes[index];
            if (!Bounds.Overlap(node.Bounds, bounds)) continue;
            if (node.IsLeaf)
            {
                visitor.Visit(index, node.Fixture);
                continue;
            }

            Push(ref depth, node.First);
            Push(ref depth, node.Second);
        }
    }

    /// <summary>Visits the leaves whose boxes the ray may cross, until a visitor shortens it to nothing.</summary>
    public void Cast<TVisitor>(Vector from, Vector to, ref TVisitor visitor)
        where TVisitor : IRayVisitor, allows ref struct
    {
        Vector across = (to - from).Normalized().TurnLeft();
        var acrossSize = new Vector(MathF.Abs(across.X), MathF.Abs(across.Y));
        float limit = 1;
        Bounds reach = Reach(from, to, limit);

        int depth = 0;
        Push(ref depth, root);
        while (depth > 0)
        {
            int index = stack[--depth];
            if (index == None) continue;
            ref readonly TreeNode node = ref nodes[index];
            if (!Bounds.Overlap(node.Bounds, reach)) continue;

            // The line passes the box by if the box's centre is further away than the box's extent across the line.
            float away = MathF.Abs(Vector.Dot(across, from - node.Bounds.Centre));
            if (away - Vector.Dot(acrossSize, node.Bounds.HalfSize) > 0) continue;
            if (!node.IsLeaf)
            {
                Push(ref depth, node.First);
                Push(ref depth, node.Second);
                continue;
            }

            float shortened = visitor.Visit(node.Fixture, limit);
            if (shortened == 0) return;
            if (shortened == limit) continue;
            limit = shortened;
            reach = Reach(from, to, limit);
        }
    }

    public void Visit(IStateVisitor state)
    {
        state.Part(nameof(nodes), nodes);
        state.Value(nameof(root), ref root);
    }

    private static Bounds Reach(Vector from, Vector to, float limit)
    {
        Vector end = from + (limit * (to - from));
        return new Bounds(Vector.Min(from, end), Vector.Max(from, end));
    }

    private void Push(ref int depth, int node)
    {
        if (depth == stack.Length) Array.Resize(ref stack, 2 * stack.Length);
        stack[depth++] = node;
    }

    private int TakeNode()
    {
        int node = nodes.Take();
        nodes[node] = new TreeNode { Parent = None, First = None, Second = None, Fixture = None };
        return node;
    }

    // Gives the leaf the sibling that makes the boxes grow least, under a new parent.
    private void Insert(int leaf)
    {
        if (root == None)
        {
            root = leaf;
            nodes[leaf].Parent = None;
            return;
        }

        int sibling = FindSibling(nodes[leaf].Bounds);
        int grandparent = nodes[sibling].Parent;
        int parent = TakeNode();
        nodes[parent] = new TreeNode
        {
            Bounds = Bounds.Around(nodes[leaf].Bounds, nodes[sibling].Bounds),
            Parent = grandparent,
            First = sibling,
            Second = leaf,
            Fixture = None,
            Height = nodes[sibling].Height + 1,
        };
        nodes[sibling].Parent = parent;
        nodes[leaf].Parent = parent;
        ReplaceChild(grandparent, sibling, parent);
        Refit(parent);
    }

    private int FindSibling(in Bounds bounds)
    {
        int index = root;
        while (!nodes[index].IsLeaf)
        {
            ref readonly TreeNode node = ref nodes[index];
            float perimeter = node.Bounds.Perimeter;
            float together = Bounds.Around(node.Bounds, bounds).Perimeter;

            // Here: a parent around both. Below: this box grows all the same, and the child's too.
            float costHere = 2.0f * together;
            float inherited = 2.0f * (together - perimeter);
            float costFirst = CostBelow(node.First, bounds, inherited);
            float costSecond = CostBelow(node.Second, bounds, inherited);
            if (costHere < costFirst && costHere < costSecond) break;
            index = costFirst < costSecond ? node.First : node.Second;
        }

        return index;
    }

    private float CostBelow(int child, in Bounds bounds, float inherited)
    {
        ref readonly TreeNode node = ref nodes[child];
        float together = Bounds.Around(bounds, node.Bounds).Perimeter;
        return node.IsLeaf ? together + inherited : together - node.Bounds.Perimeter + inherited;
    }

    private void Detach(int leaf)
    {
        if (leaf == root)
        {
            root = None;
            return;
        }

        int parent = nodes[leaf].Parent;
        int grandparent = nodes[parent].Parent;
        int sibling = nodes[parent].First == leaf ? nodes[parent].Second : nodes[parent].First;
        ReplaceChild(grandparent, parent, sibling);
        nodes[sibling].Parent = grandparent;
        nodes.Release(parent);
        Refit(grandparent);
    }

    private void ReplaceChild(int parent, int child, int replacement)
    {
        if (parent == None)
        {
            root = replacement;
        }
        else if (nodes[parent].First == child)
        {
            nodes[parent].First = replacement;
        }
        else
        {
            nodes[parent].Second = replacement;
        }
    }

    // Balances and measures from a node up to the root.
    private void Refit(int index)
    {
        while (index != None)
        {
            index = Balance(index);
            Measure(index);
            index = nodes[index].Parent;
        }
    }

    private void Measure(int index)
    {
        ref TreeNode node = ref nodes[index];
        ref readonly TreeNode first = ref nodes[node.First];
        ref readonly TreeNode second = ref nodes[node.Second];
        node.Height = 1 + Math.Max(first.Height, second.Height);
        node.Bounds = Bounds.Around(first.Bounds, second.Bounds);
    }

    // Lifts the higher child above the node where their heights differ by more than one.
    private int Balance(int index)
    {
        ref readonly TreeNode node = ref nodes[index];
        if (node.IsLeaf || node.Height < 2) return index;
        int balance = nodes[node.Second].Height - nodes[node.First].Height;
        return balance switch
        {
            > 1 => Lift(index, node.Second),
            < -1 => Lift(index, node.First),
            _ => index,
        };
    }

    private int Lift(int index, int child)
    {
        ref TreeNode node = ref nodes[index];
        ref TreeNode lifted = ref nodes[child];
        bool wasSecond = node.Second == child;
        int first = lifted.First;
        int second = lifted.Second;
        (int kept, int given) = nodes[first].Height > nodes[second].Height ? (first, second) : (second, first);

        lifted.Parent = node.Parent;
        ReplaceChild(lifted.Parent, index, child);
        lifted.First = index;
        lifted.Second = kept;
        node.Parent = child;
        if (wasSecond)
        {
            node.Second = given;
        }
        else
        {
            node.First = given;
        }

        nodes[given].Parent = index;
        Measure(index);
        Measure(child);
        return child;
    }
}

/// <summary>A box of the tree.</summary>
internal struct TreeNode
{
    public Bounds Bounds;
    public int Parent;
    public int First;
    public int Second;

    /// <summary>0 for leaves.</summary>
    public int Height;

    /// <summary>What a leaf stands for.</summary>
    public int Fixture;

    public readonly bool IsLeaf => First == DynamicTree.None;
}

internal interface ILeafVisitor
{
    void Visit(int leaf, int fixture);
}

internal interface IRayVisitor
{
    /// <returns>The fraction of the way to which the ray is shortened, or <paramref name="limit"/> to leave it.</returns>
    float Visit(int fixture, float limit);
}
