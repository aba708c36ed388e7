using System.Globalization;
using System.Text;
using Bellman.Statistics;

namespace Bellman.Cli.Display;

/// <summary>A curve in letters: dots of Braille, two by four a letter, with the range at the left and below.</summary>
internal static class DotCurve
{
    private const int Across = 2;
    private const int Down = 4;

    // The dots of a Braille letter by column and row, as Unicode numbers them.
    private static readonly int[,] Dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <param name="curve">Not empty.</param>
    /// <param name="width">Letters, the labels at the left included.</param>
    /// <param name="height">Lines, the one below included.</param>
    public static IReadOnlyList<string> Draw(Curve curve, int width, int height)
    {
        (double low, double high) = (curve.Y.Min(), curve.Y.Max());
        if (high == low) (low, high) = (low - 1, high + 1);
        string[] labels = [Number(high), Number((low + high) / 2), Number(low)];
        int margin = labels.Max(label => label.Length) + 2;
        int columns = Math.Max(8, width - margin - 1);
        int rows = Math.Max(3, height - 1);
        int[,] letters = Letters(curve, low, high, columns, rows);
        List<string> lines = [];
        for (int row = 0; row < rows; row++)
        {
            string label = row == 0 ? labels[0] : row == rows / 2 ? labels[1] : row == rows - 1 ? labels[2] : "";
            var line = new StringBuilder(label.PadLeft(margin - 2)).Append(" │");
            for (int column = 0; column < columns; column++)
            {
                line.Append(letters[column, row] == 0 ? ' ' : (char)(0x2800 + letters[column, row]));
            }

            lines.Add(line.ToString().TrimEnd());
        }

        string from = Number(curve.X[0]);
        string to = Number(curve.X[^1]);
        lines.Add(new string(' ', margin) + from + to.PadLeft(Math.Max(to.Length + 1, columns - from.Length)));
        return lines;
    }

    private static int[,] Letters(Curve curve, double low, double high, int columns, int rows)
    {
        int[,] letters = new int[columns, rows];
        double[] places = new double[columns * Across];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = curve.X[0] + ((curve.X[^1] - curve.X[0]) * i / (places.Length - 1));
        }

        int previous = -1;
        double[] values = curve.At(places);
        for (int x = 0; x < values.Length; x++)
        {
            int y = (int)Math.Round((high - values[x]) / (high - low) * ((rows * Down) - 1));
            if (previous < 0) previous = y;

            // A steep line is filled from the last dot on, so that it stays one line.
            for (int dot = Math.Min(y, previous); dot <= Math.Max(y, previous); dot++)
            {
                if (dot == previous && dot != y) continue;
                letters[x / Across, dot / Down] |= Dots[x % Across, dot % Down];
            }

            previous = y;
        }

        return letters;
    }

    private static string Number(double value) => Math.Abs(value) >= 1000
        ? value.ToString("0", CultureInfo.InvariantCulture)
        : value.ToString("0.###", CultureInfo.InvariantCulture);
}
