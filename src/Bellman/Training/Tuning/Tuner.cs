using System.Globalization;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Telemetry;

namespace Bellman.Training.Tuning;

/// <summary>Searches options by trials; a search that was ended goes on where it was.</summary>
/// <remarks>
/// Trial 0 takes the preset as it is, so that there is something to be better than. A trial's random numbers are its own, and it learns from the
/// trials that ended before it began: with one job a search is a function of its plan alone, however often it was ended. With several jobs each
/// trial is still exact, but which ones are tried depends on which ended first.
/// </remarks>
public sealed class Tuner
{
    private const string LogName = "trials.jsonl";

    private readonly TuningPlan plan;
    private readonly string root;
    private readonly TimeProvider clock;
    private readonly ISampler sampler;
    private readonly IPruner pruner;
    private readonly RunOptions baseRun;

    /// <param name="plan">Checked at once.</param>
    /// <param name="root">Holds the log, and a directory per trial.</param>
    /// <param name="clock">For wall times; decides nothing.</param>
    /// <exception cref="ArgumentException">Something in the plan does not exist or does not fit.</exception>
    public Tuner(TuningPlan plan, string root, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(clock);
        this.plan = plan with { Space = plan.Dimensions };
        this.root = root;
        this.clock = clock;
        sampler = plan.MakeSampler();
        pruner = plan.MakePruner();
        baseRun = this.plan.BaseRun();
    }

    /// <summary>Gets a sentence whenever a trial ends or goes on; from the threads of the trials.</summary>
    public Action<string> Report { get; init; } = _ => { };

    /// <summary>What a directory of the search is called where nothing else is said, such as <c>ppo-Acrobot-v1-defaults</c>.</summary>
    public static string Title(TuningPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        RunOptions run = plan.BaseRun();
        return $"{run.Algorithm}-{run.Environment}-{run.Preset}";
    }

    /// <summary>Tries until there are so many trials.</summary>
    /// <param name="trials">In all, with those of earlier calls.</param>
    /// <param name="jobs">Trials side by side.</param>
    /// <param name="stop">Ends the trials in training; they go on at the next call.</param>
    /// <exception cref="ArgumentException">The directory holds another search.</exception>
    public TuningResult Run(int trials, int jobs = 1, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(jobs);
        using var log = new TuningLog(Path.Combine(root, LogName), plan);
        var course = new Course(log, trials, new Pcg64(plan.Seed).Spawn(trials));
        Thread[] threads = [.. Enumerable.Range(0, Math.Min(jobs, trials)).Select(_ => new Thread(() => Work(course, stop)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (course.Error is Exception error) throw new IOException($"The search broke off: {error.Message}", error);
        return new TuningResult(plan, baseRun, log.Trials);
    }

    private void Work(Course course, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested && course.Error is null && Next(course) is Trial trial)
            {
                Execute(course, trial, stop);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // What is no trial's fault, such as a full disk, ends all of them.
            course.Error = error;
        }
    }

    /// <summary>One that was broken off, or a new one; null where there are enough.</summary>
    private Trial? Next(Course course)
    {
        lock (course)
        {
            if (course.Unfinished.TryDequeue(out Trial? old))
            {
                Report($"trial {old.Number} goes on");
                return old;
            }

            IReadOnlyList<Trial> trials = course.Log.Trials;
            int number = trials.Count;
            if (number >= course.Count) return null;
            IReadOnlyList<SearchDimension> dimensions = plan.Dimensions.Dimensions;
            string[] values;
            if (number == 0)
            {
                values = [.. dimensions.Select(dimension => baseRun.Options.First(option => option.Key == dimension.Name).Value)];
            }
            else
            {
                double[] point = sampler.Sample(plan.Dimensions, [.. trials.Where(trial => trial.HasEnded)], course.Streams[number]);
                values = [.. dimensions.Select((dimension, i) => dimension.Text(point[i]))];
            }

            return course.Log.Begin(number, values);
        }
    }

    private void Execute(Course course, Trial trial, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        string directory = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"trial-{trial.Number:0000}"));
        var watch = new Watch(this, course, trial, end);
        TrialState state = TrialState.Complete;
        string? failure = null;
        try
        {
            for (int seed = 0; seed < plan.Seeds && !end.IsCancellationRequested; seed++)
            {
                watch.Seed = seed;
                Train(trial, seed, directory, watch, end.Token);
            }
        }
        catch (Exception error) when (error is ArgumentException or NonFiniteMetricException or NonFiniteException)
        {
            state = TrialState.Failed;
            failure = error.Message.ReplaceLineEndings(" ");
        }

        if (watch.HasPruned) state = TrialState.Pruned;
        if (state == TrialState.Complete && end.IsCancellationRequested) return;
        lock (course)
        {
            course.Log.End(trial, state, failure);
        }

        DropCheckpoints(directory);
        Report(Sentence(trial));
    }

