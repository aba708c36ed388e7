namespace Bellman.Environments.Rendering;

public readonly ref partial struct Canvas
{
    /// <summary>A polygon with smooth edges: <see cref="SmoothPolygon"/> under <see cref="FilledPolygon"/>.</summary>
    public void SmoothShape(ReadOnlySpan<Point> corners, Rgb color)
    {
        SmoothPolygon(corners, color);
        FilledPolygon(corners, color);
    }

    /// <summary>A disc with a smooth rim: <see cref="SmoothCircle"/> under <see cref="FilledCircle"/>.</summary>
    public void SmoothDisc(int x, int y, int radius, Rgb color)
    {
        SmoothCircle(x, y, radius, color);
        FilledCircle(x, y, radius, color);
    }

    /// <summary>A rectangle with smooth edges, turned about its origin and moved there.</summary>
    /// <param name="angle">Radians from the x axis towards the y axis.</param>
    public void SmoothBox(Point origin, double angle, double left, double right, double bottom, double top, Rgb color)
    {
        ReadOnlySpan<Point> corners =
        [
            new Point(left, bottom).Rotated(angle) + origin,
            new Point(left, top).Rotated(angle) + origin,
            new Point(right, top).Rotated(angle) + origin,
            new Point(right, bottom).Rotated(angle) + origin,
        ];
        SmoothShape(corners, color);
    }
}
