using System.Globalization;
using Bellman.Environments.Rendering;

namespace Bellman.Plotting;

/// <summary>A bar of a <see cref="BarChart"/>.</summary>
/// <param name="Name">At its left.</param>
/// <param name="Share">0 … 1</param>
public sealed record Bar(string Name, double Share);

/// <summary>Shares of one whole as bars below each other, each with its per cent.</summary>
public sealed record BarChart
{
    private const double Margin = 16;
    private const double TitleSize = 17;
    private const double LabelSize = 12.5;
    private const double Line = 24;
    private const double BarHeight = 14;
    private const double Longest = 420;
    private const double PercentWidth = 52;

    /// <summary>Above the bars.</summary>
    public required string Title { get; init; }

    /// <summary>At least one, the uppermost first.</summary>
    public required IReadOnlyList<Bar> Bars { get; init; }

    /// <summary>Small, below the bars; empty for none.</summary>
    public string Note { get; init; } = "";

    /// <summary>The picture as the text of an SVG file; lengths are in proportion, the longest one from side to side.</summary>
    public string ToSvg()
    {
        double labels = Bars.Max(bar => StrokeFont.Width(bar.Name, LabelSize)) + 12;
        double width = Math.Ceiling(Math.Max(
            (2 * Margin) + labels + Longest + PercentWidth,
            (2 * Margin) + Math.Max(StrokeFont.Width(Title, TitleSize), StrokeFont.Width(Note, LabelSize - 1))));
        double top = Margin + TitleSize + 16;
        double height = Math.Ceiling(top + (Bars.Count * Line) + Margin + (Note.Length > 0 ? Line : 0));
        var surface = new SvgSurface(width, height, Title);
        surface.Text(Title, new Point(width / 2, Margin + TitleSize - 2), new Lettering(TitleSize, Palette.Ink, Anchor.Middle, IsBold: true));
        double left = Margin + labels;
        double largest = Math.Max(Bars.Max(bar => bar.Share), 1e-9);
        for (int i = 0; i < Bars.Count; i++)
        {
            double y = top + (i * Line);
            double right = left + (Longest * Bars[i].Share / largest);
            double baseLine = y + (BarHeight / 2) + (LabelSize * 0.35);
            surface.Text(Bars[i].Name, new Point(left - 8, baseLine), new Lettering(LabelSize, Palette.Ink, Anchor.End));
            surface.Fill(
                [new Point(left, y), new Point(right, y), new Point(right, y + BarHeight), new Point(left, y + BarHeight)],
                Palette.Of(0), opacity: 0.85);
            string percent = string.Create(CultureInfo.InvariantCulture, $"{100 * Bars[i].Share:0.0} %");
            surface.Text(percent, new Point(right + 8, baseLine), new Lettering(LabelSize, Palette.Soft));
        }

        double bottom = top + (Bars.Count * Line);
        surface.Line([new Point(left, top - 6), new Point(left, bottom - Line + BarHeight + 6)], new Stroke(Palette.Axis, 1.2));
        if (Note.Length > 0)
        {
            surface.Text(Note, new Point(width / 2, height - Margin), new Lettering(LabelSize - 1, Palette.Soft, Anchor.Middle));
        }

        return surface.End();
    }
}
