namespace Bellman.Neural.State;

/// <summary>
/// Writes the pieces of large blocks that have changed into a new segment file, and refers to older segment files for the others. Without a
/// changed piece there is no new file.
/// </summary>
/// <param name="folder">Of the segment files.</param>
/// <param name="known">The pieces of the checkpoint that the new one builds on, by the block's name and their place in it.</param>
/// <param name="through">What the bytes pass on their way to the file; null for nothing.</param>
internal sealed class SegmentWriter(
    string folder, IReadOnlyDictionary<(string Block, int Index), Piece> known, Func<Stream, Stream>? through) : IDisposable
{
    private readonly HashSet<int> dense = Dense(folder, known.Values);
    private int number;
    private string? temporary;
    private FileStream? file;
    private Stream? target;
    private long length;

    /// <summary>All pieces of the new checkpoint.</summary>
    public Dictionary<(string Block, int Index), Piece> Pieces { get; } = [];

    /// <summary>Notes a piece, and writes it if it has changed.</summary>
    public Piece Add(string block, int index, ReadOnlySpan<byte> bytes)
    {
        UInt128 hash = Piece.HashOf(bytes);
        bool isKnown = known.TryGetValue((block, index), out Piece piece)
            && piece.Hash == hash && piece.Length == bytes.Length && dense.Contains(piece.Segment);
        if (!isKnown) piece = Write(bytes, hash);
        Pieces.Add((block, index), piece);
        return piece;
    }

    /// <summary>Brings the new segment file to the disk and under its name.</summary>
    public void Complete()
    {
        if (file is null) return;
        file.Flush(flushToDisk: true);
        file.Dispose();
        string path = SegmentFile.PathOf(folder, number);
        File.Move(temporary!, path);
        temporary = path;
    }

    /// <summary>Lets the new segment file stay: a checkpoint needs it.</summary>
    public void Keep() => temporary = null;

    public void Dispose()
    {
        file?.Dispose();
        if (File.Exists(temporary)) File.Delete(temporary);
    }

    private Piece Write(ReadOnlySpan<byte> bytes, UInt128 hash)
    {
        if (file is null)
        {
            number = SegmentFile.All(folder).Select(segment => segment.Number).DefaultIfEmpty().Max() + 1;
            temporary = SegmentFile.PathOf(folder, number) + AtomicFile.TemporarySuffix;
            file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            target = through?.Invoke(file) ?? file;
        }

        target!.Write(bytes);
        var piece = new Piece(number, bytes.Length, length, hash);
        length += bytes.Length;
        return piece;
    }

    // What is still needed of the others is written anew, so that segment files never take more than twice the room that they need.
    private static HashSet<int> Dense(string folder, IEnumerable<Piece> pieces) =>
    [
        .. from piece in pieces
           group (long)piece.Length by piece.Segment into segment
           let file = new FileInfo(SegmentFile.PathOf(folder, segment.Key))
           where file.Exists && segment.Sum() * 2 >= file.Length
           select segment.Key,
    ];
}
