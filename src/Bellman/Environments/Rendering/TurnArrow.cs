namespace Bellman.Environments.Rendering;

/// <summary>Three quarters of a ring with an arrowhead, drawn by the share of each pixel that it covers.</summary>
/// <param name="size">The side of the square it fills, pixels.</param>
internal readonly struct TurnArrow(int size, bool clockwise)
{
    /// <summary>Samples along each side of a pixel of the arrowhead.</summary>
    private const int Samples = 4;

    // In shares of the size, x from the side opposite to the head, y from the bottom.
    private const float CenterX = 0.478f;
    private const float CenterY = 0.5f;
    private const float RadiusX = 0.461f;
    private const float RadiusY = 0.484f;
    private const float Stroke = 0.032f;
    private const float HeadX = 0.937f;
    private const float HeadWidth = 0.066f;
    private const float Tip = 0.652f;
    private const float Notch = 0.5f;
    private const float Barb = 0.46f;

    /// <summary>Draws in black with the lower left corner at x, y of a canvas that grows upwards.</summary>
    public void Draw(Canvas canvas, int x, int y)
    {
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                float share = Math.Min(RingShare(column + 0.5f, row + 0.5f) + HeadShare(column, row), 1);
                int mirrored = clockwise ? size - 1 - column : column;
                if (share > 0) canvas.Blend(x + mirrored, y + row, Rgb.Black, share);
            }
        }
    }

    /// <summary>The ring is so nearly a circle that a pixel's distance to it may be measured along the radius.</summary>
    private float RingShare(float x, float y)
    {
        float dx = x / size - CenterX;
        float dy = y / size - CenterY;
        float quarterX = Math.Clamp(0.5f - dx * size, 0, 1);
        float quarterY = Math.Clamp(0.5f - dy * size, 0, 1);
        if (quarterX + quarterY <= 0) return 0;

        float scaled = dx * dx / (RadiusX * RadiusX) + dy * dy / (RadiusY * RadiusY);
        if (scaled is < 0.7f or > 1.4f && size > 12) return 0;
        float radius = MathF.Sqrt(dx * dx + dy * dy);
        float distance = Math.Abs(radius - radius / MathF.Sqrt(Math.Max(scaled, 1e-6f))) * size;
        float width = Stroke * size;
        float cover = Math.Clamp(width / 2 + 0.5f - distance, 0, Math.Min(width, 1));
        return cover * Math.Max(quarterX, quarterY);
    }

    private float HeadShare(int column, int row)
    {
        if (column + 1 < (HeadX - HeadWidth) * size || row + 1 < Barb * size || row > Tip * size) return 0;
        int hits = 0;
        for (int i = 0; i < Samples * Samples; i++)
        {
            float x = (column + (i % Samples + 0.5f) / Samples) / size;
            float y = (row + (i / Samples + 0.5f) / Samples) / size;
            if (InHead(Math.Abs(x - HeadX), y)) hits++;
        }

        return (float)hits / (Samples * Samples);
    }

    /// <summary>Between the outer side, from the barb to the tip, and the inner one, from the barb to the notch.</summary>
    private static bool InHead(float aside, float y)
    {
        float share = aside / HeadWidth;
        return share <= 1 && y <= Tip + share * (Barb - Tip) && y >= Notch + share * (Barb - Notch);
    }
}
