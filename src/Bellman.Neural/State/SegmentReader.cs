namespace Bellman.Neural.State;

/// <summary>Reads pieces from the segment files of a folder.</summary>
internal sealed class SegmentReader(string folder) : IDisposable
{
    private FileStream? file;
    private int open;

    /// <summary>Reads a piece without looking at its hash.</summary>
    public void Read(Piece piece, Span<byte> destination)
    {
        if (file is null || open != piece.Segment)
        {
            string path = SegmentFile.PathOf(folder, piece.Segment);
            if (!File.Exists(path)) throw new FileFormatException($"The file {path} is missing.");
            file?.Dispose();
            file = File.OpenRead(path);
            open = piece.Segment;
        }

        if (piece.Offset < 0 || piece.Offset > file.Length - piece.Length)
        {
            throw new FileFormatException($"{file.Name} is damaged: it ends too early.");
        }

        file.Position = piece.Offset;
        file.ReadExactly(destination);
    }

    /// <summary>Reads a piece and refuses it where its hash is wrong.</summary>
    public void Verify(Piece piece, Span<byte> buffer)
    {
        Span<byte> bytes = buffer[..piece.Length];
        Read(piece, bytes);
        if (Piece.HashOf(bytes) != piece.Hash) throw new FileFormatException($"{file!.Name} is damaged: the hash of a piece is wrong.");
    }

    public void Dispose() => file?.Dispose();
}
