namespace Bellman.Environments.Rendering;

/// <summary>Draws MountainCar, discrete or continuous: a car in a valley and a flag on the right hill.</summary>
public static class MountainCarRenderer
{
    public const int Width = 600;
    public const int Height = 400;

    private const double Leftmost = -1.2;
    private const double Rightmost = 0.6;
    private const double Scale = Width / (Rightmost - Leftmost);   // pixels per unit of position
    private const int HillPoints = 100;
    private const double CarWidth = 40;
    private const double CarHeight = 20;
    private const double Clearance = 10;

    private static readonly Rgb Wheel = new(128, 128, 128);
    private static readonly Rgb Cloth = new(204, 204, 0);
    private static readonly Point[] Hill = [.. Enumerable.Range(0, HillPoints).Select(HillPoint)];

    /// <param name="pixels">[height, width, 3]</param>
    /// <param name="position">Of the car, -1.2 … 0.6.</param>
    /// <param name="goal">The position of the flag: 0.5 where actions are discrete, 0.45 where they are not.</param>
    public static void Draw(Span<byte> pixels, double position, double goal)
    {
        Canvas canvas = new(pixels, Width, Height, upwards: true);
        canvas.Fill(Rgb.White);
        canvas.FineLines(Hill, closed: false, Rgb.Black);

        double slope = Math.Cos(3 * position);
        Point car = new((position - Leftmost) * Scale, Clearance + Altitude(position) * Scale);
        canvas.SmoothBox(car, slope, -CarWidth / 2, CarWidth / 2, 0, CarHeight, Rgb.Black);
        for (int side = 1; side >= -1; side -= 2)
        {
            Point hub = new Point(side * CarWidth / 4, 0).Rotated(slope) + car;
            canvas.SmoothDisc((int)hub.X, (int)hub.Y, (int)(CarHeight / 2.5), Wheel);
        }

        DrawFlag(canvas, (int)((goal - Leftmost) * Scale), (int)(Altitude(goal) * Scale));
    }

    private static void DrawFlag(Canvas canvas, int x, int foot)
    {
        int top = foot + 50;
        canvas.VerticalLine(x, foot, top, Rgb.Black);
        canvas.SmoothShape([new Point(x, top), new Point(x, top - 10), new Point(x + 25, top - 5)], Cloth);
    }

    private static Point HillPoint(int index)
    {
        double position = index == HillPoints - 1
            ? Rightmost
            : index * ((Rightmost - Leftmost) / (HillPoints - 1)) + Leftmost;
        return new Point((position - Leftmost) * Scale, Altitude(position) * Scale);
    }

    private static double Altitude(double position) => Math.Sin(3 * position) * 0.45 + 0.55;
}
