using System.Text.Json;
using Bellman.Environments.Rendering;

namespace Bellman.Tests.Environments.Rendering;

public sealed class CanvasTests
{
    public static TheoryData<string> Shapes => [.. Drawings().Select(drawing => drawing.GetProperty("shape").GetString()!)];

    /// <summary>Fourteen shapes each, many of them partly outside, recorded from pygame 2.1.2.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_shape_has_pygames_pixels(string shape)
    {
        JsonElement drawing = Drawings().Single(drawing => drawing.GetProperty("shape").GetString() == shape);
        int width = drawing.GetProperty("width").GetInt32();
        int height = drawing.GetProperty("height").GetInt32();
        byte[] frame = new byte[width * height * 3];
        Canvas canvas = new(frame, width, height);
        canvas.Fill(Color(drawing.GetProperty("background")));
        foreach (JsonElement call in drawing.GetProperty("calls").EnumerateArray())
        {
            Point[] points = [.. call.GetProperty("points").EnumerateArray().Select(Place)];
            int radius = call.TryGetProperty("radius", out JsonElement value) ? value.GetInt32() : 0;
            Draw(canvas, shape, points, radius, Color(call.GetProperty("color")));
        }

        GoldenFrame.RequireEqual(drawing.GetProperty("png").GetString()!, frame);
    }

    [Fact]
    public void Upwards_turns_the_frame_over()
    {
        byte[] down = new byte[20 * 10 * 3];
        byte[] up = new byte[20 * 10 * 3];
        Point[] corners = [new Point(1, 1), new Point(15, 3), new Point(6, 8)];
        new Canvas(down, 20, 10).SmoothShape(corners, new Rgb(10, 200, 30));
        new Canvas(up, 20, 10, upwards: true).SmoothShape(corners, new Rgb(10, 200, 30));
        for (int y = 0; y < 10; y++)
        {
            Assert.Equal(down.AsSpan(y * 60, 60), up.AsSpan((9 - y) * 60, 60));
        }
    }

    [Fact]
    public void A_scrolled_canvas_shows_the_right_part_of_a_wide_one()
    {
        byte[] wide = new byte[50 * 10 * 3];
        byte[] window = new byte[20 * 10 * 3];
        Point[] corners = [new Point(-5, 1), new Point(48.5, 3), new Point(25, 9)];
        new Canvas(wide, 50, 10).SmoothPolygon(corners, new Rgb(10, 200, 30));
        new Canvas(window, 20, 10, left: 30).SmoothPolygon(corners, new Rgb(10, 200, 30));
        for (int y = 0; y < 10; y++)
        {
            Assert.Equal(wide.AsSpan(y * 150 + 90, 60), window.AsSpan(y * 60, 60));
        }
    }

    [Fact]
    public void A_blend_of_one_is_opaque_and_of_zero_nothing()
    {
        byte[] frame = [1, 2, 3, 4, 5, 6];
        Canvas canvas = new(frame, 2, 1);
        canvas.Blend(0, 0, new Rgb(50, 60, 70), 1);
        canvas.Blend(1, 0, new Rgb(50, 60, 70), 0);
        canvas.Blend(2, 0, new Rgb(50, 60, 70), 1);
        Assert.Equal([50, 60, 70, 4, 5, 6], frame);
    }

    [Fact]
    public void A_frame_of_the_wrong_size_is_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => new Canvas(new byte[5], width: 2, height: 1).Fill(Rgb.White));
        Assert.Contains("takes 6 bytes; got 5", error.Message);
    }

    private static void Draw(Canvas canvas, string shape, Point[] points, int radius, Rgb color)
    {
        Point first = points[0];
        switch (shape)
        {
            case "filled_polygon": canvas.FilledPolygon(points, color); break;
            case "smooth_polygon": canvas.SmoothPolygon(points, color); break;
            case "polygon": canvas.Polygon(points, color); break;
            case "outline": canvas.Outline(points, color); break;
            case "filled_circle": canvas.FilledCircle((int)first.X, (int)first.Y, radius, color); break;
            case "smooth_circle": canvas.SmoothCircle((int)first.X, (int)first.Y, radius, color); break;
            case "circle": canvas.Circle(first, radius, color); break;
            case "line": canvas.Line(first, points[1], color); break;
            case "fine_line": canvas.FineLine(first, points[1], color); break;
            case "fine_lines": canvas.FineLines(points, closed: true, color); break;
            case "hline": canvas.HorizontalLine((int)first.X, (int)points[1].X, (int)first.Y, color); break;
            case "vline": canvas.VerticalLine((int)first.X, (int)first.Y, (int)points[1].Y, color); break;
            default: throw new ArgumentException($"Unknown shape '{shape}'.");
        }
    }

    private static IEnumerable<JsonElement> Drawings()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "golden", "frames", "shapes.json");
        return JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateArray();
    }

    private static Point Place(JsonElement point) => new(point[0].GetDouble(), point[1].GetDouble());

    private static Rgb Color(JsonElement color) =>
        new(color[0].GetByte(), color[1].GetByte(), color[2].GetByte());
}
