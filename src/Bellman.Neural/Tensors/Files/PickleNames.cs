using Bellman.Neural.State;

namespace Bellman.Neural.Tensors.Files;

/// <summary>
/// Finds the tensors in nested containers and names them by the way to them: <c>state.0.exp_avg</c>. Other values are
/// passed over.
/// </summary>
/// <remarks>
/// Containers may contain each other or themselves, so the way is limited in depth, length and number.
/// </remarks>
/// <param name="numbers">The archive's entry for the key of a storage, or null.</param>
internal sealed class PickleNames(Func<string, ZipEntry?> numbers)
{
    private const int MaxDepth = 32;
    private const int MaxVisits = 1 << 18;
    private const int MaxNameLength = 1024;

    private readonly List<StoredTensor> tensors = [];
    private readonly HashSet<string> names = [];
    private int visits;

    public IReadOnlyList<StoredTensor> Collect(object? root)
    {
        Visit(root, name: "", depth: 0);
        return tensors;
    }

    private void Visit(object? value, string name, int depth)
    {
        if (depth > MaxDepth || name.Length > MaxNameLength)
        {
            throw new FileFormatException("The containers are nested too deeply.");
        }

        switch (value)
        {
            case PickleTensor tensor:
                if (!names.Add(name)) throw new FileFormatException($"Two tensors are called '{name}'.");
                tensors.Add(StoredTensor.Check(tensor, name, numbers(tensor.Storage.Key)));
                break;
            case PickleDictionary dictionary:
                foreach ((object? key, object? item) in dictionary.Items)
                {
                    VisitItem(item, key, name, depth);
                }

                break;
            case List<object?> list:
                VisitItems(list, name, depth);
                break;
            case PickleTuple tuple:
                VisitItems(tuple.Items, name, depth);
                break;
        }
    }

    private void VisitItems(IReadOnlyList<object?> items, string name, int depth)
    {
        for (int i = 0; i < items.Count; i++)
        {
            VisitItem(items[i], (long)i, name, depth);
        }
    }

    private void VisitItem(object? item, object? key, string name, int depth)
    {
        if (++visits > MaxVisits) throw new FileFormatException($"The containers hold more than {MaxVisits} values.");
        if (item is not (PickleTensor or PickleDictionary or List<object?> or PickleTuple)) return;
        string part = key switch
        {
            string { Length: <= MaxNameLength } text => text,
            long number => number.ToString(),
            _ => throw new FileFormatException("A dictionary has a key that cannot be part of a name."),
        };
        Visit(item, name.Length == 0 ? part : $"{name}.{part}", depth + 1);
    }
}
