using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Bellman.Cli.Display;

/// <summary>A bar that draws itself anew eight times a second, for people.</summary>
internal sealed class LiveProgress(Terminal terminal, bool showEpisodes)
    : ProgressDisplay(terminal, showEpisodes, TimeSpan.FromSeconds(0.125))
{
    private const int BarWidth = 30;

    private readonly IAnsiConsole console =
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Output) });
    private bool isShown;

    /// <summary>Takes the bar away, so that the results stand in its place.</summary>
    public override void Dispose() => Clear();

    protected override void WriteLine(string line)
    {
        Clear();
        console.WriteLine(line);
    }

    protected override void Show(long step, long total, string numbers)
    {
        Clear();
        double share = Math.Clamp((double)step / total, 0, 1);
        int filled = (int)Math.Round(share * BarWidth);
        string state = string.Create(
            CultureInfo.InvariantCulture,
            $" {share:0 %}  {Speed:0} steps/s  {TimeLeft(total - step)} left  {numbers}");
        List<Segment> segments =
        [
            new Segment(new string('━', filled), new Style(Color.Green)),
            new Segment(new string('━', BarWidth - filled), new Style(Color.Grey)),
            new Segment(state),
        ];

        // A line that wraps could not be taken away again.
        List<Segment> fitting = Segment.Truncate(segments, console.Profile.Width - 1);
        console.Write(new SegmentLineRow(fitting));
        isShown = true;
    }

    private void Clear()
    {
        if (!isShown) return;
        console.Profile.Out.Writer.Write("\r\e[2K");
        isShown = false;
    }

    private sealed class SegmentLineRow(IReadOnlyList<Segment> segments) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(1, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }
}
