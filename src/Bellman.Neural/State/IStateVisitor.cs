namespace Bellman.Neural.State;

/// <summary>
/// Something that a checkpoint holds. Saving and loading are two visitors of the one list that <see cref="Visit"/>
/// gives.
/// </summary>
public interface IStateful
{
    /// <summary>Names every value that decides how this object goes on, always in the same order.</summary>
    void Visit(IStateVisitor state);
}

/// <summary>Walks over state to save, load, count or hash it. Names are unique within their scope.</summary>
public interface IStateVisitor
{
    /// <summary>True where values are written into the object, false where they are read from it.</summary>
    bool IsLoading { get; }

    /// <summary>One number or boolean.</summary>
    void Value<T>(string name, ref T value) where T : unmanaged;

    /// <summary>
    /// A block of numbers whose length the object knows by now (visit a count before the values it counts).
    /// </summary>
    void Values<T>(string name, Span<T> values) where T : unmanaged;

    /// <summary>
    /// A large block of which little changes from one checkpoint to the next, such as a memory of what was seen: a checkpoint may refer to
    /// pieces of it that an earlier one has written.
    /// </summary>
    void Settled<T>(string name, Span<T> values) where T : unmanaged => Values(name, values);

    /// <summary>A text; null is kept as null.</summary>
    void Text(string name, ref string? text);

    /// <summary>Opens a scope; the names inside are prefixed by <paramref name="name"/> and a point.</summary>
    void Enter(string name);

    /// <summary>Closes the scope opened last.</summary>
    void Leave();
}

public static class StateVisitorExtensions
{
    /// <summary>
    /// A count of values or parts that follow; a saved count outside 0 … <paramref name="limit"/> is refused.
    /// </summary>
    public static void Count(this IStateVisitor state, string name, ref int count, int limit)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(name, ref count);
        if (count < 0 || count > limit)
        {
            throw new FileFormatException($"'{name}' counts 0 to {limit}; got {count}.");
        }
    }

    /// <summary>Visits a part in a scope of its own.</summary>
    public static void Part(this IStateVisitor state, string name, IStateful part)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(part);
        state.Enter(name);
        part.Visit(state);
        state.Leave();
    }

    /// <summary>Visits equal parts in numbered scopes: <c>name.0</c>, <c>name.1</c> …</summary>
    public static void Parts<T>(this IStateVisitor state, string name, IReadOnlyList<T> parts) where T : IStateful
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(parts);
        state.Enter(name);
        for (int i = 0; i < parts.Count; i++)
        {
            state.Part(i.ToString(), parts[i]);
        }

        state.Leave();
    }
}
