namespace Bellman.Cli.Display;

/// <summary>A line every two seconds, for files and pipes.</summary>
internal sealed class PlainProgress(TextWriter output, Terminal terminal, bool showEpisodes)
    : ProgressDisplay(terminal, showEpisodes, TimeSpan.FromSeconds(2))
{
    public override void Dispose() => output.Flush();

    protected override void WriteLine(string line) => output.WriteLine(line);

    protected override void Show(long step, long total, string numbers)
    {
        output.WriteLine($"{step}/{total} steps  {Speed:0} steps/s  {TimeLeft(total - step)} left  {numbers}");
        output.Flush();
    }
}
