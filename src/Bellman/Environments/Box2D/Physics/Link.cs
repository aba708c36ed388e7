namespace Bellman.Environments.Box2D.Physics;

/// <summary>
/// A place in a body's list of its contacts or joints. Contact or joint i owns the links 2i, in the list of its first body, and
/// 2i + 1, in that of its second.
/// </summary>
internal struct Link
{
    /// <summary>The body at the other end.</summary>
    public int Other;

    public int Previous;
    public int Next;

    public static void PushFront(Span<Link> links, ref int first, int link, int other)
    {
        links[link] = new Link { Other = other, Previous = Pool<Link>.None, Next = first };
        if (first != Pool<Link>.None) links[first].Previous = link;
        first = link;
    }

    public static void Remove(Span<Link> links, ref int first, int link)
    {
        int previous = links[link].Previous;
        int next = links[link].Next;
        if (previous != Pool<Link>.None) links[previous].Next = next;
        if (next != Pool<Link>.None) links[next].Previous = previous;
        if (first == link) first = next;
    }
}
