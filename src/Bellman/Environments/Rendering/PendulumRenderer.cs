namespace Bellman.Environments.Rendering;

/// <summary>Draws Pendulum: a red rod on its axle, with an arrow for the torque that acted last.</summary>
public static class PendulumRenderer
{
    public const int Width = 500;
    public const int Height = 500;

    private const double Reach = 2.2;
    private const double Scale = Width / (2 * Reach);   // pixels per metre
    private const int Middle = Width / 2;
    private const double RodLength = Scale;
    private const double RodWidth = 0.2 * Scale;

    private static readonly Rgb Rod = new(204, 77, 77);

    /// <param name="pixels">[height, width, 3]</param>
    /// <param name="angle">Radians from upright, counter-clockwise.</param>
    /// <param name="torque">N·m, counter-clockwise; null before the first step.</param>
    public static void Draw(Span<byte> pixels, double angle, double? torque)
    {
        Canvas canvas = new(pixels, Width, Height, upwards: true);
        canvas.Fill(Rgb.White);

        double direction = angle + Math.PI / 2;
        Point axle = new(Middle, Middle);
        canvas.SmoothBox(axle, direction, 0, RodLength, -RodWidth / 2, RodWidth / 2, Rod);
        canvas.SmoothDisc(Middle, Middle, (int)(RodWidth / 2), Rod);
        Point tip = new Point(RodLength, 0).Rotated(direction) + axle;
        canvas.SmoothDisc((int)tip.X, (int)tip.Y, (int)(RodWidth / 2), Rod);

        if (torque is double turn) DrawTorque(canvas, turn);
        canvas.SmoothDisc(Middle, Middle, (int)(0.05 * Scale), Rgb.Black);
    }

    private static void DrawTorque(Canvas canvas, double torque)
    {
        int size = (int)(Scale * Math.Abs(torque) / 2);
        if (size > 0) new TurnArrow(size, clockwise: torque <= 0).Draw(canvas, Middle - size / 2, Middle - size / 2);
    }
}
