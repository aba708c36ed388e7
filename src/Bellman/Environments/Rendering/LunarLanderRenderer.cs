namespace Bellman.Environments.Rendering;

/// <summary>Draws LunarLander part by part: a black sky over a white moon, smoke, the lander, and two flags in front of each.</summary>
internal readonly ref struct LunarLanderRenderer
{
    public const int Width = 600;
    public const int Height = 400;

    private const double Scale = 30;   // pixels per metre
    private const double PadHeight = Height / Scale / 4;
    private const int FlagHeight = 50;

    private static readonly Rgb Hull = new(128, 102, 230);
    private static readonly Rgb Seam = new(77, 77, 128);
    private static readonly Rgb Cloth = new(204, 204, 0);

    private readonly Canvas canvas;
    private readonly double leftFlag;
    private readonly double rightFlag;

    /// <param name="pixels">[height, width, 3]</param>
    /// <param name="ground">Heights at equal distances from the left to the right border, metres.</param>
    public LunarLanderRenderer(Span<byte> pixels, ReadOnlySpan<double> ground)
    {
        canvas = new Canvas(pixels, Width, Height, upwards: true);
        canvas.Fill(Rgb.White);
        double spacing = Width / Scale / (ground.Length - 1);
        double top = Height / Scale * Scale;
        for (int i = 0; i + 1 < ground.Length; i++)
        {
            double left = spacing * i * Scale;
            double right = spacing * (i + 1) * Scale;
            ReadOnlySpan<Point> sky =
            [
                new Point(left, ground[i] * Scale),
                new Point(right, ground[i + 1] * Scale),
                new Point(right, top),
                new Point(left, top),
            ];
            canvas.Polygon(sky, Rgb.Black);
            canvas.SmoothPolygon(sky, Rgb.Black);
        }

        leftFlag = spacing * (ground.Length / 2 - 1) * Scale;
        rightFlag = spacing * (ground.Length / 2 + 1) * Scale;
    }

    /// <summary>A puff of smoke.</summary>
    /// <param name="center">Metres.</param>
    /// <param name="life">1 when young, 0 in the end.</param>
    public void DrawPuff(Point center, double life)
    {
        const double Radius = 2;
        byte glow = (byte)(Math.Max(0.2, 0.5 * life) * 255);
        canvas.Circle(ToPixels(center), Radius, new Rgb((byte)(Math.Max(0.2, 0.15 + life) * 255), glow, glow));
        DrawFlags();
    }

    /// <summary>The hull or a leg.</summary>
    /// <param name="corners">Metres.</param>
    public void DrawPart(ReadOnlySpan<Point> corners)
    {
        Span<Point> places = stackalloc Point[corners.Length];
        for (int i = 0; i < corners.Length; i++)
        {
            places[i] = ToPixels(corners[i]);
        }

        canvas.Polygon(places, Hull);
        canvas.SmoothPolygon(places, Hull);
        canvas.FineLines(places, closed: true, Seam);
        DrawFlags();
    }

    private void DrawFlags()
    {
        DrawFlag(leftFlag);
        DrawFlag(rightFlag);
    }

    private void DrawFlag(double x)
    {
        double foot = PadHeight * Scale;
        double top = foot + FlagHeight;
        canvas.Line(new Point(x, foot), new Point(x, top), Rgb.White);
        ReadOnlySpan<Point> cloth = [new Point(x, top), new Point(x, top - 10), new Point(x + 25, top - 5)];
        canvas.Polygon(cloth, Cloth);
        canvas.SmoothPolygon(cloth, Cloth);
    }

    /// <summary>In single precision, as the physics has it.</summary>
    private static Point ToPixels(Point place) => new((float)place.X * (float)Scale, (float)place.Y * (float)Scale);
}
