namespace Bellman.Environments.Rendering;

internal enum Facing
{
    Left,
    Down,
    Right,
    Up,
}

/// <summary>Things that stand in the cells of the grid worlds, drawings of our own.</summary>
internal static class Figure
{
    private static readonly Rgb Coat = new(46, 125, 80);
    private static readonly Rgb Hat = new(30, 95, 60);
    private static readonly Rgb Skin = new(245, 205, 170);
    private static readonly Rgb Hair = new(120, 75, 40);
    private static readonly Rgb Boots = new(90, 60, 40);
    private static readonly Rgb Wood = new(150, 100, 55);
    private static readonly Rgb DarkWood = new(110, 70, 35);

    /// <summary>A walker in a green coat, seen from the side it faces.</summary>
    public static void Walker(Tile tile, Facing facing)
    {
        tile.Box(38, 80, 47, 92, Boots);
        tile.Box(53, 80, 62, 92, Boots);
        tile.Shape([new Point(50, 42), new Point(70, 82), new Point(30, 82)], Coat);
        tile.Disc(50, 40, 14, facing == Facing.Up ? Hair : Skin);
        tile.Shape([new Point(50, 8), new Point(67, 34), new Point(33, 34)], Hat);
        switch (facing)
        {
            case Facing.Left: tile.Disc(43, 41, 2.5, Rgb.Black); break;
            case Facing.Right: tile.Disc(57, 41, 2.5, Rgb.Black); break;
            case Facing.Down:
                tile.Disc(45, 42, 2.5, Rgb.Black);
                tile.Disc(55, 42, 2.5, Rgb.Black);
                break;
        }
    }

    /// <summary>Where an episode begins.</summary>
    public static void Stool(Tile tile)
    {
        tile.Shape([new Point(30, 60), new Point(38, 60), new Point(33, 86), new Point(25, 86)], DarkWood);
        tile.Shape([new Point(62, 60), new Point(70, 60), new Point(75, 86), new Point(67, 86)], DarkWood);
        tile.Shape([new Point(28, 48), new Point(72, 48), new Point(80, 62), new Point(20, 62)], Wood);
    }

    /// <summary>What an episode is about: a parcel with a ribbon.</summary>
    public static void Parcel(Tile tile)
    {
        Rgb paper = new(200, 50, 60);
        Rgb ribbon = new(250, 210, 80);
        tile.Box(22, 38, 78, 84, paper);
        tile.Box(18, 30, 82, 44, new Rgb(220, 70, 80));
        tile.Box(45, 30, 55, 84, ribbon);
        tile.Shape([new Point(50, 30), new Point(30, 14), new Point(28, 28)], ribbon);
        tile.Shape([new Point(50, 30), new Point(70, 14), new Point(72, 28)], ribbon);
    }
}
