namespace Bellman.Environments.Rendering;

public readonly ref partial struct Canvas
{
    /// <summary>An anti-aliased line between places of fractional pixels (pygame.draw.aaline), in single precision.</summary>
    public void FineLine(Point from, Point to, Rgb color)
    {
        float dx = (float)to.X - (float)from.X;
        float dy = (float)to.Y - (float)from.Y;
        if (Math.Abs(dx) < 0.0001 && Math.Abs(dy) < 0.0001)
        {
            Set((int)Math.Floor((float)from.X + 0.5), (int)Math.Floor((float)from.Y + 0.5), color);
            return;
        }

        bool steep = Math.Abs(dx) < Math.Abs(dy);
        FineStroke stroke = steep
            ? new FineStroke((float)from.Y, (float)from.X, (float)to.Y, (float)to.X, height, Right + 1)
            : new FineStroke((float)from.X, (float)from.Y, (float)to.X, (float)to.Y, Right + 1, height);
        if (!stroke.Clip()) return;

        // One pixel lower, no coordinate is negative and truncation is rounding down.
        stroke.FromMinor += 1;
        stroke.ToMinor += 1;
        Draw(stroke, steep, color);
    }

    /// <summary>Anti-aliased lines from point to point.</summary>
    /// <param name="closed">Whether the last point is joined to the first.</param>
    public void FineLines(ReadOnlySpan<Point> points, bool closed, Rgb color)
    {
        for (int i = 1; i < points.Length; i++)
        {
            FineLine(points[i - 1], points[i], color);
        }

        if (closed && points.Length > 2) FineLine(points[^1], points[0], color);
    }

    private void Draw(in FineStroke stroke, bool steep, Rgb color)
    {
        float slope = stroke.Slope;
        int first = (int)stroke.FromMajor;
        float minor = stroke.FromMinor + slope * (first - stroke.FromMajor);
        if (stroke.ToMajor > 0)
        {
            End(first, minor, 1 + first - stroke.FromMajor, steep, color);
            minor += slope;
            first++;
        }

        int last = (int)Math.Ceiling(stroke.ToMajor);
        if (stroke.FromMajor < stroke.MajorSize - 1)
        {
            End(last, stroke.ToMinor + slope * (last - stroke.ToMajor), 1 - last + stroke.ToMajor, steep, color);
        }

        for (int major = first; major < last; major++)
        {
            int cell = (int)minor;
            float share = 1 - minor + cell;
            Mix(major, cell - 1, share, steep, color);
            if (cell < minor) Mix(major, cell, 1 - share, steep, color);
            minor += slope;
        }
    }

    /// <summary>The two pixels at an end, dimmed by how far the line reaches into them.</summary>
    private void End(int major, float minor, float reach, bool steep, Rgb color)
    {
        int cell = (int)minor;
        float share = minor - cell;
        if (cell < minor) Mix(major, cell, share * reach, steep, color);
        Mix(major, cell - 1, (1 - share) * reach, steep, color);
    }

    private void Mix(int major, int minor, float share, bool steep, Rgb color)
    {
        if (steep)
        {
            Blend(minor, major, color, share);
        }
        else
        {
            Blend(major, minor, color, share);
        }
    }

    /// <summary>A line by its major coordinate, along which it advances pixel by pixel, and its minor one.</summary>
    private ref struct FineStroke
    {
        public float FromMajor;
        public float FromMinor;
        public float ToMajor;
        public float ToMinor;
        public readonly float Slope;
        public readonly float MajorSize;
        private readonly float minorSize;

        public FineStroke(float fromMajor, float fromMinor, float toMajor, float toMinor, int majorSize, int minorSize)
        {
            float dx = toMajor - fromMajor;
            float dy = toMinor - fromMinor;
            (FromMajor, FromMinor, ToMajor, ToMinor) = dx < 0
                ? (toMajor, toMinor, fromMajor, fromMinor)
                : (fromMajor, fromMinor, toMajor, toMinor);
            Slope = dx < 0 ? -dy / -dx : dy / dx;
            MajorSize = majorSize;
            this.minorSize = minorSize;
        }

        /// <summary>Cuts the line one pixel outside the frame. False where nothing is left.</summary>
        public bool Clip()
        {
            const float Low = -1;
            if (ToMajor <= Low || FromMajor >= MajorSize) return false;
            if (FromMajor < Low)
            {
                FromMinor += Slope * (Low - FromMajor);
                FromMajor = Low;
            }

            if (ToMajor > MajorSize)
            {
                ToMinor += Slope * (MajorSize - ToMajor);
                ToMajor = MajorSize;
            }

            bool rising = Slope > 0;
            if (Math.Max(FromMinor, ToMinor) <= Low || Math.Min(FromMinor, ToMinor) >= minorSize) return false;
            float fromLimit = rising ? Low : minorSize;
            if (rising ? FromMinor < fromLimit : FromMinor > fromLimit)
            {
                FromMajor += (fromLimit - FromMinor) / Slope;
                FromMinor = fromLimit;
            }

            float toLimit = rising ? minorSize : Low;
            if (rising ? ToMinor > toLimit : ToMinor < toLimit)
            {
                ToMajor += (toLimit - ToMinor) / Slope;
                ToMinor = toLimit;
            }

            return true;
        }
    }
}
