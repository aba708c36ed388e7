using Bellman.Neural.State;

namespace Bellman.Neural.Tensors.Files;

/// <summary>The names that a pickle may import, and what calling them gives.</summary>
internal static class PickleObjects
{
    public const string OrderedDictionary = "collections.OrderedDict";
    public const string RebuildTensor = "torch._utils._rebuild_tensor_v2";

    private const string RebuildOldTensor = "torch._utils._rebuild_tensor";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";
    private const string Size = "torch.Size";

    private static readonly HashSet<string> Callable =
        [OrderedDictionary, RebuildTensor, RebuildOldTensor, RebuildParameter, Size];

    private static readonly Dictionary<string, TensorElement> Storages = new()
    {
        ["torch.FloatStorage"] = TensorElement.Float32,
        ["torch.DoubleStorage"] = TensorElement.Float64,
        ["torch.HalfStorage"] = TensorElement.Float16,
        ["torch.BFloat16Storage"] = TensorElement.BFloat16,
        ["torch.LongStorage"] = TensorElement.Int64,
        ["torch.IntStorage"] = TensorElement.Int32,
        ["torch.ShortStorage"] = TensorElement.Int16,
        ["torch.CharStorage"] = TensorElement.Int8,
        ["torch.ByteStorage"] = TensorElement.UInt8,
        ["torch.BoolStorage"] = TensorElement.Bool,
    };

    public static PickleGlobal Import(string name) =>
        Callable.Contains(name) || Storages.ContainsKey(name)
            ? new PickleGlobal(name)
            : throw new FileFormatException(
                $"The pickle asks for '{name}', which is refused: only tensors and plain containers are read.");

    /// <summary>The name under which a storage of this type is imported.</summary>
    public static string StorageName(TensorElement element) => Storages.First(storage => storage.Value == element).Key;

    /// <summary>What the call of an imported name stands for.</summary>
    public static object? Create(object? callable, object? arguments)
    {
        if (callable is not PickleGlobal { Name: string name }
            || arguments is not PickleTuple { Items: object?[] items })
        {
            throw new FileFormatException("The pickle calls something that cannot be called.");
        }

        return (name, items) switch
        {
            (OrderedDictionary, []) => new PickleDictionary(),
            (OrderedDictionary, [List<object?> pairs]) => FromPairs(pairs),
            (RebuildTensor or RebuildOldTensor, [PickleStorage storage, long offset, PickleTuple s, PickleTuple t, ..])
                => new PickleTensor(storage, offset, Numbers(s), Numbers(t)),
            (RebuildParameter, [PickleTensor tensor, ..]) => tensor,
            (Size, [PickleTuple sizes]) => sizes,
            _ => throw new FileFormatException($"The pickle calls '{name}' with unknown arguments."),
        };
    }

    /// <summary>
    /// ('storage', type, key, device, count), which is how PyTorch refers to the entries of its archive.
    /// </summary>
    public static PickleStorage Storage(object? reference) =>
        reference is PickleTuple { Items: ["storage", PickleGlobal { Name: var type }, string key, string, long count] }
        && Storages.TryGetValue(type, out TensorElement element)
            ? new PickleStorage(element, key, count)
            : throw new FileFormatException("The pickle refers to something outside that is no storage of numbers.");

    private static PickleDictionary FromPairs(List<object?> pairs)
    {
        var result = new PickleDictionary();
        foreach (object? pair in pairs)
        {
            object?[] items = (pair as PickleTuple)?.Items ?? (pair as List<object?>)?.ToArray() ?? [];
            if (items.Length != 2) throw new FileFormatException("The pickle makes a dictionary of other than pairs.");
            result.Items.Add((items[0], items[1]));
        }

        return result;
    }

    private static long[] Numbers(PickleTuple tuple) => Array.ConvertAll(
        tuple.Items,
        item => item is long number ? number : throw new FileFormatException("A tensor's size is no integer."));
}
