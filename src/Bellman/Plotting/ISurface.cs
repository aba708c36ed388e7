using Bellman.Environments.Rendering;

namespace Bellman.Plotting;

/// <summary>Where the end of a text lies that its place names.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>How a line is drawn.</summary>
/// <param name="Color">Of the line.</param>
/// <param name="Width">Units.</param>
/// <param name="Opacity">0 … 1</param>
/// <param name="Dash">Units of line and gap; 0 for none.</param>
internal readonly record struct Stroke(Rgb Color, double Width, double Opacity = 1, double Dash = 0);

/// <summary>How a text is drawn.</summary>
/// <param name="Size">Of the font, units: a capital is 0.7 of it high.</param>
/// <param name="IsTurned">Read from below, for the vertical axis.</param>
internal readonly record struct Lettering(double Size, Rgb Color, Anchor Anchor = Anchor.Start, bool IsBold = false, bool IsTurned = false);

/// <summary>What charts are drawn on; units from the upper left corner, y downwards.</summary>
internal interface ISurface
{
    void Line(ReadOnlySpan<Point> points, Stroke stroke);

    /// <summary>Fills what lies inside of closed corners.</summary>
    void Fill(ReadOnlySpan<Point> corners, Rgb color, double opacity);

    /// <param name="place">On the base line.</param>
    void Text(string text, Point place, Lettering lettering);
}
