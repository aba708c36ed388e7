using Bellman.Neural.State;

namespace Bellman.Environments.Box2D.Physics;

/// <summary>
/// Numbered records in one array. A released number is the next to be handed out, fresh numbers ascend: the order decides which
/// contacts are found first, so it is part of the state.
/// </summary>
internal sealed class Pool<T>(int capacity) : IStateful
    where T : unmanaged
{
    public const int None = -1;

    private T[] items = new T[capacity];
    private int[] nextFree = new int[capacity];
    private int firstFree = None;
    private int used;

    public ref T this[int index] => ref items[index];

    /// <summary>All records ever handed out since the last <see cref="Clear"/>, released ones among them.</summary>
    public int Used => used;

    /// <summary>The number of a record whose content is whatever was there before.</summary>
    public int Take()
    {
        if (firstFree != None)
        {
            int index = firstFree;
            firstFree = nextFree[index];
            return index;
        }

        if (used == items.Length) Resize(Math.Max(16, 2 * used));
        return used++;
    }

    public void Release(int index)
    {
        nextFree[index] = firstFree;
        firstFree = index;
    }

    public void Clear()
    {
        firstFree = None;
        used = 0;
    }

    public void Visit(IStateVisitor state)
    {
        state.Value("used", ref used);
        state.Value("firstFree", ref firstFree);
        if (used > items.Length) Resize(used);
        state.Values("items", items.AsSpan(0, used));
        state.Values("nextFree", nextFree.AsSpan(0, used));
    }

    private void Resize(int size)
    {
        Array.Resize(ref items, size);
        Array.Resize(ref nextFree, size);
    }
}
