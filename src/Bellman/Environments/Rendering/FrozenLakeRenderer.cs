using System.Text;

namespace Bellman.Environments.Rendering;

/// <summary>Draws FrozenLake: cells of ice (S, F), holes (H) and the goal (G), and the walker.</summary>
public static class FrozenLakeRenderer
{
    private const int LargestCell = 64;
    private const int LargestSide = 512;

    private static readonly Rgb Ice = new(219, 235, 250);
    private static readonly Rgb Glint = new(240, 248, 255);
    private static readonly Rgb Border = new(180, 200, 230);
    private static readonly Rgb Shore = new(150, 180, 215);
    private static readonly Rgb Water = new(35, 75, 130);

    /// <summary>Pixels along a side of the frame.</summary>
    /// <param name="cells">Cells along that side.</param>
    public static int Side(int cells) => Math.Min(LargestCell * cells, LargestSide);

    /// <param name="pixels">[Side(rows), Side(columns), 3]</param>
    /// <param name="map">Rows of S, F, H and G.</param>
    /// <param name="state">row · columns + column of the walker.</param>
    /// <param name="lastAction">0 left, 1 down, 2 right, 3 up; null before the first.</param>
    public static void Draw(Span<byte> pixels, ReadOnlySpan<string> map, int state, int? lastAction)
    {
        int columns = map[0].Length;
        int width = Side(columns) / columns;
        int height = Side(map.Length) / map.Length;
        Canvas canvas = new(pixels, Side(columns), Side(map.Length));
        canvas.Fill(Rgb.Black);
        for (int i = 0; i < map.Length * columns; i++)
        {
            Tile tile = new(canvas, i % columns * width, i / columns * height, width, height);
            char kind = map[i / columns][i % columns];
            DrawCell(tile, kind);
            if (i == state && kind == 'H') DrawBrokenIce(tile);
            if (i == state && kind != 'H') Figure.Walker(tile, (Facing)(lastAction ?? (int)Facing.Down));
        }
    }

    /// <summary>The map with the walker's cell on red, under the last action, as Gymnasium's mode <c>ansi</c> shows it.</summary>
    public static string Text(ReadOnlySpan<string> map, int state, int? lastAction)
    {
        int columns = map[0].Length;
        StringBuilder text = new();
        text.Append(lastAction is int action ? $"  ({(Facing)action})" : null).Append('\n');
        for (int i = 0; i < map.Length * columns; i++)
        {
            string cell = map[i / columns].Substring(i % columns, 1);
            text.Append(i == state ? TerminalColor.OnRed(cell) : cell);
            if (i % columns == columns - 1) text.Append('\n');
        }

        return text.ToString();
    }

    private static void DrawCell(Tile tile, char kind)
    {
        tile.Fill(Ice);
        tile.Line(12, 30, 30, 12, Glint);
        tile.Line(12, 42, 42, 12, Glint);
        tile.Line(70, 88, 88, 70, Glint);
        switch (kind)
        {
            case 'H':
                tile.Disc(50, 50, 38, Shore);
                tile.Disc(50, 53, 34, Water);
                break;
            case 'G': Figure.Parcel(tile); break;
            case 'S': Figure.Stool(tile); break;
        }

        tile.Frame(Border);
    }

    private static void DrawBrokenIce(Tile tile)
    {
        tile.Line(50, 50, 4, 20, Shore);
        tile.Line(50, 50, 30, 2, Shore);
        tile.Line(50, 50, 82, 4, Shore);
        tile.Line(50, 50, 97, 62, Shore);
        tile.Line(50, 50, 60, 97, Shore);
        tile.Line(50, 50, 10, 84, Shore);
        tile.Disc(50, 53, 34, Water);
        tile.Disc(38, 46, 4, Glint);
        tile.Disc(58, 40, 6, Glint);
        tile.Disc(54, 58, 3, Glint);
    }
}
