using Bellman.Environments.Rendering;

namespace Bellman.Plotting;

/// <summary>Where everything of a chart stands, and the drawing of it.</summary>
internal sealed class ChartLayout
{
    private const double Margin = 16;
    private const double PlotHeight = 230;
    private const double Between = 26;
    private const double TitleSize = 17;
    private const double PanelTitleSize = 14;
    private const double LabelSize = 12.5;
    private const double TickSize = 11.5;
    private const double LegendLine = 22;
    private const double LegendMark = 24;
    private const double LegendGap = 22;
    private const double DotRadius = 3;

    private readonly Chart chart;
    private readonly int columns;
    private readonly PanelAxes[] axes;
    private readonly double[] leftMargins;
    private readonly double plotWidth;
    private readonly double panelTop;
    private readonly double panelBottom;
    private readonly List<List<Entry>> legend;

    public ChartLayout(Chart chart)
    {
        if (chart.Panels.Count == 0) throw new ArgumentException("A chart has at least one panel; got none.", nameof(chart));
        this.chart = chart;
        columns = Math.Clamp(chart.Columns, 1, chart.Panels.Count);
        plotWidth = columns switch { 1 => 560, 2 => 400, _ => 330 };
        axes = [.. chart.Panels.Select(panel => new PanelAxes(panel, plotWidth))];
        leftMargins = [.. Enumerable.Range(0, columns).Select(LeftMargin)];
        panelTop = chart.Panels.Any(panel => panel.Title.Length > 0) ? PanelTitleSize + 12 : 8;
        panelBottom = TickSize + 12 + (chart.Panels.Any(panel => panel.XLabel.Length > 0) ? LabelSize + 8 : 0);
        Width = Math.Ceiling((2 * Margin) + leftMargins.Sum() + (columns * plotWidth) + ((columns - 1) * Between) + 10);
        legend = Legend();
        Rows = ((chart.Panels.Count - 1) / columns) + 1;
        Height = Math.Ceiling(
            (2 * Margin) + TitleHeight + (Rows * PanelHeight) + ((Rows - 1) * Between / 2)
            + (legend.Count > 0 ? 10 + (legend.Count * LegendLine) : 0) + NoteHeight);
    }

    public double Width { get; }

    public double Height { get; }

    private int Rows { get; }

    private double TitleHeight => chart.Title.Length > 0 ? TitleSize + 16 : 0;

    private double NoteHeight => chart.Note.Length > 0 ? LegendLine : 0;

    private double PanelHeight => panelTop + PlotHeight + panelBottom;

    public void Draw(ISurface surface)
    {
        if (chart.Title.Length > 0)
        {
            surface.Text(
                chart.Title, new Point(Width / 2, Margin + TitleSize - 2),
                new Lettering(TitleSize, Palette.Ink, Anchor.Middle, IsBold: true));
        }

        for (int i = 0; i < chart.Panels.Count; i++)
        {
            int column = i % columns;
            double left = Margin + leftMargins.Take(column + 1).Sum() + (column * (plotWidth + Between));
            double top = Margin + TitleHeight + (i / columns * (PanelHeight + (Between / 2))) + panelTop;
            DrawPanel(surface, chart.Panels[i], axes[i], new Frame(left, top, plotWidth, PlotHeight));
        }

        DrawLegend(surface);
    }