    private void Train(Trial trial, int seed, string root, Watch watch, CancellationToken stop)
    {
        RunOptions options = plan.Run(trial.Values, seed);
        string path = Path.Combine(root, $"seed-{options.Seed}");
        bool isOld = File.Exists(Path.Combine(path, RunDirectory.OptionsName));
        if (isOld && !IsInLog(trial, seed, path, options))
        {
            Directory.Delete(path, recursive: true);
            isOld = false;
        }

        if (File.Exists(Path.Combine(path, RunDirectory.ResultName))) return;
        RunDirectory directory = isOld ? RunDirectory.Open(path) : RunDirectory.Create(path, path);
        using TrainingRun run = isOld
            ? TrainingRun.Resume(directory, clock, Report, threads: 1, watch)
            : TrainingRun.Begin(options, directory, clock, threads: 1, watch);
        run.Execute(stop);
    }

    /// <summary>Whether the log knows all evaluations of a training; a machine that loses its power may keep the one file and not the other.</summary>
    private bool IsInLog(Trial trial, int seed, string path, RunOptions options)
    {
        var directory = RunDirectory.Open(path);
        if (options.DifferenceFrom(RunOptions.Load(directory.Options)) is not null) return false;
        long step = File.Exists(directory.Result) ? options.Steps : directory.Checkpoints.Select(RunDirectory.StepOf).FirstOrDefault();
        return trial.Rungs >= (seed * plan.Evaluations) + Math.Min(step / options.EvaluationInterval, plan.Evaluations);
    }

    /// <summary>Nothing goes on from a trial that has ended, and a replay memory, which has files of its own, is large.</summary>
    private static void DropCheckpoints(string directory)
    {
        if (!Directory.Exists(directory)) return;
        foreach (string run in Directory.EnumerateDirectories(directory))
        {
            foreach (string checkpoint in RunDirectory.Open(run).Checkpoints)
            {
                File.Delete(checkpoint);
            }

            new CheckpointSeries(run).DeleteUnused();
        }
    }

    private static string Sentence(Trial trial) => trial.State switch
    {
        TrialState.Failed => $"trial {trial.Number} failed: {trial.Failure}",
        TrialState.Pruned => string.Create(
            CultureInfo.InvariantCulture, $"trial {trial.Number}: {trial.Value:0.00}, given up after {trial.Rungs} evaluations"),
        _ => string.Create(CultureInfo.InvariantCulture, $"trial {trial.Number}: {trial.Value:0.00}"),
    };

    /// <summary>What the threads share; locked while it is changed.</summary>
    private sealed class Course(TuningLog log, int count, Pcg64[] streams)
    {
        public TuningLog Log { get; } = log;

        public int Count { get; } = count;

        /// <summary>A trial's random numbers, by its number.</summary>
        public Pcg64[] Streams { get; } = streams;

        public Queue<Trial> Unfinished { get; } = new(log.Trials.Where(trial => !trial.HasEnded));

        public Exception? Error { get; set; }
    }

    /// <summary>Writes a training's evaluations down and asks the pruner.</summary>
    private sealed class Watch(Tuner tuner, Course course, Trial trial, CancellationTokenSource end) : IEvaluationHook
    {
        public int Seed { get; set; }

        public bool HasPruned { get; private set; }

        public void AfterStep(Trainer trainer)
        {
        }

        public void AfterEvaluation(Trainer trainer, Evaluation evaluation)
        {
            int evaluations = tuner.plan.Evaluations;
            long interval = tuner.baseRun.Steps / evaluations;
            int rung = (Seed * evaluations) + (int)Math.Min(trainer.Step / interval, evaluations) - 1;
            lock (course)
            {
                course.Log.Measure(trial, rung, evaluation.MeanReturn);
                if (rung + 1 >= evaluations * tuner.plan.Seeds) return;
                if (!tuner.pruner.ShouldEnd(trial, [.. course.Log.Trials.Where(other => other != trial)])) return;
            }

            HasPruned = true;
            end.Cancel();
        }
    }
}
