namespace Bellman.Environments.Rendering;

public readonly ref partial struct Canvas
{
    /// <summary>A disc about a pixel, 2 · radius + 1 pixels wide (SDL_gfx filledCircle).</summary>
    public void FilledCircle(int x, int y, int radius, Rgb color)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        int inner = 0;
        int outer = radius;
        int error = 1 - radius;
        int drawn = -1;
        while (inner <= outer)
        {
            if (inner != outer)
            {
                HorizontalLine(x - outer, x + outer, y + inner, color);
                HorizontalLine(x - outer, x + outer, y - inner, color);
            }

            if (drawn != outer)
            {
                HorizontalLine(x - inner, x + inner, y + outer, color);
                HorizontalLine(x - inner, x + inner, y - outer, color);
                drawn = outer;
            }

            // Midpoint rule: stay on the row while the point between the candidates lies inside the circle.
            if (error < 0)
            {
                error += 2 * inner + 3;
            }
            else
            {
                error += 2 * (inner - outer) + 5;
                outer--;
            }

            inner++;
        }
    }

    /// <summary>The anti-aliased rim of a disc about a pixel (SDL_gfx aacircle).</summary>
    public void SmoothCircle(int x, int y, int radius, Rgb color)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        if (radius == 0)
        {
            Set(x, y, color);
            return;
        }

        int square = radius * radius;
        int eighth = (int)Math.Round(square / Math.Sqrt(2.0 * square), MidpointRounding.ToEven);
        SetMirrored(x, y, 0, -radius, color);
        SmoothRim(x, y, radius, eighth, color);
    }

    /// <summary>From the top of the circle to its side: first an eighth where x steps, then one where y does.</summary>
    private void SmoothRim(int x, int y, int radius, int eighth, Rgb color)
    {
        int square = radius * radius;
        int column = 0;
        int row = -radius;
        int t = 0;
        int s = -2 * square * radius;
        int d = 0;
        for (int i = 0; i < eighth; i++)
        {
            column--;
            d += t - square;
            int neighbour = row - 1;
            if (d < 0)
            {
                bool near = d - s - square > 0;
                bool stay = near && 2 * d - s - square >= 0;
                neighbour = near && !stay ? row : stay ? row + 1 : row + 2;
                if (!stay)
                {
                    row++;
                    d -= s + square;
                    s += 2 * square;
                }
            }

            t -= 2 * square;
            int weight = Share(d, s);
            WeighMirrored(x, y, column, row, color, 255 - weight);
            WeighMirrored(x, y, column, neighbour, color, weight);
        }

        for (int i = 0; i < eighth; i++)
        {
            row++;
            d -= s + square;
            int neighbour = column + 1;
            if (d > 0)
            {
                bool near = d + t - square < 0;
                bool stay = near && 2 * d + t - square <= 0;
                neighbour = near && !stay ? column : stay ? column - 1 : column - 2;
                if (!stay)
                {
                    column--;
                    d += t - square;
                    t -= 2 * square;
                }
            }

            s += 2 * square;
            int weight = Share(d, t);
            WeighMirrored(x, y, column, row, color, 255 - weight);
            WeighMirrored(x, y, neighbour, row, color, weight);
        }
    }

    /// <summary>A disc about the corner of four pixels, 2 · radius pixels wide (pygame.draw.circle).</summary>
    public void Circle(Point center, double radius, Rgb color)
    {
        int x = center.Column;
        int y = center.Row;
        int error = 1 - (int)radius;
        int inner = 0;
        int outer = (int)radius;
        while (inner < outer)
        {
            if (error >= 0)
            {
                outer--;
                error -= 2 * outer;
            }

            inner++;
            error += 2 * inner + 1;
            if (error >= 0)
            {
                HorizontalLine(x - inner, x + inner - 1, y + outer - 1, color);
                HorizontalLine(x - inner, x + inner - 1, y - outer, color);
            }

            HorizontalLine(x - outer, x + outer - 1, y + inner - 1, color);
            HorizontalLine(x - outer, x + outer - 1, y - inner, color);
        }
    }

    /// <summary>|part / whole| in 1/255, at most 255.</summary>
    private static int Share(int part, int whole)
    {
        float share = whole == 0 ? 1 : Math.Min((float)Math.Abs(part) / Math.Abs(whole), 1);
        return (int)(share * 255);
    }

    private void SetMirrored(int x, int y, int column, int row, Rgb color)
    {
        Set(x + column, y + row, color);
        Set(x - column, y + row, color);
        Set(x + column, y - row, color);
        Set(x - column, y - row, color);
    }

    private void WeighMirrored(int x, int y, int column, int row, Rgb color, int weight)
    {
        Weigh(x + column, y + row, color, weight);
        Weigh(x - column, y + row, color, weight);
        Weigh(x + column, y - row, color, weight);
        Weigh(x - column, y - row, color, weight);
    }
}
