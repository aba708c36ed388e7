using System.Xml.Linq;
using Bellman.Environments.Rendering;
using Bellman.Plotting;
using Bellman.Statistics;

namespace Bellman.Tests.Plotting;

public sealed class ChartTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Fact]
    public void An_svg_file_is_sound_and_names_what_it_shows()
    {
        XDocument svg = XDocument.Parse(Example().ToSvg());
        string[] texts = [.. svg.Descendants(Svg + "text").Select(text => text.Value)];
        Assert.Contains("Return < 500 & \"more\"", texts);
        Assert.Contains("environment steps", texts);
        Assert.Equal(1, texts.Count(text => text == "dqn"));
        Assert.Contains("target 475", texts);
        Assert.Contains("10k", texts);
        Assert.Equal(2, svg.Descendants(Svg + "path").Count(path => path.Attribute("fill-opacity")?.Value == "0.18"));
    }

    [Fact]
    public void Labels_do_not_overlap()
    {
        XElement[] labels = [.. XDocument.Parse(Example().ToSvg()).Descendants(Svg + "text")];
        var boxes = labels.Where(label => label.Attribute("transform") is null).Select(Box).ToArray();
        for (int i = 0; i < boxes.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                bool apart = boxes[i].Right <= boxes[j].Left || boxes[j].Right <= boxes[i].Left
                    || boxes[i].Bottom <= boxes[j].Top || boxes[j].Bottom <= boxes[i].Top;
                Assert.True(apart, $"{labels[i].Value} overlaps {labels[j].Value}.");
            }
        }
    }

    [Fact]
    public void Pixels_show_line_band_and_grid_in_their_colours()
    {
        Picture picture = Example().ToPicture();
        Rgb[] pixels = [.. Enumerable.Range(0, picture.Width * picture.Height)
            .Select(i => new Rgb(picture.Pixels[3 * i], picture.Pixels[(3 * i) + 1], picture.Pixels[(3 * i) + 2]))];
        Assert.Contains(Palette.Of(0), pixels);
        Assert.Contains(Palette.Of(1), pixels);
        Assert.Contains(Palette.Grid, pixels);

        // Blue of the palette at 18 % over white: 255 − 0.18 · (255 − 0, 114, 178).
        Assert.Contains(new Rgb(209, 230, 241), pixels);
        Assert.Equal(Rgb.White, pixels[0]);
    }

    [Fact]
    public void The_same_chart_gives_the_same_bytes()
    {
        Example().Save(Path.Combine(directory, "new", "a.png"));
        Example().Save(Path.Combine(directory, "b.png"));
        byte[] first = File.ReadAllBytes(Path.Combine(directory, "new", "a.png"));
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(directory, "b.png")));
        Assert.Equal(Example().ToPicture().Pixels, PngFile.Read(Path.Combine(directory, "b.png")).Pixels);
        Assert.Equal(Example().ToSvg(), Example().ToSvg());
    }

    [Fact]
    public void Another_format_is_refused() => Assert.Equal(
        "A chart is written to a file that ends in .svg or .png; got 'a.pdf'.",
        Assert.Throws<ArgumentException>(() => Example().Save("a.pdf")).Message);

    [Fact]
    public void A_line_that_is_too_long_keeps_its_peaks()
    {
        double[] x = [.. Enumerable.Range(0, 100_000).Select(i => (double)i)];
        double[] y = new double[x.Length];
        y[70_001] = 5;
        y[70_003] = -3;
        Series series = Bands.Faint("", 0, new Curve(x, y));
        Assert.InRange(series.X.Length, 100, 1000);
        Assert.Contains(5, series.Y);
        Assert.Contains(-3, series.Y);
        Assert.Equal(series.X.Order(), series.X);
    }

    [Fact]
    public void Several_runs_have_a_band_and_one_has_none()
    {
        Curve[] curves = [new([0, 10], [0, 10]), new([0, 10], [2, 14]), new([0, 10], [4, 30])];
        Series band = Bands.Of("a", 0, curves, runs => Aggregate.Median(runs));
        Assert.Equal(2, band.Y[0]);
        Assert.Equal(14, band.Y[^1]);
        Assert.Equal((0.0, 4.0), (band.Low![0], band.High![0]));
        Assert.Null(Bands.Of("a", 0, curves[..1], runs => Aggregate.Median(runs)).Low);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static Chart Example()
    {
        double[] x = [.. Enumerable.Range(0, 101).Select(i => i * 500.0)];
        Series Line(string name, int color, double top) => new(name, x, [.. x.Select(step => top * step / 50_000)])
        {
            Color = color,
            Low = [.. x.Select(step => (top * step / 50_000) - 40)],
            High = [.. x.Select(step => (top * step / 50_000) + 40)],
        };
        var panel = new Panel
        {
            Title = "CartPole-v1",
            XLabel = "environment steps",
            YLabel = "return",
            Series = [Line("dqn", 0, 450)],
            Levels = [new Level("target 475", 475)],
        };
        return new Chart
        {
            Title = "Return < 500 & \"more\"",
            Note = "A note.",
            Panels = [panel, panel with { Title = "Acrobot-v1", Series = [Line("dqn", 0, -450), new Series("ppo", x, x) { Color = 1 }], Levels = [] }],
        };
    }

    private static (double Left, double Right, double Top, double Bottom) Box(XElement text)
    {
        double size = (double)text.Attribute("font-size")!;
        double width = StrokeFont.Width(text.Value) * size / StrokeFont.UnitsPerSize;
        double x = (double)text.Attribute("x")!;
        double y = (double)text.Attribute("y")!;
        double left = (string?)text.Attribute("text-anchor") switch { "middle" => x - (width / 2), "end" => x - width, _ => x };
        return (left, left + width, y - (0.72 * size), y + (0.2 * size));
    }
}
