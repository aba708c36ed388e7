using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Bellman.Environments;

namespace Bellman.Training;

/// <summary>
/// Writes a row for every training episode: its number, the step at which it ended, its return, its length, and the seconds of training until
/// then, pauses left out.
/// </summary>
/// <remarks>Rows are gathered and written once a second, and before every checkpoint. Nothing is allocated per row.</remarks>
public sealed class EpisodeLog : ITrainingHook, IDisposable
{
    private const string Header = "episode,step,return,length,seconds\n";
    private const int LongestRow = 160;

    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly FileStream file;
    private readonly TimeProvider clock;
    private readonly byte[] rows = new byte[1 << 14];
    private int length;
    private long start = -1;
    private long lastFlush;

    /// <summary>Starts a file, or goes on with one.</summary>
    /// <param name="path">A file that is there already is cut back first.</param>
    /// <param name="clock">Tells the seconds.</param>
    /// <param name="keepUntil">Rows of later steps are dropped.</param>
    public EpisodeLog(string path, TimeProvider clock, long keepUntil = -1)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(clock);
        this.clock = clock;
        (long kept, KeptRows, SecondsBefore) =
            keepUntil >= 0 && File.Exists(path) ? Kept(File.ReadAllBytes(path), keepUntil) : (0, 0, 0);
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.SetLength(kept);
        file.Position = kept;
        if (kept == 0) file.Write(Encoding.ASCII.GetBytes(Header));
    }

    /// <summary>Episodes that were in the file already and stay there.</summary>
    public long KeptRows { get; }

    /// <summary>Seconds of training before this process, up to the last episode that was kept.</summary>
    public double SecondsBefore { get; }

    public void AfterStep(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (start < 0) lastFlush = start = clock.GetTimestamp();
        VectorEnvironment environments = trainer.Environments;
        int ended = 0;
        for (int i = 0; i < environments.Count; i++)
        {
            if (environments.HasEnded(i)) ended++;
        }

        if (ended == 0) return;
        long number = trainer.Episodes.Count - ended;
        long now = clock.GetTimestamp();
        double seconds = SecondsBefore + clock.GetElapsedTime(start, now).TotalSeconds;
        for (int i = 0; i < environments.Count; i++)
        {
            if (!environments.HasEnded(i)) continue;
            Add(++number, trainer.Step, environments.EpisodeReturns[i], environments.EpisodeLengths[i], seconds);
        }

        if (clock.GetElapsedTime(lastFlush, now) < FlushInterval) return;
        lastFlush = now;
        Flush();
    }

    /// <summary>Hands what was gathered to the system.</summary>
    public void Flush()
    {
        // Where the disk is full, the rows are lost once and not once more when the file is closed.
        int count = length;
        length = 0;
        if (count > 0) file.Write(rows, 0, count);
    }

    public void Dispose()
    {
        Flush();
        file.Dispose();
    }

    private void Add(long number, long step, double episodeReturn, long episodeLength, double seconds)
    {
        if (rows.Length - length < LongestRow) Flush();
        Append(number, ',');
        Append(step, ',');
        Append(episodeReturn, default, ',');
        Append(episodeLength, ',');
        Append(seconds, "F3", '\n');
    }

    private void Append(long value, char end)
    {
        Utf8Formatter.TryFormat(value, rows.AsSpan(length), out int written);
        length += written;
        rows[length++] = (byte)end;
    }

    private void Append(double value, ReadOnlySpan<char> format, char end)
    {
        value.TryFormat(rows.AsSpan(length), out int written, format, CultureInfo.InvariantCulture);
        length += written;
        rows[length++] = (byte)end;
    }

    /// <summary>The bytes and the number of the rows up to a step, and the seconds in the last of them.</summary>
    private static (long Bytes, long Rows, double Seconds) Kept(ReadOnlySpan<byte> text, long keepUntil)
    {
        if (!text.StartsWith(Encoding.ASCII.GetBytes(Header))) return (0, 0, 0);
        int kept = Header.Length;
        long count = 0;
        double seconds = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = text[kept..];
            int end = rest.IndexOf((byte)'\n');
            if (end < 0) return (kept, count, seconds);
            string[] cells = Encoding.ASCII.GetString(rest[..end]).Split(',');
            bool isKept = cells.Length == 5 && long.TryParse(cells[1], out long step) && step <= keepUntil;
            if (!isKept || !double.TryParse(cells[4], CultureInfo.InvariantCulture, out double time)) return (kept, count, seconds);
            count++;
            seconds = time;
            kept += end + 1;
        }
    }
}
