using System.Runtime.CompilerServices;
using System.Text;

namespace Bellman.Neural.State;

/// <summary>Counts what an object visits, without copying any of it.</summary>
public sealed class StateCounter : IStateVisitor
{
    private readonly StateScope scope = new();
    private readonly HashSet<string> names = [];

    public bool IsLoading => false;

    /// <summary>The number of entries.</summary>
    public int Entries => names.Count;

    /// <summary>The number of values in all entries; a text counts as one.</summary>
    public long ValueCount { get; private set; }

    /// <summary>The bytes of all values, without their names.</summary>
    public long Bytes { get; private set; }

    public static StateCounter Of(IStateful part)
    {
        ArgumentNullException.ThrowIfNull(part);
        var counter = new StateCounter();
        part.Visit(counter);
        return counter;
    }

    public void Value<T>(string name, ref T value) where T : unmanaged => Add(name, 1, Unsafe.SizeOf<T>());

    public void Values<T>(string name, Span<T> values) where T : unmanaged =>
        Add(name, values.Length, (long)values.Length * Unsafe.SizeOf<T>());

    public void Text(string name, ref string? text) =>
        Add(name, 1, text is null ? 0 : Encoding.UTF8.GetByteCount(text));

    public void Enter(string name) => scope.Enter(name);

    public void Leave() => scope.Leave();

    private void Add(string name, long count, long bytes)
    {
        string fullName = scope.Name(name);
        if (!names.Add(fullName)) throw new InvalidOperationException($"Two entries of state are called '{fullName}'.");
        ValueCount += count;
        Bytes += bytes;
    }
}
