using System.Globalization;

namespace Bellman.Telemetry;

/// <summary>A table of numbers, as <see cref="CsvWriter"/> writes it; empty cells are NaN.</summary>
public sealed class CsvTable
{
    private readonly string[] columns;
    private readonly List<double>[] values;

    private CsvTable(string[] columns)
    {
        this.columns = columns;
        values = [.. columns.Select(_ => new List<double>())];
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<string> Columns => columns;

    public int Rows => values[0].Count;

    /// <summary>Reads a table that may still be written to; a last row that is not written to its end is left out.</summary>
    /// <exception cref="InvalidDataException">A row has other columns than the first one, or a cell is not a number.</exception>
    public static CsvTable Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        string text = reader.ReadToEnd();
        string[] lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0) throw new InvalidDataException($"{path} has no line with the names of its columns.");
        var table = new CsvTable(lines[0].Split(','));
        for (int i = 1; i < lines.Length; i++)
        {
            if (!table.TryAdd(lines[i]))
            {
                throw new InvalidDataException($"{path}, line {i + 1}: expected {table.columns.Length} numbers; got '{lines[i]}'.");
            }
        }

        return table;
    }

    public bool Has(string column) => columns.Contains(column);

    /// <summary>The column's value in every row.</summary>
    public IReadOnlyList<double> this[string column] => values[Array.IndexOf(columns, column)];

    private bool TryAdd(string line)
    {
        string[] cells = line.Split(',');
        if (cells.Length != columns.Length) return false;
        for (int i = 0; i < cells.Length; i++)
        {
            double value = double.NaN;
            bool isNumber = cells[i].Length == 0
                || double.TryParse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
            if (!isNumber) return false;
            values[i].Add(value);
        }

        return true;
    }
}
