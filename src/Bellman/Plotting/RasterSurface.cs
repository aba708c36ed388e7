using System.Runtime.InteropServices;
using Bellman.Environments.Rendering;

namespace Bellman.Plotting;

/// <summary>Draws on pixels with soft edges: a line covers a pixel by its distance from it, an area by the share of it that lies inside.</summary>
internal sealed class RasterSurface : ISurface
{
    /// <summary>Lines that a row of pixels is looked at along.</summary>
    private const int LinesPerRow = 4;

    private readonly int width;
    private readonly int height;
    private readonly double scale;
    private readonly byte[] pixels;
    private readonly float[] cover;
    private int firstRow = int.MaxValue;
    private int lastRow = -1;

    /// <param name="width">Units.</param>
    /// <param name="height">Units.</param>
    /// <param name="scale">Pixels per unit.</param>
    public RasterSurface(int width, int height, int scale)
    {
        this.width = width * scale;
        this.height = height * scale;
        this.scale = scale;
        pixels = new byte[this.width * this.height * 3];
        pixels.AsSpan().Fill(byte.MaxValue);
        cover = new float[this.width * this.height];
    }

    public Picture End() => new(width, height, Channels: 3, pixels);

    public void Line(ReadOnlySpan<Point> points, Stroke stroke)
    {
        double phase = 0;
        for (int i = 1; i < points.Length; i++)
        {
            if (stroke.Dash > 0) phase = Dashes(points[i - 1], points[i], stroke, phase);
            else Cover(points[i - 1], points[i], stroke.Width);
        }

        Paint(stroke.Color, stroke.Opacity);
    }

    public void Fill(ReadOnlySpan<Point> corners, Rgb color, double opacity)
    {
        List<double> crossings = [];
        (double top, double bottom) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (Point corner in corners)
        {
            top = Math.Min(top, corner.Y * scale);
            bottom = Math.Max(bottom, corner.Y * scale);
        }

        for (int row = Math.Max(0, (int)top); row < Math.Min(height, Math.Ceiling(bottom)); row++)
        {
            for (int line = 0; line < LinesPerRow; line++)
            {
                Cross(corners, row + ((line + 0.5) / LinesPerRow), crossings);
                crossings.Sort();
                for (int i = 0; i + 1 < crossings.Count; i += 2)
                {
                    CoverRow(row, crossings[i], crossings[i + 1]);
                }
            }
        }

        Paint(color, opacity);
    }

    public void Text(string text, Point place, Lettering lettering)
    {
        double unit = lettering.Size / StrokeFont.UnitsPerSize;
        double length = StrokeFont.Width(text) * unit;
        double start = lettering.Anchor switch { Anchor.Middle => -length / 2, Anchor.End => -length, _ => 0 };
        double thickness = lettering.Size * (lettering.IsBold ? 0.115 : 0.08);
        foreach (Point[] stroke in StrokeFont.Strokes(text))
        {
            Point[] placed = Array.ConvertAll(stroke, point =>
            {
                (double along, double up) = (start + (point.X * unit), point.Y * unit);
                return lettering.IsTurned
                    ? new Point(place.X - up, place.Y - along)
                    : new Point(place.X + along, place.Y - up);
            });
            for (int i = 1; i < placed.Length; i++)
            {
                Cover(placed[i - 1], placed[i], thickness);
            }
        }

        Paint(lettering.Color, opacity: 1);
    }

    /// <summary>Covers every other piece of a segment; returns how far into the pattern it ends.</summary>
    private double Dashes(Point from, Point to, Stroke stroke, double phase)
    {
        double length = Math.Sqrt(Square(to.X - from.X) + Square(to.Y - from.Y));
        double place = 0;
        while (place < length)
        {
            double rest = stroke.Dash - (phase % stroke.Dash);
            double end = Math.Min(length, place + rest);
            if ((int)(phase / stroke.Dash) % 2 == 0) Cover(Between(place / length), Between(end / length), stroke.Width);
            phase += end - place;
            place = end;
        }

        return phase;

        Point Between(double share) => new(from.X + ((to.X - from.X) * share), from.Y + ((to.Y - from.Y) * share));
    }

    private void Cover(Point from, Point to, double thickness)
    {
        (double x1, double y1, double x2, double y2) = (from.X * scale, from.Y * scale, to.X * scale, to.Y * scale);
        double radius = thickness * scale / 2;
        double reach = radius + 1;
        int left = Math.Max(0, (int)(Math.Min(x1, x2) - reach));
        int right = Math.Min(width - 1, (int)(Math.Max(x1, x2) + reach));
        int top = Math.Max(0, (int)(Math.Min(y1, y2) - reach));
        int bottom = Math.Min(height - 1, (int)(Math.Max(y1, y2) + reach));
        Touch(top, bottom);
        double lengthSquared = Square(x2 - x1) + Square(y2 - y1);
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                (double dx, double dy) = (x + 0.5 - x1, y + 0.5 - y1);
                double share = lengthSquared == 0 ? 0 : Math.Clamp(((dx * (x2 - x1)) + (dy * (y2 - y1))) / lengthSquared, 0, 1);
                double distance = Math.Sqrt(Square(dx - (share * (x2 - x1))) + Square(dy - (share * (y2 - y1))));
                float covered = (float)Math.Clamp(radius + 0.5 - distance, 0, 1);
                ref float pixel = ref cover[(y * width) + x];
                pixel = Math.Max(pixel, covered);
            }
        }
    }

    /// <summary>Where the edges cross a horizontal line.</summary>
    private void Cross(ReadOnlySpan<Point> corners, double y, List<double> crossings)
    {
        crossings.Clear();
        for (int i = 0; i < corners.Length; i++)
        {
            (Point a, Point b) = (corners[i], corners[(i + 1) % corners.Length]);
            (double y1, double y2) = (a.Y * scale, b.Y * scale);
            if (y1 <= y == y2 <= y) continue;
            crossings.Add((a.X + ((b.X - a.X) * (y - y1) / (y2 - y1))) * scale);
        }
    }

    private void CoverRow(int row, double from, double to)
    {
        Touch(row, row);
        for (int x = Math.Max(0, (int)from); x < Math.Min(width, Math.Ceiling(to)); x++)
        {
            cover[(row * width) + x] += (float)((Math.Min(to, x + 1) - Math.Max(from, x)) / LinesPerRow);
        }
    }

    /// <summary>Mixes the colour in by what is covered, and uncovers it.</summary>
    private void Paint(Rgb color, double opacity)
    {
        Span<Rgb> canvas = MemoryMarshal.Cast<byte, Rgb>(pixels.AsSpan());
        for (int i = Math.Min(firstRow, height) * width; i < (lastRow + 1) * width; i++)
        {
            if (cover[i] == 0) continue;
            double share = Math.Min(1, cover[i]) * opacity;
            Rgb below = canvas[i];
            canvas[i] = new Rgb(Mix(below.Red, color.Red), Mix(below.Green, color.Green), Mix(below.Blue, color.Blue));
            cover[i] = 0;

            byte Mix(byte from, byte to) => (byte)Math.Round(from + ((to - from) * share));
        }

        (firstRow, lastRow) = (int.MaxValue, -1);
    }

    private void Touch(int top, int bottom)
    {
        firstRow = Math.Min(firstRow, top);
        lastRow = Math.Max(lastRow, bottom);
    }

    private static double Square(double x) => x * x;
}
