using Bellman.Environments;
using Bellman.Training;

namespace Bellman.Cli.Display;

/// <summary>Shows how training goes: a moving bar to a person, a line now and then to a file.</summary>
internal abstract class ProgressDisplay : ITrainingHook, IDisposable
{
    private const int StepsBetweenLooks = 16;

    private readonly Terminal terminal;
    private readonly bool showEpisodes;
    private readonly TimeSpan interval;
    private long totalSteps;
    private long lastTime;
    private long lastStep;
    private int calls;

    /// <param name="terminal">Gives the time.</param>
    /// <param name="showEpisodes">Whether each episode gets a line.</param>
    /// <param name="interval">Between two pictures.</param>
    protected ProgressDisplay(Terminal terminal, bool showEpisodes, TimeSpan interval)
    {
        this.terminal = terminal;
        this.showEpisodes = showEpisodes;
        this.interval = interval;
    }

    /// <summary>Environment steps a second, smoothed a little.</summary>
    protected double Speed { get; private set; }

    /// <summary>Makes the display that suits the terminal.</summary>
    public static ProgressDisplay Create(TextWriter output, Terminal terminal, bool isLive, bool showEpisodes) =>
        isLive ? new LiveProgress(terminal, showEpisodes) : new PlainProgress(output, terminal, showEpisodes);

    /// <summary>Notes that training starts, or goes on, now.</summary>
    /// <param name="firstStep">Steps taken before.</param>
    /// <param name="lastStepOfRun">Steps at the end.</param>
    public virtual void Begin(long firstStep, long lastStepOfRun)
    {
        lastStep = firstStep;
        totalSteps = lastStepOfRun;
        lastTime = terminal.Clock.GetTimestamp();
    }

    public void AfterStep(Trainer trainer)
    {
        if (showEpisodes) WriteEpisodes(trainer);

        // The clock is asked now and then only: it costs as much as a step of a small environment.
        if (++calls % StepsBetweenLooks != 0) return;
        TimeSpan elapsed = terminal.Clock.GetElapsedTime(lastTime);
        if (elapsed < interval) return;
        double speed = (trainer.Step - lastStep) / elapsed.TotalSeconds;
        Speed = Speed == 0 ? speed : (0.8 * Speed) + (0.2 * speed);
        lastTime = terminal.Clock.GetTimestamp();
        lastStep = trainer.Step;
        Show(trainer.Step, totalSteps, Numbers(trainer));
    }

    public abstract void Dispose();

    /// <summary>A line that stays.</summary>
    protected abstract void WriteLine(string line);

    /// <summary>The present state.</summary>
    /// <param name="step">Steps taken.</param>
    /// <param name="total">Steps at the end.</param>
    /// <param name="numbers">Return, length, loss and ε.</param>
    protected abstract void Show(long step, long total, string numbers);

    /// <summary><c>42 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c></summary>
    protected string TimeLeft(long steps)
    {
        var left = TimeSpan.FromSeconds(steps / Math.Max(Speed, 1e-3));
        return left.TotalSeconds < 60 ? $"{left.TotalSeconds:0} s"
            : left.TotalMinutes < 60 ? $"{left.Minutes} min {left.Seconds} s"
            : $"{(long)left.TotalHours} h {left.Minutes} min";
    }

    /// <summary>Mean return and length of the last 100 episodes, loss and ε, as far as they are known.</summary>
    private static string Numbers(Trainer trainer)
    {
        List<string> parts = [];
        if (trainer.Episodes.Count > 0)
        {
            parts.Add($"return {trainer.Episodes.MeanReturn:0.0}");
            parts.Add($"length {trainer.Episodes.MeanLength:0.0}");
        }

        if (trainer.Metrics.Latest("train/loss") is double loss) parts.Add($"loss {loss:0.####}");
        if (trainer.Metrics.Latest("rollout/exploration_rate") is double rate) parts.Add($"ε {rate:0.###}");
        return string.Join("  ", parts);
    }

    private void WriteEpisodes(Trainer trainer)
    {
        VectorEnvironment environments = trainer.Environments;
        long number = trainer.Episodes.Count;
        for (int i = 0; i < environments.Count; i++)
        {
            if (environments.HasEnded(i)) number--;
        }

        for (int i = 0; i < environments.Count; i++)
        {
            if (!environments.HasEnded(i)) continue;
            number++;
            string ending =
                environments.EpisodeOutcomes[i] ?? (environments.Terminated[i] ? "terminated" : "truncated");
            WriteLine(
                $"episode {number}: duration {environments.EpisodeLengths[i]}, "
                + $"return {environments.EpisodeReturns[i]:0.##}, {ending}");
        }
    }
}
