namespace Bellman.Environments.Rendering;

public readonly ref partial struct Canvas
{
    /// <summary>A line of whole pixels, both ends included (pygame.draw.line of width 1).</summary>
    public void Line(Point from, Point to, Rgb color)
    {
        (int x1, int y1, int x2, int y2) = (from.Column, from.Row, to.Column, to.Row);
        if (!ClipToFrame(ref x1, ref y1, ref x2, ref y2)) return;
        if (y1 == y2)
        {
            HorizontalLine(x1, x2, y1, color);
            return;
        }

        if (x1 == x2)
        {
            VerticalLine(x1, y1, y2, color);
            return;
        }

        int dx = Math.Abs(x2 - x1);
        int dy = Math.Abs(y2 - y1);
        int stepX = x1 < x2 ? 1 : -1;
        int stepY = y1 < y2 ? 1 : -1;
        int error = (dx > dy ? dx : -dy) / 2;
        while (x1 != x2 || y1 != y2)
        {
            Set(x1, y1, color);
            int before = error;
            if (before > -dx)
            {
                error -= dy;
                x1 += stepX;
            }

            if (before < dy)
            {
                error += dx;
                y1 += stepY;
            }
        }

        Set(x2, y2, color);
    }

    /// <summary>Lines of whole pixels from corner to corner and back to the first (pygame.draw.polygon of width 1).</summary>
    public void Outline(ReadOnlySpan<Point> corners, Rgb color)
    {
        for (int i = 0; i < corners.Length; i++)
        {
            Line(corners[i], corners[i + 1 < corners.Length ? i + 1 : 0], color);
        }
    }

    /// <summary>
    /// An edge of a smooth polygon, its last pixel left to the next edge (SDL_gfx _aalineColor): Wu's algorithm with 16-bit fractions.
    /// </summary>
    private void SmoothEdge(int x1, int y1, int x2, int y2, Rgb color)
    {
        if (!ClipEdge(ref x1, ref y1, ref x2, ref y2)) return;
        (int x, int y, int dx, int dy) = y1 > y2 ? (x2, y2, x1 - x2, y1 - y2) : (x1, y1, x2 - x1, y2 - y1);
        if (dx == 0)
        {
            VerticalLine(x, y, y + dy, color);
            return;
        }

        if (dy == 0)
        {
            HorizontalLine(x, x + dx, y, color);
            return;
        }

        int side = dx > 0 ? 1 : -1;
        dx = Math.Abs(dx);
        Set(x1, y1, color);
        bool steep = dy > dx;
        (int length, int rise) = steep ? (dy, dx) : (dx, dy);

        // The fraction's carry out of 32 bits is the step to the side; a slope of one has a fraction of zero and carries always.
        uint slope = (uint)((rise << 16) / length) << 16;
        uint fraction = 0;
        for (int i = 1; i < length; i++)
        {
            uint before = fraction;
            fraction += slope;
            bool carry = fraction <= before;
            if (steep || carry) y++;
            if (!steep || carry) x += side;
            int weight = (int)(fraction >> 24);
            Weigh(x, y, color, 255 - weight);
            Weigh(steep ? x + side : x, steep ? y : y + 1, color, weight);
        }
    }

    /// <summary>Cuts a smooth edge at the frame in whole pixels (SDL_gfx _clipLine). False where nothing is left.</summary>
    private bool ClipEdge(ref int x1, ref int y1, ref int x2, ref int y2)
    {
        while (true)
        {
            Outside first = Side(x1, y1);
            Outside second = Side(x2, y2);
            if ((first | second) == Outside.None) return true;
            if ((first & second) != Outside.None) return false;
            if (first == Outside.None)
            {
                (x1, y1, x2, y2) = (x2, y2, x1, y1);
                first = second;
            }

            float slope = x2 != x1 ? (float)(y2 - y1) / (x2 - x1) : 1;
            if ((first & (Outside.Left | Outside.Right)) != Outside.None)
            {
                int border = (first & Outside.Left) != Outside.None ? 0 : Right;
                y1 += (int)((border - x1) * slope);
                x1 = border;
            }
            else
            {
                int border = (first & Outside.Below) != Outside.None ? Bottom : 0;
                if (x2 != x1) x1 += (int)((border - y1) / slope);
                y1 = border;
            }
        }
    }

    private Outside Side(int x, int y) =>
        (x < 0 ? Outside.Left : x > Right ? Outside.Right : Outside.None)
        | (y < 0 ? Outside.Above : y > Bottom ? Outside.Below : Outside.None);

    /// <summary>Cuts a line at the frame and one pixel beyond its right and lower sides, rounding (pygame's clip_line).</summary>
    private bool ClipToFrame(ref int x1, ref int y1, ref int x2, ref int y2)
    {
        int dx = x2 - x1;
        int dy = y2 - y1;
        double enter = 0;
        double leave = 1;
        if (!Narrow(dx, x1, Right + 1, ref enter, ref leave) || !Narrow(dy, y1, height, ref enter, ref leave)) return false;
        if (enter > leave) return false;
        (int x, int y) = (x1, y1);
        x1 = x + RoundAway(dx * enter);
        y1 = y + RoundAway(dy * enter);
        x2 = x + RoundAway(dx * leave);
        y2 = y + RoundAway(dy * leave);
        return true;
    }

    /// <summary>Narrows the part of a line that lies in 0 … limit of one coordinate. False where none does.</summary>
    private static bool Narrow(int delta, int start, int limit, ref double enter, ref double leave)
    {
        if (delta == 0) return start >= 0 && start <= limit;
        double atZero = (double)start / -delta;
        double atLimit = (double)(limit - start) / delta;
        enter = Math.Max(enter, Math.Min(atZero, atLimit));
        leave = Math.Min(leave, Math.Max(atZero, atLimit));
        return true;
    }

    private static int RoundAway(double value) => (int)(value < 0 ? value - 0.5 : value + 0.5);

    [Flags]
    private enum Outside
    {
        None = 0,
        Left = 1,
        Right = 2,
        Below = 4,
        Above = 8,
    }
}
