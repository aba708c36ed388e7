using System.Globalization;
using Bellman.Training;

namespace Bellman.Cli.Display;

/// <summary>Tells of several runs at once: a line for what happens, and every ten seconds where each run is.</summary>
internal sealed class ExperimentProgress : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly TextWriter output;
    private readonly int seeds;
    private readonly List<Position> positions = [];
    private readonly ITimer timer;

    public ExperimentProgress(Terminal terminal, IReadOnlyList<ExperimentPlan> plans)
    {
        output = terminal.Output;
        seeds = plans.Sum(plan => plan.Seeds.Count);
        timer = terminal.Clock.CreateTimer(_ => Show(), state: null, Interval, Interval);
    }

    public void WriteLine(string line)
    {
        lock (positions)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    /// <summary>The hook that tells where a run is.</summary>
    public ITrainingHook Watch(ExperimentPlan plan, ulong seed)
    {
        RunOptions options = plan.RunOptions(seed);
        var position = new Position($"{options.Algorithm} {options.Environment} seed {seed}", options.Steps);
        lock (positions)
        {
            positions.Add(position);
        }

        return position;
    }

    public void Dispose() => timer.Dispose();

    private void Show()
    {
        lock (positions)
        {
            string[] running = [.. positions.Where(position => !position.IsAtEnd).Select(position => position.ToString())];
            if (running.Length == 0) return;
            output.WriteLine($"{positions.Count} of {seeds} begun; {string.Join("; ", running)}");
            output.Flush();
        }
    }

    private sealed class Position(string name, long total) : ITrainingHook
    {
        private const int StepsBetweenLooks = 64;

        private long step;
        private int calls;
        private double mean = double.NaN;

        public bool IsAtEnd => Volatile.Read(ref step) >= total;

        public void AfterStep(Trainer trainer)
        {
            Volatile.Write(ref step, trainer.StopReason is null ? trainer.Step : total);
            if (calls++ % StepsBetweenLooks != 0) return;
            Volatile.Write(ref mean, trainer.Episodes.Count > 0 ? trainer.Episodes.MeanReturn : double.NaN);
        }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{name} {100.0 * Volatile.Read(ref step) / total:0} %, return {Volatile.Read(ref mean):0.0}");
    }
}
