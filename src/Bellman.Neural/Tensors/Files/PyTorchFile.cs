using Bellman.Neural.State;

namespace Bellman.Neural.Tensors.Files;

/// <summary>
/// What <c>torch.save</c> writes since PyTorch 1.6: a zip archive with a pickle <c>NAME/data.pkl</c> that describes
/// tensors, and their numbers in <c>NAME/data/KEY</c>.
/// </summary>
internal static class PyTorchFile
{
    private const string PickleName = "data.pkl";
    private const string Folder = "archive/";
    private const int MaxPickleBytes = 1 << 24;
    private const int MaxSharing = 4;

    /// <summary>The protocol mark and the magic number with which <c>torch.save</c> began before PyTorch 1.6.</summary>
    public static ReadOnlySpan<byte> OldMagic =>
        [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19];

    public static IReadOnlyList<TensorEntry> List(Stream stream, Dictionary<string, ZipEntry> entries) =>
        [.. Describe(stream, entries).Select(tensor => tensor.Entry)];

    public static StateDict Load(Stream stream, Dictionary<string, ZipEntry> entries)
    {
        IReadOnlyList<StoredTensor> tensors = Describe(stream, entries);

        // Tensors may share numbers, but not so many times that a small file fills the memory.
        long elements = tensors.Sum(tensor => (long)Math.Max(tensor.Extent, tensor.Entry.Shape.Length));
        if (elements > MaxSharing * stream.Length)
        {
            throw new FileFormatException("The tensors have more elements than such a file can hold.");
        }

        foreach (ZipEntry numbers in tensors.Select(tensor => tensor.Numbers).Distinct())
        {
            ZipReader.Verify(stream, numbers);
        }

        var result = new StateDict();
        foreach (StoredTensor tensor in tensors)
        {
            result.Add(new NamedTensor(tensor.Entry.Name, tensor.Read(stream), tensor.Entry.Element));
        }

        return result;
    }

    public static void Save(Stream stream, StateDict state)
    {
        var zip = new ZipWriter(stream);
        zip.Add(Folder + PickleName, PickleWriter.Write(state));
        zip.Add(Folder + "byteorder", "little"u8);
        int key = 0;
        foreach (NamedTensor entry in state)
        {
            zip.Add($"{Folder}data/{key++}", entry.Element.Encode(entry.Value.Values));
        }

        zip.Add(Folder + "version", "3\n"u8);
        zip.Finish();
    }

    /// <summary>The entry that makes an archive one of PyTorch's, or null.</summary>
    public static ZipEntry? FindPickle(Dictionary<string, ZipEntry> entries) =>
        entries.Values.FirstOrDefault(entry => entry.Name.Split('/') is [_, PickleName]);

    private static IReadOnlyList<StoredTensor> Describe(Stream stream, Dictionary<string, ZipEntry> entries)
    {
        ZipEntry pickle = FindPickle(entries) ?? throw new FileFormatException("The archive has no data.pkl.");
        string folder = pickle.Name[..^PickleName.Length];
        if (pickle.Length > MaxPickleBytes)
        {
            throw new FileFormatException($"The pickle of {pickle.Length} bytes is too long.");
        }

        if (entries.TryGetValue(folder + "byteorder", out ZipEntry? order)
            && !stream.BytesAt(order.Start, Math.Min(order.Length, 6)).AsSpan().SequenceEqual("little"u8))
        {
            throw new FileFormatException("The file is big-endian; save it on a little-endian machine.");
        }

        ZipReader.Verify(stream, pickle);
        object? root = PickleReader.Read(stream.BytesAt(pickle.Start, pickle.Length));
        return new PickleNames(key => entries.GetValueOrDefault($"{folder}data/{key}")).Collect(root);
    }
}
