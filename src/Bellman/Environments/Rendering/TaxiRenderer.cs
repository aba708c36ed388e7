using System.Text;

namespace Bellman.Environments.Rendering;

/// <summary>Draws Taxi: a walled town of 5 × 5 cells with four places, a passenger, a destination and the taxi.</summary>
public static class TaxiRenderer
{
    public const int Width = Columns * Cell;
    public const int Height = Rows * Cell;

    private const int Columns = 11;
    private const int Rows = 7;
    private const int Cell = 50;
    private const int Aboard = 4;

    private static readonly string[] Town =
    [
        "+---------+",
        "|R: | : :G|",
        "| : | : : |",
        "| : : : : |",
        "| | : | : |",
        "|Y| : |B: |",
        "+---------+",
    ];

    private static readonly string[] Actions = ["South", "North", "East", "West", "Pickup", "Dropoff"];
    private static readonly (int Row, int Column)[] Places = [(0, 0), (0, 4), (4, 0), (4, 3)];
    private static readonly Rgb[] PlaceColors = [new(255, 0, 0), new(0, 255, 0), new(255, 255, 0), new(0, 0, 255)];
    private static readonly Rgb Road = new(200, 200, 196);
    private static readonly Rgb Kerb = new(150, 150, 146);
    private static readonly Rgb Hedge = new(80, 125, 70);
    private static readonly Rgb Body = new(250, 200, 40);
    private static readonly Rgb Roof = new(225, 170, 20);
    private static readonly Rgb Glass = new(120, 180, 215);
    private static readonly Rgb Tyre = new(45, 45, 45);

