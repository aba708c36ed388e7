using System.Globalization;
using System.Net;
using System.Text;
using Bellman.Environments.Rendering;

namespace Bellman.Plotting;

/// <summary>Draws as Scalable Vector Graphics, with the reader's own sans-serif letters.</summary>
internal sealed class SvgSurface : ISurface
{
    private readonly StringBuilder svg = new();

    public SvgSurface(double width, double height, string title)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" ");
        svg.Append(CultureInfo.InvariantCulture, $"viewBox=\"0 0 {width} {height}\" font-family=\"system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif\">\n");
        if (title.Length > 0) svg.Append($"<title>{Escaped(title)}</title>\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    }

    public string End() => svg.Append("</svg>\n").ToString();

    public void Line(ReadOnlySpan<Point> points, Stroke stroke)
    {
        svg.Append("<path d=\"");
        Path(points);
        svg.Append($"\" fill=\"none\" stroke=\"{Hex(stroke.Color)}\" stroke-width=\"{Number(stroke.Width)}\" stroke-linejoin=\"round\"");
        if (stroke.Dash > 0) svg.Append($" stroke-dasharray=\"{Number(stroke.Dash)}\"");
        else svg.Append(" stroke-linecap=\"round\"");
        if (stroke.Opacity < 1) svg.Append($" stroke-opacity=\"{Number(stroke.Opacity)}\"");
        svg.Append("/>\n");
    }

    public void Fill(ReadOnlySpan<Point> corners, Rgb color, double opacity)
    {
        svg.Append("<path d=\"");
        Path(corners);
        svg.Append($"Z\" fill=\"{Hex(color)}\" fill-opacity=\"{Number(opacity)}\"/>\n");
    }

    public void Text(string text, Point place, Lettering lettering)
    {
        string anchor = lettering.Anchor switch
        {
            Anchor.Middle => " text-anchor=\"middle\"",
            Anchor.End => " text-anchor=\"end\"",
            _ => "",
        };
        string turn = lettering.IsTurned ? $" transform=\"rotate(-90 {Number(place.X)} {Number(place.Y)})\"" : "";
        string weight = lettering.IsBold ? " font-weight=\"600\"" : "";
        svg.Append($"<text x=\"{Number(place.X)}\" y=\"{Number(place.Y)}\" font-size=\"{Number(lettering.Size)}\" ");
        svg.Append($"fill=\"{Hex(lettering.Color)}\"{anchor}{weight}{turn}>{Escaped(text)}</text>\n");
    }

    private void Path(ReadOnlySpan<Point> points)
    {
        char command = 'M';
        foreach (Point point in points)
        {
            svg.Append(command).Append(Number(point.X)).Append(' ').Append(Number(point.Y));
            command = 'L';
        }
    }

    private static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    private static string Hex(Rgb color) => $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}";

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
