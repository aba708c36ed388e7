namespace Bellman.Neural.State;

/// <summary>Files that appear under their name only when they are complete and on the disk.</summary>
public static class AtomicFile
{
    /// <summary>What the temporary name has at its end. A file of such a name is what a crash left behind.</summary>
    public const string TemporarySuffix = ".partial";

    /// <summary>
    /// Writes to a temporary name beside <paramref name="path"/>, flushes to the disk, and renames over what was there.
    /// A crash at any moment leaves either the old file or the new one.
    /// </summary>
    public static void Write(string path, Action<FileStream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        const int BufferBytes = 1 << 16;
        string temporary = path + TemporarySuffix;
        try
        {
            using (FileStream file = File.Create(temporary, BufferBytes))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            // Where the whole directory has gone, there is nothing to delete.
            if (File.Exists(temporary)) File.Delete(temporary);
            throw;
        }
    }
}
