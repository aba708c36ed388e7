using System.Text;

namespace Bellman.Environments.Rendering;

/// <summary>Draws CliffWalking: 4 × 12 cells, the cliff along the lowest row between the start and the goal.</summary>
public static class CliffWalkingRenderer
{
    public const int Width = Columns * Cell;
    public const int Height = Rows * Cell;

    private const int Rows = 4;
    private const int Columns = 12;
    private const int Cell = 60;
    private const int Start = (Rows - 1) * Columns;
    private const int Goal = Rows * Columns - 1;

    private static readonly Rgb Grass = new(126, 168, 92);
    private static readonly Rgb OtherGrass = new(117, 158, 85);
    private static readonly Rgb Earth = new(120, 92, 62);
    private static readonly Rgb Rock = new(92, 78, 70);
    private static readonly Rgb Abyss = new(38, 34, 40);

    // Facing of the actions up, right, down and left.
    private static ReadOnlySpan<byte> Turns => [(byte)Facing.Up, (byte)Facing.Right, (byte)Facing.Down, (byte)Facing.Left];

    /// <param name="pixels">[height, width, 3]</param>
    /// <param name="state">row · 12 + column of the walker.</param>
    /// <param name="lastAction">0 up, 1 right, 2 down, 3 left; null before the first.</param>
    public static void Draw(Span<byte> pixels, int state, int? lastAction)
    {
        Canvas canvas = new(pixels, Width, Height);
        for (int i = 0; i < Rows * Columns; i++)
        {
            int row = i / Columns;
            int column = i % Columns;
            Tile tile = new(canvas, column * Cell, row * Cell, Cell, Cell);
            tile.Fill(((row ^ column) & 1) == 0 ? Grass : OtherGrass);
            if (IsCliff(i)) DrawCliff(tile);
            if (i + Columns <= Goal && IsCliff(i + Columns)) tile.Box(0, 88, 100, 100, Earth);
            if (i == Start) Figure.Stool(tile);
            if (i == Goal) Figure.Parcel(tile);
            if (i == state)
            {
                Tile raised = new(canvas, column * Cell, row * Cell - Cell / 10, Cell, Cell);
                Figure.Walker(raised, (Facing)Turns[lastAction ?? 2]);
            }
        }
    }

    /// <summary>Cells as o, the cliff as C, the goal as T and the walker as x, as Gymnasium's mode <c>ansi</c> shows them.</summary>
    public static string Text(int state)
    {
        StringBuilder text = new();
        for (int i = 0; i < Rows * Columns; i++)
        {
            text.Append(i == state ? 'x' : i == Goal ? 'T' : IsCliff(i) ? 'C' : 'o');
            text.Append(i % Columns == Columns - 1 ? "\n" : "  ");
        }

        return text.Append('\n').ToString();
    }

    private static bool IsCliff(int state) => state is > Start and < Goal;

    private static void DrawCliff(Tile tile)
    {
        tile.Fill(Abyss);
        tile.Shape([new Point(0, 0), new Point(100, 0), new Point(88, 30), new Point(60, 22), new Point(34, 38), new Point(0, 24)], Rock);
        tile.Line(20, 50, 32, 70, Rock);
        tile.Line(70, 44, 62, 66, Rock);
    }
}
