namespace Bellman.Environments.Rendering;

/// <summary>Draws BipedalWalker part by part, from the sky to the flag, in a view that follows the walker.</summary>
internal readonly ref struct BipedalWalkerRenderer
{
    public const int Width = 600;
    public const int Height = 400;

    private const double Scale = 30;   // pixels per metre
    private const double ViewWidth = Width / Scale;
    private const double GroundHeight = Height / Scale / 4;
    private const double PointSpacing = 14 / Scale;

    private static readonly Rgb Sky = new(215, 215, 255);
    private static readonly Rgb Meadow = new(102, 153, 76);
    private static readonly Rgb Grass = new(76, 255, 76);
    private static readonly Rgb OtherGrass = new(76, 204, 76);
    private static readonly Rgb Ray = new(255, 0, 0);
    private static readonly Rgb Cloth = new(230, 51, 0);

    private readonly Canvas canvas;
    private readonly double scroll;

    /// <param name="pixels">[height, width, 3]</param>
    /// <param name="scroll">The left border of the view, metres; it may lie left of 0, then the frame begins at 0 nevertheless.</param>
    public BipedalWalkerRenderer(Span<byte> pixels, double scroll)
    {
        this.scroll = scroll;
        int frameWidth = (int)(Width + Math.Max(0.0, scroll) * Scale);
        canvas = new Canvas(pixels, Width, Height, upwards: true, left: frameWidth - Width);
        canvas.Fill(Rgb.Black);
        double left = scroll * Scale;
        canvas.Polygon(
            [new Point(left, 0), new Point(left + Width, 0), new Point(left + Width, Height), new Point(left, Height)], Sky);
    }

    /// <summary>A cloud, which moves half as fast as the ground.</summary>
    /// <param name="coordinates">x and y of each corner in turn, metres.</param>
    public void DrawCloud(ReadOnlySpan<double> coordinates)
    {
        Span<Point> corners = stackalloc Point[coordinates.Length / 2];
        double left = double.PositiveInfinity;
        double right = double.NegativeInfinity;
        for (int i = 0; i < corners.Length; i++)
        {
            double x = coordinates[2 * i];
            left = Math.Min(left, x);
            right = Math.Max(right, x);
            corners[i] = new Point(x * Scale + scroll * Scale / 2, coordinates[2 * i + 1] * Scale);
        }

        if (right < scroll / 2 || left > scroll / 2 + ViewWidth) return;
        canvas.Polygon(corners, Rgb.White);
        canvas.SmoothPolygon(corners, Rgb.White);
    }

    /// <summary>The meadow under the line of the ground.</summary>
    /// <param name="heights">Of each point of the ground, metres.</param>
    public void DrawMeadow(ReadOnlySpan<double> heights)
    {
        for (int i = 0; i + 1 < heights.Length; i++)
        {
            double left = i * PointSpacing;
            double right = (i + 1) * PointSpacing;
            if (right < scroll || left > scroll + ViewWidth) continue;
            ReadOnlySpan<Point> strip =
            [
                new Point(left * Scale, heights[i] * Scale),
                new Point(right * Scale, heights[i + 1] * Scale),
                new Point(right * Scale, 0),
                new Point(left * Scale, 0),
            ];
            canvas.Polygon(strip, Meadow);
            canvas.SmoothPolygon(strip, Meadow);
        }
    }

    /// <summary>A ray of the lidar, metres.</summary>
    public void DrawRay(Point from, Point to) => canvas.Line(
        new Point(from.X * Scale, from.Y * Scale), new Point(to.X * Scale, to.Y * Scale), Ray);

    /// <summary>The line of the ground, from its far end, in two greens by turns.</summary>
    /// <param name="heights">Of each point of the ground, metres.</param>
    public void DrawGround(ReadOnlySpan<double> heights)
    {
        for (int i = heights.Length - 2; i >= 0; i--)
        {
            canvas.FineLine(
                ToPixels(new Point(i * PointSpacing, heights[i])),
                ToPixels(new Point((i + 1) * PointSpacing, heights[i + 1])),
                i % 2 == 0 ? Grass : OtherGrass);
        }
    }

    /// <summary>A stump, a step, a pit's wall, or a part of the walker.</summary>
    /// <param name="corners">Metres.</param>
    /// <param name="fill">Inside.</param>
    /// <param name="edge">Around.</param>
    public void DrawPart(ReadOnlySpan<Point> corners, Rgb fill, Rgb edge)
    {
        // The recorded border closes the list of corners itself: its last edge, of no length, paints the first corner in full.
        Span<Point> border = stackalloc Point[corners.Length + 1];
        Span<Point> places = border[..^1];
        for (int i = 0; i < corners.Length; i++)
        {
            places[i] = ToPixels(corners[i]);
        }

        border[^1] = border[0];
        canvas.Polygon(places, fill);
        canvas.SmoothPolygon(places, fill);
        canvas.Outline(border, edge);
        canvas.SmoothPolygon(border, edge);
    }

    /// <summary>The flag at the start.</summary>
    public void DrawFlag()
    {
        double foot = GroundHeight * Scale;
        double top = foot + 50;
        double x = PointSpacing * 3 * Scale;
        canvas.FineLine(new Point(x, foot), new Point(x, top), Rgb.Black);
        ReadOnlySpan<Point> cloth = [new Point(x, top), new Point(x, top - 10), new Point(x + 25, top - 5)];
        canvas.Polygon(cloth, Cloth);
        canvas.Outline(cloth, Rgb.Black);
    }

    /// <summary>In single precision, as the physics has it.</summary>
    private static Point ToPixels(Point place) => new((float)place.X * (float)Scale, (float)place.Y * (float)Scale);
}