    private void DrawPanel(ISurface surface, Panel panel, PanelAxes scales, Frame frame)
    {
        DrawGrid(surface, scales, frame);
        foreach (Series series in panel.Series.Where(series => series is { Low: not null, High: not null }))
        {
            DrawBand(surface, series, scales, frame);
        }

        foreach (Level level in panel.Levels)
        {
            double y = frame.Bottom - (frame.Height * scales.Y.Place(level.Y));
            surface.Line([new Point(frame.Left, y), new Point(frame.Right, y)], new Stroke(Palette.Soft, 1.2, Dash: 5));
        }

        foreach (Series series in panel.Series.OrderBy(series => series.IsFaint ? 0 : 1))
        {
            if (series.IsDots) DrawDots(surface, series, scales, frame);
            else DrawLine(surface, series, scales, frame);
        }

        if (panel.Title.Length > 0)
        {
            surface.Text(
                panel.Title, new Point(frame.Left + (frame.Width / 2), frame.Top - 11),
                new Lettering(PanelTitleSize, Palette.Ink, Anchor.Middle, IsBold: true));
        }

        surface.Text(
            panel.XLabel, new Point(frame.Left + (frame.Width / 2), frame.Bottom + TickSize + 12 + LabelSize),
            new Lettering(LabelSize, Palette.Ink, Anchor.Middle));
        double labels = frame.Left - scales.LabelWidth - 20;
        surface.Text(
            panel.YLabel, new Point(labels, frame.Top + (frame.Height / 2)),
            new Lettering(LabelSize, Palette.Ink, Anchor.Middle, IsTurned: true));
    }

    private static void DrawGrid(ISurface surface, PanelAxes scales, Frame frame)
    {
        string[] labels = scales.Y.Labels();
        for (int i = 0; i < labels.Length; i++)
        {
            double y = frame.Bottom - (frame.Height * scales.Y.Place(scales.Y.Ticks[i]));
            surface.Line([new Point(frame.Left, y), new Point(frame.Right, y)], new Stroke(Palette.Grid, 1));
            surface.Text(labels[i], new Point(frame.Left - 8, y + (TickSize * 0.35)), new Lettering(TickSize, Palette.Soft, Anchor.End));
        }

        labels = scales.X.Labels();
        for (int i = 0; i < labels.Length; i++)
        {
            double x = frame.Left + (frame.Width * scales.X.Place(scales.X.Ticks[i]));
            surface.Line([new Point(x, frame.Top), new Point(x, frame.Bottom)], new Stroke(Palette.Grid, 1));
            surface.Line([new Point(x, frame.Bottom), new Point(x, frame.Bottom + 4)], new Stroke(Palette.Axis, 1));
            surface.Text(labels[i], new Point(x, frame.Bottom + TickSize + 8), new Lettering(TickSize, Palette.Soft, Anchor.Middle));
        }

        surface.Line([new Point(frame.Left, frame.Bottom), new Point(frame.Right, frame.Bottom)], new Stroke(Palette.Axis, 1.2));
    }

    private static void DrawBand(ISurface surface, Series series, PanelAxes scales, Frame frame)
    {
        List<Point> corners = [];
        for (int i = 0; i < series.X.Length; i++)
        {
            if (double.IsFinite(series.High![i])) corners.Add(scales.At(frame, series.X[i], series.High[i]));
        }

        for (int i = series.X.Length - 1; i >= 0; i--)
        {
            if (double.IsFinite(series.Low![i])) corners.Add(scales.At(frame, series.X[i], series.Low[i]));
        }

        if (corners.Count > 2) surface.Fill(corners.ToArray(), Palette.Of(series.Color), opacity: 0.18);
    }

    private static void DrawLine(ISurface surface, Series series, PanelAxes scales, Frame frame)
    {
        Stroke stroke = series.IsFaint
            ? new Stroke(Palette.Of(series.Color), 0.8, Opacity: 0.35)
            : new Stroke(Palette.Of(series.Color), 2);
        List<Point> points = [];
        for (int i = 0; i < series.X.Length; i++)
        {
            if (double.IsFinite(series.Y[i]))
            {
                points.Add(scales.At(frame, series.X[i], series.Y[i]));
                continue;
            }

            Flush();
        }

        Flush();

        void Flush()
        {
            if (points.Count == 1) points.Add(points[0] + new Point(0.01, 0));
            if (points.Count > 1) surface.Line(points.ToArray(), stroke);
            points.Clear();
        }
    }

