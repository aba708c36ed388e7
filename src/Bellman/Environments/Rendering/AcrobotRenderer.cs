namespace Bellman.Environments.Rendering;

/// <summary>Draws Acrobot: two links hanging from a fixed joint, and the line that the tip has to reach.</summary>
public static class AcrobotRenderer
{
    public const int Width = 500;
    public const int Height = 500;

    private const double LinkLength = 1;
    private const double Reach = 2 * LinkLength + 0.2;
    private const double Scale = Width / (2 * Reach);   // pixels per metre
    private const double Middle = Width / 2.0;
    private const double HalfWidth = 0.1 * Scale;

    private static readonly Rgb Link = new(0, 204, 204);
    private static readonly Rgb Joint = new(204, 204, 0);

    /// <param name="pixels">[height, width, 3]</param>
    /// <param name="shoulder">Radians from hanging straight down.</param>
    /// <param name="elbow">Radians between the links.</param>
    public static void Draw(Span<byte> pixels, double shoulder, double elbow)
    {
        Canvas canvas = new(pixels, Width, Height, upwards: true);
        canvas.Fill(Rgb.White);
        canvas.Line(
            new Point(-2.2 * Scale + Middle, Scale + Middle), new Point(2.2 * Scale + Middle, Scale + Middle), Rgb.Black);

        DrawLink(canvas, new Point(Middle, Middle), shoulder - Math.PI / 2);
        Point middleJoint = new(
            LinkLength * Math.Sin(shoulder) * Scale + Middle, -LinkLength * Math.Cos(shoulder) * Scale + Middle);
        DrawLink(canvas, middleJoint, shoulder + elbow - Math.PI / 2);
    }

    private static void DrawLink(Canvas canvas, Point joint, double direction)
    {
        canvas.SmoothBox(joint, direction, 0, LinkLength * Scale, -HalfWidth, HalfWidth, Link);
        canvas.SmoothDisc((int)joint.X, (int)joint.Y, (int)HalfWidth, Joint);
    }
}
