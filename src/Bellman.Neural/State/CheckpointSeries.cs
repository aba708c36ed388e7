namespace Bellman.Neural.State;

/// <summary>
/// Saves one checkpoint after the other. Large blocks of which little has changed are not written again: a checkpoint refers to the segment
/// files beside it.
/// </summary>
/// <remarks>
/// A checkpoint builds on the one before the last, never on the last: so two that follow each other share no byte, and no damage to one file
/// takes both.
/// </remarks>
/// <param name="folder">Of the checkpoints and their segment files.</param>
public sealed class CheckpointSeries(string folder)
{
    private State? newest;
    private State? before;

    /// <summary>What all written bytes pass; null for nothing.</summary>
    internal Func<Stream, Stream>? Through { get; init; }

    /// <summary>Saves a checkpoint in the folder; one of the same name as the last takes its place.</summary>
    public void Save(string path, IEnumerable<(string Name, IStateful Part)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        bool replaces = newest?.Path == path;
        using var segments = new SegmentWriter(folder, (replaces ? newest : before)?.Pieces ?? [], Through);
        AtomicFile.Write(path, file =>
        {
            CheckpointFile.WriteAll(Through?.Invoke(file) ?? file, parts, segments);
            segments.Complete();
        });
        segments.Keep();
        if (!replaces) before = newest;
        newest = new State(path, segments.Pieces);
    }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <param name="path">The newest sound one.</param>
    /// <param name="older">The sound one before it, which the next one builds on; null where there is none.</param>
    /// <param name="parts">Get the state of the newest.</param>
    /// <exception cref="FileFormatException">One of them is damaged, or a part is not in it.</exception>
    public void Load(string path, string? older, IEnumerable<(string Name, IStateful Part)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        using CheckpointReader reader = CheckpointReader.Open(path);
        foreach ((string name, IStateful part) in parts)
        {
            reader.Load(name, part);
        }

        newest = new State(path, reader.Pieces);
        before = older is null ? null : StateOf(older);
    }

    /// <summary>Deletes the segment files that neither of the last two checkpoints needs.</summary>
    public void DeleteUnused()
    {
        HashSet<int> used = [.. Numbers(newest), .. Numbers(before)];
        foreach ((int number, string path) in SegmentFile.All(folder))
        {
            if (!used.Contains(number)) File.Delete(path);
        }

        static IEnumerable<int> Numbers(State? state) => state?.Pieces.Values.Select(piece => piece.Segment) ?? [];
    }

    private static State StateOf(string path)
    {
        using CheckpointReader reader = CheckpointReader.Open(path);
        return new State(path, reader.Pieces);
    }

    private sealed record State(string Path, Dictionary<(string Block, int Index), Piece> Pieces);
}
