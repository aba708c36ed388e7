using Bellman.Environments.Rendering;

namespace Bellman.Plotting;

/// <summary>A line of a panel, with a band around it or without.</summary>
/// <param name="Name">In the legend; empty for none.</param>
/// <param name="X">Ascending.</param>
/// <param name="Y">As many; NaN leaves a gap.</param>
public sealed record Series(string Name, double[] X, double[] Y)
{
    /// <summary>The place in <see cref="Palette"/>; beyond its end it begins anew.</summary>
    public int Color { get; init; }

    /// <summary>The lower edge of the band; null for none.</summary>
    public double[]? Low { get; init; }

    /// <summary>The upper edge of the band; null for none.</summary>
    public double[]? High { get; init; }

    /// <summary>Thin and pale: what another line is made from.</summary>
    public bool IsFaint { get; init; }

    /// <summary>Points alone, with no line between them.</summary>
    public bool IsDots { get; init; }
}

/// <summary>A level to compare with, dashed from side to side.</summary>
public sealed record Level(string Name, double Y);

/// <summary>One pair of axes.</summary>
public sealed record Panel
{
    public string Title { get; init; } = "";

    public string XLabel { get; init; } = "";

    public string YLabel { get; init; } = "";

    public IReadOnlyList<Series> Series { get; init; } = [];

    public IReadOnlyList<Level> Levels { get; init; } = [];
}

/// <summary>A picture of panels side by side, with one legend below them all.</summary>
/// <remarks>The same chart gives the same bytes, whatever the machine: nothing of it depends on the system's fonts.</remarks>
public sealed record Chart
{
    /// <summary>Pixels that a unit of the drawing takes in a PNG file, so that letters are sharp.</summary>
    private const int PixelsPerUnit = 2;

    private const string Svg = ".svg";
    private const string Png = ".png";

    /// <summary>Above all panels; empty for none.</summary>
    public string Title { get; init; } = "";

    /// <summary>At least one.</summary>
    public required IReadOnlyList<Panel> Panels { get; init; }

    /// <summary>Small, below all else; empty for none.</summary>
    public string Note { get; init; } = "";

    /// <summary>Panels in a row.</summary>
    public int Columns { get; init; } = 3;

    /// <summary>Refuses names that <see cref="Save"/> would refuse.</summary>
    /// <exception cref="ArgumentException">The name ends in something else than .svg or .png.</exception>
    public static void RequireFormat(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Path.GetExtension(path).ToLowerInvariant() is Svg or Png) return;
        throw new ArgumentException($"A chart is written to a file that ends in {Svg} or {Png}; got '{path}'.");
    }

    /// <summary>Writes the picture.</summary>
    /// <param name="path">Ends in .svg or .png; overwritten where it exists, its folder made where it does not.</param>
    public void Save(string path)
    {
        RequireFormat(path);
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        if (path.EndsWith(Svg, StringComparison.OrdinalIgnoreCase))
        {
            File.WriteAllText(path, ToSvg());
            return;
        }

        Picture picture = ToPicture();
        PngFile.Write(path, picture.Pixels, picture.Width, picture.Height);
    }

    /// <summary>The picture as the text of an SVG file.</summary>
    public string ToSvg()
    {
        var layout = new ChartLayout(this);
        var surface = new SvgSurface(layout.Width, layout.Height, Title);
        layout.Draw(surface);
        return surface.End();
    }

    /// <summary>The picture as pixels, twice as many each way as the SVG file has units.</summary>
    public Picture ToPicture()
    {
        var layout = new ChartLayout(this);
        var surface = new RasterSurface((int)layout.Width, (int)layout.Height, PixelsPerUnit);
        layout.Draw(surface);
        return surface.End();
    }
}