    private static void DrawDots(ISurface surface, Series series, PanelAxes scales, Frame frame)
    {
        Span<Point> corners = stackalloc Point[12];
        for (int i = 0; i < series.X.Length; i++)
        {
            if (!double.IsFinite(series.Y[i])) continue;
            Point center = scales.At(frame, series.X[i], series.Y[i]);
            for (int corner = 0; corner < corners.Length; corner++)
            {
                (double sine, double cosine) = Math.SinCos(corner * Math.Tau / corners.Length);
                corners[corner] = center + new Point(DotRadius * cosine, DotRadius * sine);
            }

            surface.Fill(corners, Palette.Of(series.Color), series.IsFaint ? 0.4 : 0.85);
        }
    }

    private void DrawLegend(ISurface surface)
    {
        if (chart.Note.Length > 0)
        {
            surface.Text(chart.Note, new Point(Width / 2, Height - Margin), new Lettering(TickSize, Palette.Soft, Anchor.Middle));
        }

        double y = Height - Margin - NoteHeight - ((legend.Count - 1) * LegendLine) - 6;
        foreach (List<Entry> row in legend)
        {
            double x = (Width - RowWidth(row)) / 2;
            foreach (Entry entry in row)
            {
                Stroke stroke = entry.Color is int color
                    ? new Stroke(Palette.Of(color), entry.IsFaint ? 1 : 3, entry.IsFaint ? 0.5 : 1)
                    : new Stroke(Palette.Soft, 1.2, Dash: 5);
                surface.Line([new Point(x, y - 4), new Point(x + LegendMark - 6, y - 4)], stroke);
                surface.Text(entry.Name, new Point(x + LegendMark, y), new Lettering(LabelSize, Palette.Ink));
                x += entry.Width + LegendGap;
            }

            y += LegendLine;
        }
    }

    /// <summary>Each name once, in rows that fit.</summary>
    private List<List<Entry>> Legend()
    {
        IEnumerable<Entry> lines = chart.Panels.SelectMany(panel => panel.Series)
            .Where(series => series.Name.Length > 0)
            .Select(series => new Entry(series.Name, series.Color, series.IsFaint));
        IEnumerable<Entry> levels =
            chart.Panels.SelectMany(panel => panel.Levels).Select(level => new Entry(level.Name, Color: null, IsFaint: false));
        List<List<Entry>> rows = [];
        foreach (Entry entry in lines.Concat(levels).DistinctBy(entry => entry.Name))
        {
            if (rows.Count == 0 || RowWidth([.. rows[^1], entry]) > Width - (2 * Margin)) rows.Add([]);
            rows[^1].Add(entry);
        }

        return rows;
    }

    private static double RowWidth(List<Entry> row) => row.Sum(entry => entry.Width) + ((row.Count - 1) * LegendGap);

    /// <summary>Room for the labels of the widest panel of a column.</summary>
    private double LeftMargin(int column)
    {
        double widest = 0;
        for (int i = column; i < axes.Length; i += columns)
        {
            widest = Math.Max(widest, axes[i].LabelWidth + (chart.Panels[i].YLabel.Length > 0 ? LabelSize + 16 : 12));
        }

        return widest;
    }

    private readonly record struct Frame(double Left, double Top, double Width, double Height)
    {
        public double Right => Left + Width;

        public double Bottom => Top + Height;
    }

    private sealed record Entry(string Name, int? Color, bool IsFaint)
    {
        public double Width => LegendMark + StrokeFont.Width(Name, LabelSize);
    }

    private sealed class PanelAxes
    {
        public PanelAxes(Panel panel, double width)
        {
            X = Axis.Of(panel.Series.SelectMany(series => series.X), (int)(width / 75), isTight: true);
            IEnumerable<double> heights = panel.Series.SelectMany(series =>
                series.Y.Concat(series.Low ?? []).Concat(series.High ?? []));
            Y = Axis.Of(heights.Concat(panel.Levels.Select(level => level.Y)), ticks: 5, isTight: false);
            LabelWidth = Y.Labels().Max(label => StrokeFont.Width(label, TickSize));
        }

        public Axis X { get; }

        public Axis Y { get; }

        public double LabelWidth { get; }

        public Point At(Frame frame, double x, double y) =>
            new(frame.Left + (frame.Width * X.Place(x)), frame.Bottom - (frame.Height * Y.Place(y)));
    }
}
