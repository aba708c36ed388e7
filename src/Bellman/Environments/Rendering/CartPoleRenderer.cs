namespace Bellman.Environments.Rendering;

/// <summary>Draws CartPole: a black cart on its track with a brown pole.</summary>
public static class CartPoleRenderer
{
    public const int Width = 600;
    public const int Height = 400;

    private const double Scale = Width / (2 * 2.4);   // pixels per metre
    private const double PoleWidth = 10;
    private const double PoleLength = Scale;
    private const double CartWidth = 50;
    private const double CartHeight = 30;
    private const int TrackHeight = 100;
    private const double AxleHeight = TrackHeight + CartHeight / 4;

    private static readonly Rgb Wood = new(202, 152, 101);
    private static readonly Rgb Axle = new(129, 132, 203);

    /// <param name="pixels">[height, width, 3]</param>
    /// <param name="position">Metres from the middle of the track.</param>
    /// <param name="angle">Radians from upright, positive to the right.</param>
    public static void Draw(Span<byte> pixels, double position, double angle) =>
        Draw(new Canvas(pixels, Width, Height, upwards: true), position, angle);

    /// <summary>Draws a window of the picture, with the same bytes, where cart and pole do not reach over its borders inside the picture.</summary>
    /// <param name="pixels">[height, width, 3] of the window.</param>
    /// <param name="top">The window's first row.</param>
    /// <param name="left">The window's first column.</param>
    /// <param name="height">Rows of the window.</param>
    /// <param name="width">Columns of the window.</param>
    /// <param name="position">Metres from the middle of the track.</param>
    /// <param name="angle">Radians from upright, positive to the right.</param>
    internal static void DrawWindow(Span<byte> pixels, int top, int left, int height, int width, double position, double angle) =>
        Draw(new Canvas(pixels, width, height, upwards: true, left, first: Height - top - height), position, angle);

    /// <summary>The column in which the middle of the cart is drawn.</summary>
    internal static double Column(double position) => position * Scale + Width / 2.0;

    private static void Draw(Canvas canvas, double position, double angle)
    {
        canvas.Fill(Rgb.White);
        double x = Column(position);
        canvas.SmoothBox(
            new Point(x, TrackHeight), angle: 0, -CartWidth / 2, CartWidth / 2, -CartHeight / 2, CartHeight / 2, Rgb.Black);
        canvas.SmoothBox(
            new Point(x, AxleHeight), -angle, -PoleWidth / 2, PoleWidth / 2, -PoleWidth / 2, PoleLength - PoleWidth / 2, Wood);
        canvas.SmoothDisc((int)x, (int)AxleHeight, (int)(PoleWidth / 2), Axle);
        canvas.HorizontalLine(0, Width, TrackHeight, Rgb.Black);
    }
}
