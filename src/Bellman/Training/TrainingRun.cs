using System.Globalization;
using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Environments.Wrappers;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Telemetry;

namespace Bellman.Training;

/// <summary>
/// A training with all that belongs to it: environments, agent, files, evaluation. Made from its options alone.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    /// <summary>Episodes of the final evaluation.</summary>
    public const int FinalEpisodes = 100;

    private const string GammaOption = "Gamma";

    private readonly RunDirectory directory;
    private readonly TimeProvider clock;
    private readonly TrainedPolicy policy;
    private readonly CheckpointHook checkpoints;
    private readonly EpisodeLog episodes;
    private readonly TensorBoardHook board;
    private readonly CsvWriter table;
    private readonly PeriodicEvaluation? evaluation;

    private TrainingRun(
        RunOptions options, RunDirectory directory, TimeProvider clock, int threads, IReadOnlyList<ITrainingHook> hooks,
        long keepMetricsUntil)
    {
        Options = options;
        this.directory = directory;
        this.clock = clock;
        (VectorEnvironment environments, policy) = MakePolicy(options, threads);
        VideoHook? video = options.VideoEvery > 0
            ? new VideoHook(policy, MakeForEvaluation(options), options.VideoEvery, options.PeriodicEvaluationSeed, directory.Videos)
            {
                OnFilm = (step, film) => board!.ShowFilm(step, film),
            }
            : null;
        Directory.CreateDirectory(directory.Path);
        File.Delete(directory.Result);
        episodes = new EpisodeLog(directory.Episodes, clock, keepMetricsUntil);
        checkpoints = new CheckpointHook(directory, options.CheckpointEvery, clock)
        {
            BeforeSave = episodes.Flush,
            Period = options.CheckpointPeriod,
            LastStep = options.Steps,
        };
        List<ITrainingHook> all = [];
        if (options.EvaluationInterval > 0)
        {
            var evaluator = new Evaluator(MakeShown, Math.Min(options.EvaluationEpisodes, Evaluator.DefaultCopies));
            evaluation = new PeriodicEvaluation(
                evaluator, policy, options.EvaluationInterval, options.EvaluationEpisodes,
                options.PeriodicEvaluationSeed)
            {
                StopAt = options.StopAt,
                Patience = options.Patience,
                OnBest = best => best.Save(directory.BestPolicy),
                OnEvaluation = (trainer, result) =>
                {
                    foreach (IEvaluationHook hook in hooks.OfType<IEvaluationHook>())
                    {
                        hook.AfterEvaluation(trainer, result);
                    }
                },
            };
            all.Add(evaluation);
        }

        if (options.StopAt is double stopAt) all.Add(new StopAtReturn(stopAt));
        all.Add(new MetricsHook(options.MetricsInterval, clock));
        all.Add(episodes);
        TensorBoardWriter.CutBack(directory.Path, keepMetricsUntil);
        var events = new TensorBoardWriter(directory.Path, clock);
        board = new TensorBoardHook(events, options);
        all.Add(board);
        if (video is not null) all.Add(video);
        table = new CsvWriter(directory.Metrics, keepMetricsUntil);

        // Checkpoints come last, so that they hold what all others made of the step.
        Trainer = new Trainer(policy.Agent, environments, new Metrics(table, events), [.. all, .. hooks, checkpoints]);
    }

    public RunOptions Options { get; }

    public Trainer Trainer { get; }

    /// <summary>The checkpoint saved last; null before the first one.</summary>
    public string? LatestCheckpoint => checkpoints.Latest;

    /// <summary>Begins a run.</summary>
    /// <param name="options">Written into the directory.</param>
    /// <param name="directory">A new one.</param>
    /// <param name="clock">For wall times in metrics; decides nothing.</param>
    /// <param name="threads">That step slow environments; decides nothing.</param>
    /// <param name="hooks">Called after those of the run itself. What they visit is part of its checkpoints.</param>
    public static TrainingRun Begin(
        RunOptions options, RunDirectory directory, TimeProvider clock, int threads = 1,
        params IReadOnlyList<ITrainingHook> hooks)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(hooks);
        var run = new TrainingRun(options, directory, clock, threads, hooks, keepMetricsUntil: -1);
        options.Save(directory.Options);
        return run;
    }

    /// <summary>
    /// Goes on with a run from its newest sound checkpoint, or from its beginning where it was interrupted before the first one; to the bit as
    /// if it had never been interrupted.
    /// </summary>
    /// <param name="directory">The run's; metrics of steps after the checkpoint are cut off.</param>
    /// <param name="clock">For wall times in metrics; decides nothing.</param>
    /// <param name="report">Gets a sentence for each thing that was found damaged.</param>
    /// <param name="threads">That step slow environments; decides nothing.</param>
    /// <param name="hooks">Those that the run began with, in the same order.</param>
    /// <exception cref="ArgumentException">There are checkpoints, but no sound one.</exception>
    public static TrainingRun Resume(
        RunDirectory directory, TimeProvider clock, Action<string> report, int threads = 1,
        params IReadOnlyList<ITrainingHook> hooks)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(hooks);
        RunOptions options = RunOptions.Load(directory.Options);
        IReadOnlyList<string> sound = SoundCheckpoints(directory, report);
        directory.DeleteLeftovers();
        if (sound.Count == 0)
        {
            report($"{directory.Path} has no checkpoint yet; the run begins again.");
            return new TrainingRun(options, directory, clock, threads, hooks, keepMetricsUntil: -1);
        }

        var run = new TrainingRun(options, directory, clock, threads, hooks, RunDirectory.StepOf(sound[0]));
        try
        {
            run.checkpoints.Load(run.Trainer, sound[0], sound.ElementAtOrDefault(1));
        }
        catch
        {
            run.Dispose();
            throw;
        }

        run.ReportLostRows(report);
        run.evaluation?.RestoreBest();
        return run;
    }

    /// <summary>Makes the agent of a run with the policy that it saved.</summary>
    /// <param name="options">The run's.</param>
    /// <param name="path">A file that the run wrote.</param>
    public static TrainedPolicy LoadPolicy(RunOptions options, string path)
    {
        ArgumentNullException.ThrowIfNull(options);
        (VectorEnvironment environments, TrainedPolicy policy) = MakePolicy(options, threads: 1);
        environments.Dispose();
        policy.Load(path);
        return policy;
    }

    /// <summary>
    /// Makes one copy of the environment that a run learns in. Observations that are no box are laid out as one, see
    /// <see cref="FlattenObservation"/>.
    /// </summary>
    public static IEnvironment MakeEnvironment(RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ForNetworks(Registry.Find(options.Environment).Make(Arguments(options)));
    }

    /// <summary>Makes one copy of the environment that the run's policy is measured in, with observations as it learnt from.</summary>
    public static IEnvironment MakeForEvaluation(RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ForNetworks(Registry.Find(options.Environment).MakeForEvaluation(Arguments(options)));
    }

    /// <summary>
    /// Trains to the end, saves the policy and evaluates it; or, when stopped, saves a checkpoint and the policy.
    /// </summary>
    public RunResult Execute(CancellationToken stop = default)
    {
        long start = clock.GetTimestamp();
        var before = TimeSpan.FromSeconds(episodes.SecondsBefore);
        Trainer.Run(Options.Steps, Options.Seed, stop);
        TimeSpan trainingTime = before + clock.GetElapsedTime(start);
        double speed = Trainer.Step / Math.Max(1e-9, trainingTime.TotalSeconds);
        bool isComplete = !stop.IsCancellationRequested;
        if (isComplete) Trainer.Metrics.Write();
        checkpoints.Save(Trainer);
        policy.Publish();
        policy.Save(directory.Policy);
        Evaluation? evaluated = isComplete ? Evaluate() : null;
        var result = new RunResult(
            Trainer.Step, before + clock.GetElapsedTime(start), trainingTime, speed, evaluated, BestStep,
            Trainer.Agent.Network.Sha256());
        if (evaluated is not null)
        {
            board.End(Trainer.Step, evaluated);
            result.Save(directory.Result);
        }

        return result;
    }

    public void Dispose()
    {
        Trainer.Metrics.Dispose();
        episodes.Dispose();
        Trainer.Environments.Dispose();
    }

    private long? BestStep => evaluation is { BestStep: > 0 } ? evaluation.BestStep : null;

    private static IEnumerable<KeyValuePair<string, object>> Arguments(RunOptions options) =>
        options.EnvironmentOptions.Select(pair => KeyValuePair.Create(pair.Key, (object)pair.Value));

    // A network would take the number of a state for a quantity.
    private static IEnvironment ForNetworks(IEnvironment environment) =>
        environment.ObservationSpace is Box ? environment : new FlattenObservation(environment);

    private static (VectorEnvironment Environments, TrainedPolicy Policy) MakePolicy(RunOptions options, int threads)
    {
        AlgorithmEntry algorithm = AlgorithmRegistry.Find(options.Algorithm);
        bool isSlow = Registry.Find(options.Environment).IsSlow;
        Normalization? normalization = options.Normalize == NormalizationKind.None ? null : MakeNormalization(options);
        var environments =
            new VectorEnvironment(() => MakeEnvironment(options), options.Environments, isSlow ? threads : 1, normalization);
        algorithm.RequireFit(environments.ActionSpace, options.Environment);
        var task =
            new AgentTask(environments.ObservationSpace, environments.ActionSpace, options.Environments, options.Steps);
        IAgent agent = algorithm.Create(algorithm.Options(options.Options), task, new SeedSequence(options.Seed));
        return (environments, new TrainedPolicy(agent, normalization));
    }

    // Rewards are scaled by the returns that the algorithm sees, so by its own discount.
    private static Normalization MakeNormalization(RunOptions options)
    {
        string? gamma = options.Options.FirstOrDefault(option => option.Key == GammaOption).Value;
        double discount = gamma is null ? 0.99 : double.Parse(gamma, CultureInfo.InvariantCulture);
        return new Normalization(
            MakeEnvironment(options).ObservationSpace,
            observations: options.Normalize is NormalizationKind.Observations or NormalizationKind.Both,
            rewards: options.Normalize is NormalizationKind.Rewards or NormalizationKind.Both,
            discount: discount);
    }

    /// <summary>The newest first; empty where there is no checkpoint at all. Damaged ones are set aside.</summary>
    private static List<string> SoundCheckpoints(RunDirectory directory, Action<string> report)
    {
        List<string> sound = [];
        List<string> damaged = [];
        foreach (string checkpoint in directory.Checkpoints)
        {
            try
            {
                CheckpointReader.Open(checkpoint).Dispose();
                sound.Add(checkpoint);
            }
            catch (FileFormatException error)
            {
                report(error.Message);
                damaged.Add(checkpoint);
            }
        }

        if (sound.Count > 0) damaged.ForEach(RunDirectory.SetAside);
        if (sound.Count > 0 || damaged.Count == 0) return sound;
        throw new ArgumentException(
            $"{directory.Path} has no sound checkpoint to go on from; `bellman repeat {directory.Path}` trains again from its options.");
    }

    // Everything is in the files before a checkpoint counts on it, so this takes a file that was cut or a disk that lost what it had confirmed.
    private void ReportLostRows(Action<string> report)
    {
        Report(directory.Metrics, Trainer.Metrics.Rows - table.KeptRows);
        Report(directory.Episodes, Trainer.Episodes.Count - episodes.KeptRows);

        void Report(string path, long lost)
        {
            if (lost > 0) report($"{path} has lost {lost} of its rows up to step {Trainer.Step}; the training itself has lost nothing.");
        }
    }

    private IEnvironment MakeShown() => policy.Around(MakeForEvaluation(Options));

    private Evaluation Evaluate()
    {
        var evaluator = new Evaluator(MakeShown);
        return BestStep is null ? Play() : evaluation!.WithBest(Play);

        Evaluation Play() => evaluator.Run(Trainer.Agent, FinalEpisodes, Options.EvaluationSeed);
    }
}