    /// <param name="pixels">[height, width, 3]</param>
    /// <param name="state">((row · 5 + column) · 5 + passenger) · 4 + destination.</param>
    /// <param name="heading">The last of the actions 0 south, 1 north, 2 east and 3 west; 0 before the first.</param>
    public static void Draw(Span<byte> pixels, int state, int heading)
    {
        Canvas canvas = new(pixels, Width, Height);
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                DrawGround(TileAt(canvas, row, column), Town[row][column]);
            }
        }

        for (int i = 0; i < Places.Length; i++)
        {
            (int x, int y) = Corner(Places[i].Row, Places[i].Column);
            canvas.BlendedRectangle(x, y, Cell, Cell, PlaceColors[i], opacity: 0.5f);
        }

        (int taxiRow, int taxiColumn, int passenger, int destination) = Split(state);
        if (passenger < Aboard) DrawPassenger(TownTile(canvas, Places[passenger]));

        // What stands lower in the picture stands in front.
        bool isTaxiInFront = Places[destination].Row <= taxiRow;
        if (isTaxiInFront) DrawHotel(canvas, Places[destination]);
        DrawTaxi(TownTile(canvas, (taxiRow, taxiColumn)), heading, passenger == Aboard);
        if (!isTaxiInFront) DrawHotel(canvas, Places[destination]);
    }

    /// <summary>
    /// The map with the taxi on yellow (on green with the passenger aboard), the passenger in blue and the destination in magenta, over
    /// the last action, as Gymnasium's mode <c>ansi</c> shows it.
    /// </summary>
    public static string Text(int state, int? lastAction)
    {
        string[][] cells = [.. Town.Select(row => row.Select(letter => letter.ToString()).ToArray())];
        (int taxiRow, int taxiColumn, int passenger, int destination) = Split(state);
        ref string taxi = ref cells[taxiRow + 1][2 * taxiColumn + 1];
        if (passenger < Aboard)
        {
            taxi = TerminalColor.OnYellow(taxi);
            ref string waiting = ref cells[Places[passenger].Row + 1][2 * Places[passenger].Column + 1];
            waiting = TerminalColor.BoldBlue(waiting);
        }
        else
        {
            taxi = TerminalColor.OnGreen(taxi == " " ? "_" : taxi);
        }

        ref string target = ref cells[Places[destination].Row + 1][2 * Places[destination].Column + 1];
        target = TerminalColor.Magenta(target);

        StringBuilder text = new();
        foreach (string[] row in cells)
        {
            text.AppendJoin(string.Empty, row).Append('\n');
        }

        return text.Append(lastAction is int action ? $"  ({Actions[action]})" : null).Append('\n').ToString();
    }

    private static (int Row, int Column, int Passenger, int Destination) Split(int state) =>
        (state / 100, state / 20 % 5, state / 4 % 5, state % 4);

    private static Tile TileAt(Canvas canvas, int row, int column) => new(canvas, column * Cell, row * Cell, Cell, Cell);

    private static Tile TownTile(Canvas canvas, (int Row, int Column) place) =>
        TileAt(canvas, place.Row + 1, 2 * place.Column + 1);

    /// <summary>Gymnasium's coloured places lie ten pixels below their cells.</summary>
    private static (int X, int Y) Corner(int row, int column) => ((2 * column + 1) * Cell, (row + 1) * Cell + 10);

    private static void DrawGround(Tile tile, char kind)
    {
        tile.Fill(Road);
        switch (kind)
        {
            case '|':
                tile.Box(36, 0, 64, 100, Kerb);
                tile.Box(42, 0, 58, 100, Hedge);
                break;
            case '-' or '+':
                tile.Box(0, 36, 100, 64, Kerb);
                tile.Box(0, 42, 100, 58, Hedge);
                break;
        }
    }

    private static void DrawPassenger(Tile tile)
    {
        Rgb coat = new(70, 90, 190);
        tile.Box(40, 72, 48, 92, Tyre);
        tile.Box(52, 72, 60, 92, Tyre);
        tile.Shape([new Point(36, 46), new Point(64, 46), new Point(68, 76), new Point(32, 76)], coat);
        tile.Disc(50, 32, 14, new Rgb(245, 205, 170));
        tile.Box(36, 16, 64, 26, new Rgb(120, 75, 40));
    }

    /// <summary>Half a cell higher than its place, and seen through.</summary>
    private static void DrawHotel(Canvas canvas, (int Row, int Column) place)
    {
        const float Opacity = 2 / 3f;
        int x = (2 * place.Column + 1) * Cell;
        int y = (place.Row + 1) * Cell - Cell / 2;
        canvas.BlendedRectangle(x + 8, y + 4, 34, 46, new Rgb(150, 60, 70), Opacity);
        canvas.BlendedRectangle(x + 20, y + 38, 10, 12, new Rgb(70, 40, 30), Opacity);
        for (int window = 0; window < 6; window++)
        {
            canvas.BlendedRectangle(
                x + 13 + window % 2 * 16, y + 9 + window / 2 * 10, 8, 6, new Rgb(255, 235, 150), Opacity);
        }
    }

    private static void DrawTaxi(Tile tile, int heading, bool isCarrying)
    {
        if (heading < 2)
        {
            DrawTaxiAlong(tile, isFront: heading == 0);
        }
        else
        {
            DrawTaxiAcross(tile, isEast: heading == 2);
        }

        if (isCarrying) tile.Disc(50, 40, 8, new Rgb(245, 205, 170));
    }

    private static void DrawTaxiAlong(Tile tile, bool isFront)
    {
        tile.Box(20, 74, 34, 92, Tyre);
        tile.Box(66, 74, 80, 92, Tyre);
        tile.Shape([new Point(32, 24), new Point(68, 24), new Point(76, 50), new Point(24, 50)], Roof);
        tile.Shape([new Point(36, 29), new Point(64, 29), new Point(69, 48), new Point(31, 48)], Glass);
        tile.Box(16, 50, 84, 80, Body);
        tile.Box(42, 14, 58, 24, Rgb.White);
        Rgb lamp = isFront ? new Rgb(255, 250, 210) : new Rgb(200, 30, 30);
        tile.Disc(26, 62, 6, lamp);
        tile.Disc(74, 62, 6, lamp);
        tile.Box(36, 66, 64, 76, isFront ? Tyre : Rgb.White);
    }

    private static void DrawTaxiAcross(Tile tile, bool isEast)
    {
        tile.Shape([new Point(28, 28), new Point(68, 28), new Point(82, 52), new Point(18, 52)], Roof);
        tile.Shape([new Point(33, 32), new Point(48, 32), new Point(48, 50), new Point(25, 50)], Glass);
        tile.Shape([new Point(52, 32), new Point(65, 32), new Point(75, 50), new Point(52, 50)], Glass);
        tile.Box(6, 50, 94, 76, Body);
        tile.Box(42, 18, 56, 28, Rgb.White);
        tile.Disc(26, 78, 11, Tyre);
        tile.Disc(74, 78, 11, Tyre);
        tile.Box(isEast ? 86 : 6, 54, isEast ? 94 : 14, 62, new Rgb(255, 250, 210));
        tile.Box(isEast ? 6 : 86, 54, isEast ? 14 : 94, 62, new Rgb(200, 30, 30));
    }
}
