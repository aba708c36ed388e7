namespace Bellman.Environments.Rendering;

/// <summary>A cell of a grid world, drawn in coordinates of 0 … 100 from its upper left corner, whatever its size in pixels.</summary>
internal readonly ref struct Tile(Canvas canvas, int left, int top, int width, int height)
{
    private readonly Canvas canvas = canvas;

    /// <summary>Paints the whole cell.</summary>
    public void Fill(Rgb color) => canvas.FilledRectangle(left, top, width, height, color);

    /// <summary>A border one pixel wide.</summary>
    public void Frame(Rgb color)
    {
        canvas.HorizontalLine(left, left + width - 1, top, color);
        canvas.HorizontalLine(left, left + width - 1, top + height - 1, color);
        canvas.VerticalLine(left, top, top + height - 1, color);
        canvas.VerticalLine(left + width - 1, top, top + height - 1, color);
    }

    public void Box(double x, double y, double right, double bottom, Rgb color)
    {
        Point corner = Place(x, y);
        Point opposite = Place(right, bottom);
        canvas.FilledRectangle(
            corner.Column, corner.Row, opposite.Column - corner.Column, opposite.Row - corner.Row, color);
    }

    public void Disc(double x, double y, double radius, Rgb color)
    {
        Point center = Place(x, y);
        canvas.SmoothDisc(center.Column, center.Row, (int)Math.Round(radius / 100 * Math.Min(width, height)), color);
    }

    public void Shape(ReadOnlySpan<Point> corners, Rgb color)
    {
        Span<Point> places = stackalloc Point[corners.Length];
        for (int i = 0; i < corners.Length; i++)
        {
            places[i] = Place(corners[i].X, corners[i].Y);
        }

        canvas.SmoothShape(places, color);
    }

    public void Line(double x1, double y1, double x2, double y2, Rgb color) =>
        canvas.FineLine(Place(x1, y1), Place(x2, y2), color);

    private Point Place(double x, double y) => new(left + x / 100 * width, top + y / 100 * height);
}
