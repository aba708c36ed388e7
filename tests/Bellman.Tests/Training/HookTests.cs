using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Telemetry;
using Bellman.Tests.Telemetry;
using Bellman.Training;

namespace Bellman.Tests.Training;

public sealed class HookTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Fact]
    public void An_action_is_done_at_every_multiple_of_an_interval_that_is_reached_or_passed()
    {
        List<long> steps = [];
        Train(copies: 4, totalSteps: 40, new EveryNSteps(10, trainer => steps.Add(trainer.Step)));
        Assert.Equal([12, 20, 32, 40], steps);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EveryNSteps(0, _ => { }));
    }

    [Fact]
    public void Training_ends_after_evaluations_without_a_higher_return()
    {
        // Rates of zero: every evaluation plays the same episodes with the same policy.
        RunOptions options = Options(["LearningRate=0"]) with { EvaluationInterval = 100, EvaluationEpisodes = 2, Patience = 3 };
        using TrainingRun run = Begin("a", options);
        Assert.Equal(400, run.Execute().Steps);
        Assert.StartsWith("The last 3 evaluations up to step 400 found no mean return above ", run.Trainer.StopReason);
    }

    [Fact]
    public void Patience_goes_on_where_it_was_interrupted()
    {
        RunOptions options = Options(["LearningRate=0"]) with { EvaluationInterval = 100, EvaluationEpisodes = 2, Patience = 3 };
        using var stop = new CancellationTokenSource();
        using (TrainingRun first = Begin("a", options, new EveryNSteps(250, _ => stop.Cancel())))
        {
            first.Execute(stop.Token);
        }

        using TrainingRun second = Resume("a");
        Assert.Equal(250, second.Trainer.Step);
        Assert.Equal(400, second.Execute().Steps);
    }

    [Fact]
    public void Films_change_no_bit_of_the_training()
    {
        RunOptions options = Options([]) with { EvaluationInterval = 200, EvaluationEpisodes = 2 };
        using TrainingRun plain = Begin("plain", options);
        using TrainingRun filmed = Begin("filmed", options with { VideoEvery = 300 });
        Assert.Equal(plain.Execute().WeightsSha256, filmed.Execute().WeightsSha256);
        Assert.Equal(
            ["step-0000000300.gif", "step-0000000600.gif"],
            Directory.GetFiles(Path.Combine(directory, "filmed", "videos")).Select(Path.GetFileName).Order());
        Assert.Equal("GIF89a"u8, File.ReadAllBytes(Path.Combine(directory, "filmed", "videos", "step-0000000300.gif")).AsSpan(0, 6));
        Assert.False(Directory.Exists(Path.Combine(directory, "plain", "videos")));
        filmed.Dispose();
        byte[] events = File.ReadAllBytes(Directory.GetFiles(Path.Combine(directory, "filmed"), "events.*").Single());
        (long Step, byte[] Film)[] shown =
        [
            .. TensorBoardWriterTests.ReadByTheRules(events).Where(entry => entry.Summary is not null)
                .SelectMany(entry => entry.Summary.Value.Where(value => value.Tag == "rollout/video")
                    .Select(value => (entry.Step, value.Image.EncodedImageString.ToByteArray()))),
        ];
        Assert.Equal([300, 600], shown.Select(film => film.Step));
        Assert.Equal(File.ReadAllBytes(Path.Combine(directory, "filmed", "videos", "step-0000000300.gif")), shown[0].Film);
    }

    [Fact]
    public void A_hook_of_ones_own_is_part_of_the_checkpoints()
    {
        using var stop = new CancellationTokenSource();
        var counter = new Counter();
        using (TrainingRun first = Begin("a", Options([]), counter, new EveryNSteps(300, _ => stop.Cancel())))
        {
            first.Execute(stop.Token);
        }

        var later = new Counter();
        using TrainingRun second = Resume("a", later);
        Assert.Equal(300, later.Calls);
        second.Execute();
        Assert.Equal(600, later.Calls);
    }

    [Fact]
    public void Checkpoints_are_saved_when_the_time_has_passed()
    {
        var clock = new MovableClock();
        List<string?> latest = [];
        TrainingRun? run = null;
        RunOptions options = Options([]) with { CheckpointPeriod = TimeSpan.FromMinutes(10) };
        run = TrainingRun.Begin(
            options, RunDirectory.Create(Path.Combine(directory, "a"), "a"), clock, threads: 1,
            new EveryNSteps(100, trainer =>
            {
                clock.Now += TimeSpan.FromMinutes(4);
                latest.Add(Path.GetFileName(run!.LatestCheckpoint));
            }));
        using (run)
        {
            run.Execute();
        }

        // Ten minutes have passed at step 300; the clock is asked every 64 steps, at the 1st, 65th, … 321st.
        Assert.Equal([null, null, null, "checkpoint-0000000321.bellman", "checkpoint-0000000321.bellman", "checkpoint-0000000321.bellman"], latest);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static void Train(int copies, long totalSteps, ITrainingHook hook)
    {
        using var environments = new VectorEnvironment(() => Registry.Find("CartPole-v1").Make(), copies);
        var agent = new Dqn(
            new DqnOptions { BufferSize = 100, NetArch = [16] }, environments.ObservationSpace, environments.ActionSpace,
            environments.Count, totalSteps, new SeedSequence(1));
        using var metrics = new Metrics();
        new Trainer(agent, environments, metrics, hook).Run(totalSteps, seed: 1);
    }

    private static RunOptions Options(string[] settings)
    {
        AlgorithmEntry dqn = AlgorithmRegistry.Find("dqn");
        Preset preset = Preset.Find("dqn", "CartPole-v1", "defaults") with { Steps = 600, EvaluationInterval = 0 };
        return RunOptions.From(dqn, "CartPole-v1", preset, [.. settings.Prepend("NetArch=16").Select(OptionRecord.SplitAssignment)]);
    }

    private TrainingRun Begin(string name, RunOptions options, params ITrainingHook[] hooks) =>
        TrainingRun.Begin(
            options, RunDirectory.Create(Path.Combine(directory, name), name), TimeProvider.System, threads: 1, hooks);

    private TrainingRun Resume(string name, params ITrainingHook[] hooks) =>
        TrainingRun.Resume(RunDirectory.Open(Path.Combine(directory, name)), TimeProvider.System, Assert.Fail, threads: 1, hooks);

    private sealed class Counter : ITrainingHook, IStateful
    {
        private int calls;

        public int Calls => calls;

        public void AfterStep(Trainer trainer) => calls++;

        public void Visit(IStateVisitor state) => state.Value(nameof(calls), ref calls);
    }

    private sealed class MovableClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;
    }
}
