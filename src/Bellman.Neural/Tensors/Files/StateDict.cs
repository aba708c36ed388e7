using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Bellman.Neural.Tensors.Files;

/// <summary>A tensor under its name, and the number type that its file had.</summary>
public sealed record NamedTensor(string Name, Tensor Value, TensorElement Element = TensorElement.Float32);

/// <summary>
/// Tensors under unique names in the order of their file: PyTorch's <c>state_dict</c>, and what a safetensors file
/// holds.
/// </summary>
public sealed class StateDict : IReadOnlyCollection<NamedTensor>
{
    // PyTorch counts batches in an int64; a float32 would load as well but change the type of the file.
    private const string IntegerBuffer = "num_batches_tracked";

    private readonly List<NamedTensor> entries = [];
    private readonly Dictionary<string, NamedTensor> byName = [];

    public int Count => entries.Count;

    /// <summary>Free texts about the file; only safetensors keeps them.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    public Tensor this[string name] =>
        byName.TryGetValue(name, out NamedTensor? entry)
            ? entry.Value
            : throw new ArgumentException($"There is no tensor '{name}'; nearest is '{Nearest(name)}'.", nameof(name));

    /// <summary>
    /// Holds the tensors of a module themselves, not copies: <c>StateDict.Of(module.NamedState())</c>.
    /// </summary>
    public static StateDict Of(IEnumerable<(string Name, Tensor Value)> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var result = new StateDict();
        foreach ((string name, Tensor value) in tensors)
        {
            bool isInteger = name.EndsWith(IntegerBuffer, StringComparison.Ordinal);
            result.Add(new NamedTensor(name, value, isInteger ? TensorElement.Int64 : TensorElement.Float32));
        }

        return result;
    }

    public void Add(NamedTensor entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!byName.TryAdd(entry.Name, entry))
        {
            throw new ArgumentException($"Two tensors are called '{entry.Name}'.", nameof(entry));
        }

        entries.Add(entry);
    }

    public bool TryGet(string name, [MaybeNullWhen(false)] out Tensor value)
    {
        bool isThere = byName.TryGetValue(name, out NamedTensor? entry);
        value = entry?.Value;
        return isThere;
    }

    /// <summary>
    /// Copies values into a module: <c>state.CopyTo(module.NamedState())</c>. Every tensor of either side must have its
    /// counterpart of the same shape on the other; all is checked before anything is changed.
    /// </summary>
    public void CopyTo(IEnumerable<(string Name, Tensor Value)> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        (string Name, Tensor Value)[] targets = [.. tensors];
        foreach ((string name, Tensor target) in targets)
        {
            Tensor source = this[name];
            if (source.Shape != target.Shape)
            {
                throw new ArgumentException($"Tensor '{name}' was expected as {target.Shape}; got {source.Shape}.");
            }
        }

        if (targets.Length < Count)
        {
            string surplus = entries.First(entry => !Array.Exists(targets, target => target.Name == entry.Name)).Name;
            throw new ArgumentException($"Tensor '{surplus}' has no counterpart among the {targets.Length} expected.");
        }

        foreach ((string name, Tensor target) in targets)
        {
            this[name].Values.CopyTo(target.Values);
        }
    }

    public IEnumerator<NamedTensor> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string Nearest(string name) =>
        entries.Select(entry => entry.Name).MinBy(other => Distance(name, other)) ?? "";

    // Levenshtein's: insertions, deletions and replacements of letters.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
