namespace Bellman.Environments.Rendering;

/// <summary>A place on a canvas in pixels, x to the right. Shapes of whole pixels truncate both coordinates towards zero.</summary>
public readonly record struct Point(double X, double Y)
{
    internal int Column => (int)X;

    internal int Row => (int)Y;

    public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);

    /// <summary>Turned about the origin, from the x axis towards the y axis.</summary>
    /// <param name="angle">Radians. Within 10⁻⁶ of a multiple of π/2 the turn is exact, as pygame's is.</param>
    public Point Rotated(double angle)
    {
        const double Tolerance = 1e-6;
        const double Quarter = Math.PI / 2;
        angle %= 2 * Math.PI;
        if (angle < 0) angle += 2 * Math.PI;
        if ((angle + Tolerance) % Quarter < 2 * Tolerance)
        {
            return ((int)((angle + Tolerance) / Quarter) & 3) switch
            {
                0 => this,
                1 => new Point(-Y, X),
                2 => new Point(-X, -Y),
                _ => new Point(Y, -X),
            };
        }

        double sin = Math.Sin(angle);
        double cos = Math.Cos(angle);
        return new Point(cos * X - sin * Y, sin * X + cos * Y);
    }
}
