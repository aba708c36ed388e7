namespace Bellman.Neural.Tensors.Files;

// What a pickle may hold here: null, bool, long, double, string, byte[], and the following.

/// <summary>A tuple; also a shape.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A dictionary in order; a key may come twice, the reader of names decides.</summary>
internal sealed class PickleDictionary
{
    public List<(object? Key, object? Value)> Items { get; } = [];
}

/// <summary>A name that the pickle imports, one of the few that are allowed.</summary>
internal sealed record PickleGlobal(string Name);

/// <summary>The numbers behind tensors: an entry <c>data/KEY</c> of the archive.</summary>
internal sealed record PickleStorage(TensorElement Element, string Key, long Count);

/// <summary>A view on a storage: element (i, j, …) lies at offset + i · strides[0] + j · strides[1] + …</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Sizes, long[] Strides);
