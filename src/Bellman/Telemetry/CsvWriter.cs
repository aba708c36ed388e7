using System.Text;
using Bellman.Neural.State;

namespace Bellman.Telemetry;

/// <summary>Writes rows as a table of comma-separated values: <c>step</c>, then a column for each metric.</summary>
/// <remarks>
/// <para>
/// Columns stand in the order in which their metrics first appeared, and a column never moves: where a metric appears
/// for the first time in a later row, the file is written anew once with the column added at the right, empty in the
/// rows before. A metric without a value in a row leaves its cell empty. Numbers are written so that they parse back
/// exactly.
/// </para>
/// <para>
/// Names under <c>time/</c> depend on the clock and are left out, so that two runs of one seed write the same file.
/// </para>
/// </remarks>
public sealed class CsvWriter : IMetricsWriter
{
    private const string StepColumn = "step";

    private readonly string path;
    private readonly List<string> columns = [StepColumn];
    private readonly StringBuilder line = new();
    private double?[] cells = new double?[1];
    private readonly long lastKept = -1;
    private FileStream? file;

    /// <summary>Starts a file, or goes on with one.</summary>
    /// <param name="path">A file that is there already is cut back first.</param>
    /// <param name="keepUntil">Rows of later steps are dropped, and columns that only they used.</param>
    public CsvWriter(string path, long keepUntil = -1)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = path;
        List<string[]> rows = keepUntil >= 0 && File.Exists(path) ? Read(path, keepUntil) : [];
        if (rows.Count > 0)
        {
            int[] used =
                [.. Enumerable.Range(0, rows[0].Length).Where(i => rows.Skip(1).Any(row => row[i].Length > 0))];
            rows = rows.ConvertAll(row => used.Select(i => row[i]).ToArray());
            columns.AddRange(rows[0].Skip(1));
            KeptRows = rows.Count - 1;
            if (KeptRows > 0) lastKept = long.Parse(rows[^1][0]);
        }

        Rewrite(rows.Skip(1));
    }

    /// <summary>Rows that were in the file already and stay there.</summary>
    public int KeptRows { get; }

    public void Write(long step, ReadOnlySpan<Metric> metrics)
    {
        // A run that goes on from its very end writes its last row again, the same one.
        if (step <= lastKept) return;
        int known = columns.Count;
        foreach (Metric metric in metrics)
        {
            if (!IsLeftOut(metric.Name) && !columns.Contains(metric.Name)) columns.Add(metric.Name);
        }

        if (columns.Count > known) Widen(known);
        Array.Resize(ref cells, columns.Count);
        Array.Clear(cells);
        foreach (Metric metric in metrics)
        {
            int column = columns.IndexOf(metric.Name);
            if (column >= 0) cells[column] = metric.Value;
        }

        line.Clear().Append(step);
        for (int i = 1; i < cells.Length; i++)
        {
            line.Append(',').Append(cells[i]);
        }

        // Without a buffer: nothing is left to write when a file on a full disk is closed.
        file!.Write(Encoding.UTF8.GetBytes(line.Append('\n').ToString()));
    }

    public void Dispose() => file?.Dispose();

    private static bool IsLeftOut(string name) => name.StartsWith("time/", StringComparison.Ordinal);

    private void Widen(int known)
    {
        List<string[]> rows = [];
        file!.Dispose();
        foreach (string[] row in Read(path, long.MaxValue).Skip(1))
        {
            string[] wide = new string[columns.Count];
            Array.Fill(wide, "");
            row.AsSpan(0, known).CopyTo(wide);
            rows.Add(wide);
        }

        Rewrite(rows);
    }

    private void Rewrite(IEnumerable<string[]> rows)
    {
        var table = new StringBuilder().AppendJoin(',', columns).Append('\n');
        foreach (string[] row in rows)
        {
            table.AppendJoin(',', row).Append('\n');
        }

        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(table.ToString())));
        file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>The header and the rows up to a step; a last row that was not written to its end is dropped.</summary>
    private static List<string[]> Read(string path, long keepUntil)
    {
        string text = File.ReadAllText(path);
        string[] lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        List<string[]> rows = [];
        foreach (string[] row in lines.Select(line => line.Split(',')))
        {
            bool isKept = rows.Count == 0
                || (row.Length == rows[0].Length && long.TryParse(row[0], out long step) && step <= keepUntil);
            if (!isKept) break;
            rows.Add(row);
        }

        return rows;
    }
}
