namespace Bellman.Environments.Rendering;

public readonly ref partial struct Canvas
{
    /// <summary>Polygons up to this many corners keep their crossings on the stack.</summary>
    private const int StackCorners = 128;

    /// <summary>The inside of a polygon by the even-odd rule, spans rounded to whole pixels (SDL_gfx filledPolygon).</summary>
    public void FilledPolygon(ReadOnlySpan<Point> corners, Rgb color)
    {
        RequireCorners(corners.Length);
        Span<int> crossings = corners.Length <= StackCorners ? stackalloc int[corners.Length] : new int[corners.Length];
        (int top, int bottom) = VerticalExtent(corners);
        for (int y = Math.Max(top, firstRow); y <= Math.Min(bottom, Bottom); y++)
        {
            int count = 0;
            Point previous = corners[^1];
            foreach (Point corner in corners)
            {
                if (Crosses(previous, corner, y, bottom, out Edge edge))
                {
                    // 16.16 fixed point, with 32-bit overflow where the original has it.
                    crossings[count++] = 65536 * (y - edge.Top) / (edge.Bottom - edge.Top) * (edge.BottomX - edge.TopX)
                        + 65536 * edge.TopX;
                }

                previous = corner;
            }

            crossings[..count].Sort();
            for (int i = 0; i + 1 < count; i += 2)
            {
                HorizontalLine(RoundFixed(crossings[i] + 1), RoundFixed(crossings[i + 1] - 1), y, color);
            }
        }
    }

    /// <summary>The anti-aliased outline of a polygon (SDL_gfx aapolygon).</summary>
    public void SmoothPolygon(ReadOnlySpan<Point> corners, Rgb color)
    {
        RequireCorners(corners.Length);
        for (int i = 0; i < corners.Length; i++)
        {
            Point next = corners[i + 1 < corners.Length ? i + 1 : 0];
            SmoothEdge(corners[i].Column, corners[i].Row, next.Column, next.Row, color);
        }
    }

    /// <summary>The inside and the border of a polygon by the even-odd rule (pygame.draw.polygon).</summary>
    public void Polygon(ReadOnlySpan<Point> corners, Rgb color)
    {
        RequireCorners(corners.Length);
        (int top, int bottom) = VerticalExtent(corners);
        if (top == bottom)
        {
            FlatPolygon(corners, top, color);
            return;
        }

        Span<int> crossings = corners.Length <= StackCorners ? stackalloc int[corners.Length] : new int[corners.Length];
        for (int y = Math.Max(top, firstRow); y <= Math.Min(bottom, Bottom); y++)
        {
            int count = 0;
            Point previous = corners[^1];
            foreach (Point corner in corners)
            {
                if (Crosses(previous, corner, y, bottom, out Edge edge))
                {
                    crossings[count++] = (y - edge.Top) * (edge.BottomX - edge.TopX) / (edge.Bottom - edge.Top) + edge.TopX;
                }

                previous = corner;
            }

            crossings[..count].Sort();
            for (int i = 0; i + 1 < count; i += 2)
            {
                HorizontalLine(crossings[i], crossings[i + 1], y, color);
            }
        }

        LevelEdges(corners, top, bottom, color);
    }

    private void FlatPolygon(ReadOnlySpan<Point> corners, int y, Rgb color)
    {
        int first = corners[0].Column;
        int last = first;
        foreach (Point corner in corners)
        {
            first = Math.Min(first, corner.Column);
            last = Math.Max(last, corner.Column);
        }

        HorizontalLine(first, last, y, color);
    }

    /// <summary>A level edge that the inside touches from above belongs to no span; it is drawn as the border it is.</summary>
    private void LevelEdges(ReadOnlySpan<Point> corners, int top, int bottom, Rgb color)
    {
        Point previous = corners[^1];
        foreach (Point corner in corners)
        {
            int y = corner.Row;
            if (y == previous.Row && top < y && y < bottom) HorizontalLine(previous.Column, corner.Column, y, color);
            previous = corner;
        }
    }

    /// <summary>Whether an edge meets row y: its lower end counts in the polygon's lowest row only.</summary>
    private static bool Crosses(Point from, Point to, int y, int lowest, out Edge edge)
    {
        edge = from.Row < to.Row
            ? new Edge(from.Row, to.Row, from.Column, to.Column)
            : new Edge(to.Row, from.Row, to.Column, from.Column);
        if (edge.Top == edge.Bottom) return false;
        return (y >= edge.Top && y < edge.Bottom) || (y == lowest && y == edge.Bottom);
    }

    private static (int Top, int Bottom) VerticalExtent(ReadOnlySpan<Point> corners)
    {
        int top = corners[0].Row;
        int bottom = top;
        foreach (Point corner in corners)
        {
            top = Math.Min(top, corner.Row);
            bottom = Math.Max(bottom, corner.Row);
        }

        return (top, bottom);
    }

    private static int RoundFixed(int value) => (value >> 16) + ((value & 32768) >> 15);

    private static void RequireCorners(int count)
    {
        if (count < 3) throw new ArgumentException($"A polygon has at least 3 corners; got {count}.");
    }

    private readonly record struct Edge(int Top, int Bottom, int TopX, int BottomX);
}
