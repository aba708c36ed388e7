using Bellman.Neural.State;

namespace Bellman.Neural.Tensors.Files;

/// <summary>
/// Reads and writes tensors as safetensors, as PyTorch's <c>.pt</c>, and out of Stable-Baselines3's <c>.zip</c>. A
/// format is recognised by content when reading and by the file's ending when writing. What a file says about itself is
/// never trusted; a damaged or hostile file is a <see cref="FileFormatException"/>, and none can run code.
/// </summary>
public static class TensorFile
{
    /// <summary>The member of a Stable-Baselines3 archive that holds the networks.</summary>
    public const string PolicyMember = "policy.pth";

    private const int StartBytes = 16;

    private delegate T Reading<out T>(Stream stream, Dictionary<string, ZipEntry>? zip);

    /// <summary>All tensors of a file.</summary>
    /// <param name="path">Recognised by its content.</param>
    /// <param name="member">In an archive of archives (Stable-Baselines3's), the one to read; null: the policy.</param>
    public static StateDict Load(string path, string? member = null)
    {
        using FileStream stream = Open(path);
        return Load(stream, path, member);
    }

    /// <summary>Names, types and shapes, without the numbers.</summary>
    public static IReadOnlyList<TensorEntry> List(string path, string? member = null)
    {
        using FileStream stream = Open(path);
        return Read(stream, path, member, static (stream, zip) =>
            zip is null ? SafetensorsFile.List(stream) : PyTorchFile.List(stream, zip));
    }

    /// <summary>Writes <c>.safetensors</c>, <c>.pt</c> or <c>.pth</c>, under a temporary name first.</summary>
    public static void Save(string path, StateDict state)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(state);
        Action<Stream, StateDict> save = Path.GetExtension(path) switch
        {
            ".safetensors" => SafetensorsFile.Save,
            ".pt" or ".pth" => PyTorchFile.Save,
            string other => throw new ArgumentException(
                $"A file of tensors ends in .safetensors, .pt or .pth; got '{other}'.", nameof(path)),
        };
        AtomicFile.Write(path, stream => save(stream, state));
    }

    internal static StateDict Load(Stream stream, string path, string? member = null) =>
        Read(stream, path, member, static (stream, zip) =>
            zip is null ? SafetensorsFile.Load(stream) : PyTorchFile.Load(stream, zip));

    private static T Read<T>(Stream stream, string path, string? member, Reading<T> read)
    {
        try
        {
            ReadOnlySpan<byte> start = stream.BytesAt(0, Math.Min(stream.Length, StartBytes));
            if (SafetensorsFile.Recognises(start, stream.Length)) return read(stream, null);
            if (ZipReader.Recognises(start)) return ReadZip(stream, member, read);
            throw new FileFormatException(Unrecognised(start));
        }
        catch (FileFormatException exception)
        {
            throw new FileFormatException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }

    private static string Unrecognised(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(PyTorchFile.OldMagic)) return "it is of the format before PyTorch 1.6; save it again.";
        if (CheckpointFile.IsCheckpoint(start)) return "it is a checkpoint, not a file of tensors.";
        return "it is neither safetensors nor a zip archive of PyTorch.";
    }

    private static T ReadZip<T>(Stream stream, string? member, Reading<T> read)
    {
        Dictionary<string, ZipEntry> entries = ZipReader.Entries(stream);
        if (PyTorchFile.FindPickle(entries) is not null) return read(stream, entries);

        string wanted = member ?? PolicyMember;
        if (!entries.TryGetValue(wanted, out ZipEntry? nested))
        {
            string there = string.Join(", ", entries.Keys.Take(20));
            throw new FileFormatException($"it has neither PyTorch's data.pkl nor '{wanted}', but {there}.");
        }

        ZipReader.Verify(stream, nested);
        using var window = new StreamWindow(stream, nested.Start, nested.Length);
        return read(window, ZipReader.Entries(window));
    }

    private static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.OpenRead(path);
    }
}
