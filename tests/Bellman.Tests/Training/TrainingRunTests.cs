using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.Tests;
using Bellman.Telemetry;
using Bellman.Tests.Telemetry;
using Bellman.Training;

namespace Bellman.Tests.Training;

public sealed class TrainingRunTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Fact]
    public void A_run_interrupted_anywhere_ends_with_the_bits_of_one_that_was_not()
    {
        RunResult whole = ExecuteWhole();
        foreach (long interruption in new long[] { 1, 777, 1500, 2047 })
        {
            string name = $"interrupted at {interruption}";
            using var stop = new CancellationTokenSource();
            using (TrainingRun first = Begin(name, new At(interruption, stop.Cancel)))
            {
                Assert.Null(first.Execute(stop.Token).Evaluation);
                Assert.Equal(interruption, first.Trainer.Step);
            }

            using TrainingRun second = Resume(name, Assert.Fail);
            RunResult resumed = second.Execute();
            Assert.Equal(whole.WeightsSha256, resumed.WeightsSha256);
            Assert.Equal(whole.Evaluation!.Returns, resumed.Evaluation!.Returns);
            Assert.Equal(whole.BestStep, resumed.BestStep);
            AssertSameFile("metrics.csv", name);
            AssertSameFile("policy.safetensors", name);
            AssertSameFile("best.safetensors", name);
        }
    }

    [Fact]
    public void A_run_that_died_after_its_checkpoint_is_cut_back_to_it()
    {
        RunResult whole = ExecuteWhole();
        using (TrainingRun first = Begin("died", new At(1700, () => throw new IOException("The disk is full."))))
        {
            Assert.Throws<IOException>(() => first.Execute());
        }

        Assert.Contains("\n1690,", File.ReadAllText(Path.Combine(directory, "died", "metrics.csv")));
        using TrainingRun second = Resume("died", Assert.Fail);
        Assert.Equal(1600, second.Trainer.Step);
        Assert.DoesNotContain("\n1610,", File.ReadAllText(Path.Combine(directory, "died", "metrics.csv")));
        Assert.Equal(whole.WeightsSha256, second.Execute().WeightsSha256);
        AssertSameFile("metrics.csv", "died");
    }

    [Fact]
    public void A_damaged_checkpoint_is_reported_and_the_one_before_it_is_used()
    {
        RunResult whole = ExecuteWhole();
        IReadOnlyList<string> checkpoints = RunDirectory.Open(Path.Combine(directory, "whole")).Checkpoints;
        Assert.Equal(2, checkpoints.Count);
        Assert.EndsWith("checkpoint-0000002000.bellman", checkpoints[1]);
        byte[] bytes = File.ReadAllBytes(checkpoints[0]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(checkpoints[0], bytes);

        List<string> reports = [];
        using TrainingRun resumed = Resume("whole", reports.Add);
        Assert.Contains("checkpoint-0000002048", Assert.Single(reports));
        Assert.Equal(2000, resumed.Trainer.Step);
        Assert.Equal(whole.WeightsSha256, resumed.Execute().WeightsSha256);
    }

    [Fact]
    public void A_step_of_training_allocates_nothing_once_it_is_warm()
    {
        using var environments = new VectorEnvironment(() => Registry.Find("CartPole-v1").Make(), count: 2);
        var options = new DqnOptions { BufferSize = 1000, LearningStarts = 100, NetArch = [16] };
        var agent = new Dqn(
            options, environments.ObservationSpace, environments.ActionSpace, environments.Count, totalSteps: 10_000,
            new SeedSequence(1));
        using var metrics = new Metrics();
        var trainer = new Trainer(agent, environments, metrics);
        trainer.Run(2000, seed: 1);
        int steps = 3000;
        Assert.Equal(0, Allocation.Of(() => trainer.Run(steps += 1000, seed: 1)));
    }

    [Fact]
    public void Options_read_back_as_they_were_saved()
    {
        RunOptions options = Options() with
        {
            StopAt = 450.5,
            EnvironmentOptions = [KeyValuePair.Create("map_name", "8x8")],
        };
        string path = Path.Combine(directory, "options.json");
        options.Save(path);
        RunOptions again = RunOptions.Load(path);
        Assert.Equal(options.Options, again.Options);
        Assert.Equal(options.EnvironmentOptions, again.EnvironmentOptions);
        Assert.Equal(WithoutLists(options), WithoutLists(again));

        static RunOptions WithoutLists(RunOptions options) => options with { Options = [], EnvironmentOptions = [] };
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static RunOptions Options()
    {
        AlgorithmEntry dqn = AlgorithmRegistry.Find("dqn");
        Preset preset = Preset.Find("dqn", "CartPole-v1", "tuned") with { Steps = 2048, EvaluationInterval = 500 };
        return RunOptions.From(dqn, "CartPole-v1", preset, [KeyValuePair.Create("NetArch", "16")]) with
        {
            Seed = 9,
            MetricsInterval = 10,
            CheckpointEvery = 400,
        };
    }

    private RunResult ExecuteWhole()
    {
        using TrainingRun run = Begin("whole");
        return run.Execute();
    }

    private TrainingRun Begin(string name, params ITrainingHook[] hooks) =>
        TrainingRun.Begin(
            Options(), RunDirectory.Create(Path.Combine(directory, name), name), new FixedClock(), threads: 1, hooks);

    private TrainingRun Resume(string name, Action<string> report) =>
        TrainingRun.Resume(RunDirectory.Open(Path.Combine(directory, name)), new FixedClock(), report);

    private void AssertSameFile(string file, string name) =>
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(directory, "whole", file)),
            File.ReadAllBytes(Path.Combine(directory, name, file)));

    private sealed class At(long step, Action action) : ITrainingHook
    {
        public void AfterStep(Trainer trainer)
        {
            if (trainer.Step == step) action();
        }
    }
}
