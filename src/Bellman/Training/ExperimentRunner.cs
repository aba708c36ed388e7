using System.Collections.Concurrent;

namespace Bellman.Training;

/// <summary>Trains the seeds of experiments side by side, each in a directory of its own, and goes on where it was ended.</summary>
/// <remarks>
/// A seed whose directory holds a result is not trained again; one that holds a checkpoint goes on from it. Since every run has a thread of
/// its own and shares nothing, results do not depend on how many run side by side.
/// </remarks>
public sealed class ExperimentRunner
{
    private readonly string root;
    private readonly TimeProvider clock;
    private readonly int jobs;

    /// <param name="root">Holds a directory per plan, with one per seed.</param>
    /// <param name="clock">For wall times; decides nothing.</param>
    /// <param name="jobs">Runs side by side.</param>
    public ExperimentRunner(string root, TimeProvider clock, int jobs)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(jobs);
        this.root = root;
        this.clock = clock;
        this.jobs = jobs;
    }

    /// <summary>Gets a sentence whenever a run begins, ends or fails; from the threads of the runs.</summary>
    public Action<string> Report { get; init; } = _ => { };

    /// <summary>Called with each plan's results as soon as its last seed is done; from the threads of the runs.</summary>
    public Action<ExperimentPlan, ExperimentResult> OnComplete { get; init; } = (_, _) => { };

    /// <summary>Makes what watches a run, called after the run's own hooks; null for nothing.</summary>
    public Func<ExperimentPlan, ulong, ITrainingHook?> Watch { get; init; } = (_, _) => null;

    /// <summary>Trains all seeds of all plans, in their order.</summary>
    /// <param name="plans">Different ones.</param>
    /// <param name="stop">Ends all runs, each with a checkpoint.</param>
    /// <returns>A sentence for each seed that failed.</returns>
    /// <exception cref="ArgumentException">A directory holds a run of other options, or two plans would share one.</exception>
    public IReadOnlyList<string> Run(IReadOnlyList<ExperimentPlan> plans, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(plans);
        RequireDifferent(plans);
        Seed[] seeds =
        [
            .. plans.Select(plan => new Group(plan)).SelectMany(group => group.Plan.Seeds.Select((seed, index) =>
                new Seed(group, index, group.Plan.RunOptions(seed), Path.Combine(root, group.Plan.Title, $"seed-{seed}")))),
        ];
        foreach (Seed seed in seeds)
        {
            RequireSameOptions(seed);
        }

        var waiting = new ConcurrentQueue<Seed>(seeds);
        var failures = new ConcurrentQueue<string>();
        Thread[] threads =
        [
            .. Enumerable.Range(0, Math.Min(jobs, seeds.Length)).Select(_ => new Thread(() => Work(waiting, failures, stop))),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return [.. failures];
    }

    private void Work(ConcurrentQueue<Seed> waiting, ConcurrentQueue<string> failures, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && waiting.TryDequeue(out Seed? seed))
        {
            try
            {
                Execute(seed, stop);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // One seed that fails, by a loss that is not finite for one, tells nothing of the others.
                failures.Enqueue($"{seed.Name}: {error.Message}");
                Report($"{seed.Name} failed: {error.Message}");
            }
        }
    }

    private void Execute(Seed seed, CancellationToken stop)
    {
        if (File.Exists(Path.Combine(seed.Directory, RunDirectory.ResultName)))
        {
            Complete(seed, RunDirectory.Open(seed.Directory));
            return;
        }

        (TrainingRun run, RunDirectory directory) = Open(seed);
        using (run)
        {
            RunResult result = run.Execute(stop);
            if (result.Evaluation is not Evaluation evaluation)
            {
                Report($"{seed.Name} stopped at step {result.Steps}; the same command goes on with it");
                return;
            }

            Report(
                $"{seed.Name}: {result.Steps} steps in {result.TrainingTime.TotalSeconds:0.0} s, "
                + $"return {evaluation.MeanReturn:0.00} ± {evaluation.StandardDeviation:0.00}");
        }

        Complete(seed, directory);
    }

    private (TrainingRun Run, RunDirectory Directory) Open(Seed seed)
    {
        ITrainingHook[] hooks = Watch(seed.Group.Plan, seed.Options.Seed) is ITrainingHook hook ? [hook] : [];
        if (!File.Exists(Path.Combine(seed.Directory, RunDirectory.OptionsName)))
        {
            RunDirectory fresh = RunDirectory.Create(seed.Directory, seed.Name);
            return (TrainingRun.Begin(seed.Options, fresh, clock, threads: 1, hooks), fresh);
        }

        RunDirectory directory = RunDirectory.Open(seed.Directory);
        if (directory.Checkpoints.Count == 0) return (TrainingRun.Begin(seed.Options, directory, clock, threads: 1, hooks), directory);
        TrainingRun run = TrainingRun.Resume(directory, clock, Report, threads: 1, hooks);
        Report($"{seed.Name} goes on from step {run.Trainer.Step}");
        return (run, directory);
    }

    private void Complete(Seed seed, RunDirectory directory)
    {
        var run = ExperimentRun.Of(seed.Options.Seed, directory);
        if (seed.Group.Add(seed.Index, run)) OnComplete(seed.Group.Plan, ExperimentResult.Of(seed.Group.Plan, seed.Group.Runs, Math.Min(jobs, seed.Group.Runs.Count)));
    }

    private static void RequireDifferent(IReadOnlyList<ExperimentPlan> plans)
    {
        string? twice = plans.GroupBy(plan => plan.Title).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is null) return;
        throw new ArgumentException($"Two experiments are called {twice}; give one of them a file and a directory of its own.");
    }

    private static void RequireSameOptions(Seed seed)
    {
        string path = Path.Combine(seed.Directory, RunDirectory.OptionsName);
        if (!File.Exists(path)) return;
        if (seed.Options.DifferenceFrom(RunOptions.Load(path)) is not string difference) return;
        throw new ArgumentException(
            $"{seed.Directory} holds a run with other options: {difference}; give another --directory, or delete it first.");
    }

    private sealed record Seed(Group Group, int Index, RunOptions Options, string Directory)
    {
        public string Name => $"{Options.Algorithm} {Options.Environment} seed {Options.Seed}";
    }

    private sealed class Group(ExperimentPlan plan)
    {
        private readonly ExperimentRun?[] runs = new ExperimentRun?[plan.Seeds.Count];

        public ExperimentPlan Plan { get; } = plan;

        /// <summary>In the order of the seeds, once all are there.</summary>
        public IReadOnlyList<ExperimentRun> Runs => runs!;

        /// <summary>True for the last one.</summary>
        public bool Add(int index, ExperimentRun run)
        {
            lock (runs)
            {
                runs[index] = run;
                return runs.All(one => one is not null);
            }
        }
    }
}
