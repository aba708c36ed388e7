using System.Diagnostics;
using System.Text.RegularExpressions;
using Bellman.Algorithms;
using Bellman.Cli;
using Bellman.Cli.Commands;
using Bellman.Environments;
using Bellman.Environments.ClassicControl;
using Bellman.Environments.Wrappers;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Telemetry;
using Bellman.Training;

namespace Bellman.Tests.Training;

/// <summary>What goes wrong ends in one sentence and a state from which a run goes on to the right bits.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    private string Run => Path.Combine(directory, "run");

    [Fact]
    public void A_flipped_bit_in_any_of_a_thousand_checkpoints_is_found()
    {
        string path = Execute().Checkpoints[0];
        long length = new FileInfo(path).Length;
        var random = new Pcg64(1);
        for (int i = 0; i < 1000; i++)
        {
            (long position, byte mask) = (random.Integers((int)length), (byte)(1 << (int)random.Integers(8)));
            Flip(path, position, mask);
            Assert.Throws<FileFormatException>(() => CheckpointReader.Open(path));
            Flip(path, position, mask);
        }

        CheckpointReader.Open(path).Dispose();
    }

    [Fact]
    public void A_damaged_checkpoint_is_set_aside_and_does_not_count_as_one_of_two()
    {
        IReadOnlyList<string> checkpoints = Execute().Checkpoints;
        Flip(checkpoints[0], 1000, 4);
        using (TrainingRun resumed = Resume(out List<string> reports))
        {
            Assert.Contains(checkpoints[0], Assert.Single(reports));
            Assert.Equal([checkpoints[1]], RunDirectory.Open(Run).Checkpoints);
            Assert.True(File.Exists(checkpoints[0] + ".damaged"));
            resumed.Execute();
        }

        Assert.Equal(checkpoints, RunDirectory.Open(Run).Checkpoints);
    }

    [Fact]
    public void With_all_checkpoints_damaged_nothing_is_changed()
    {
        foreach (string path in Execute().Checkpoints)
        {
            Flip(path, 1000, 4);
        }

        string[] files = Directory.GetFiles(Run);
        InvokedCli program = Invoke("resume", Run);
        Assert.Equal(2, program.Code);
        Assert.Contains("has no sound checkpoint to go on from; `bellman repeat", program.Error);
        Assert.Equal(files.Order(), Directory.GetFiles(Run).Order());
    }

    [Theory]
    [InlineData("metrics.csv")]
    [InlineData("episodes.csv")]
    public void A_table_that_was_cut_is_reported_and_the_training_has_lost_nothing(string name)
    {
        RunDirectory run = Execute();
        string weights = RunResult.Load(run.Result).WeightsSha256;
        string path = Path.Combine(Run, name);
        string[] lines = File.ReadAllLines(path);
        byte[] whole = File.ReadAllBytes(path);
        foreach (int length in new[] { 0, 5, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(path, whole[..length]);
            int kept = Math.Max(0, whole.AsSpan(0, length).Count((byte)'\n') - 1);
            using TrainingRun resumed = Resume(out List<string> reports);
            Assert.Equal(
                $"{path} has lost {lines.Length - 1 - kept} of its rows up to step 1200; the training itself has lost nothing.",
                Assert.Single(reports));
            Assert.Equal(weights, resumed.Execute().WeightsSha256);
        }
    }

    [Fact]
    public void A_damaged_event_file_is_cut()
    {
        Execute();
        string events = Directory.GetFiles(Run, "events.out.tfevents.*")[0];
        long length = new FileInfo(events).Length;
        Flip(events, length / 2, 1);
        using TrainingRun resumed = Resume(out _);
        Assert.InRange(new FileInfo(events).Length, 1, length / 2);
    }

    [Fact]
    public void A_directory_that_vanishes_ends_the_run_with_a_sentence()
    {
        FailureException error = Assert.Throws<FailureException>(() => Execute(new At(500, () => Directory.Delete(Run, recursive: true))));
        Assert.Contains("A file of the run could not be written at step 800: ", error.Message);
        Assert.EndsWith("; the last checkpoint, " + Path.Combine(Run, "checkpoint-0000000400.bellman") + ", is gone too.", error.Message);
    }

    [Fact]
    public void Something_thrown_amid_training_names_the_last_good_checkpoint()
    {
        FailureException error =
            Assert.Throws<FailureException>(() => Execute(new At(900, () => throw new InvalidOperationException("The wheel came off."))));
        Assert.Equal(
            "Training ended at step 900 by InvalidOperationException: The wheel came off; the last good checkpoint is "
            + Path.Combine(Run, "checkpoint-0000000800.bellman") + ".",
            error.Message);
    }

    [Fact]
    public void A_policy_that_is_not_finite_is_never_saved()
    {
        TrainingRun? begun = null;
        FailureException error = Assert.Throws<FailureException>(
            () => Execute(new At(1200, () => begun!.Trainer.Agent.Network.NamedParameters().First().Value.Values[3] = float.NaN), run => begun = run));
        Assert.Contains("of the policy is not finite at step 1200", error.Message);
        Assert.Contains("checkpoint-0000000800", error.Message);
        Assert.Equal(800, RunDirectory.StepOf(RunDirectory.Open(Run).Checkpoints[0]));
        Assert.False(File.Exists(Path.Combine(Run, "policy.safetensors")));
    }

    [Theory]
    [InlineData(float.NaN, 0f, "gave the observation NaN at step 6")]
    [InlineData(float.NegativeInfinity, 0f, "gave the observation -Infinity at step 6")]
    [InlineData(0f, float.NaN, "gave the reward NaN at step 6")]
    public void Numbers_of_an_environment_that_are_none_end_training_before_the_agent_sees_them(float observation, float reward, string sentence)
    {
        using var environments = new VectorEnvironment(() => new Broken(observation, reward), count: 2);
        var agent = new Dqn(
            new DqnOptions { BufferSize = 100, NetArch = [16] }, environments.ObservationSpace, environments.ActionSpace,
            environments.Count, totalSteps: 1000, new SeedSequence(1));
        using var metrics = new Metrics();
        var trainer = new Trainer(agent, environments, metrics);
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => trainer.Run(1000, seed: 1));
        Assert.Contains("Broken (copy 0) " + sentence, error.Message.Replace("CartPole", "Broken"));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_ends_the_program_with_a_checkpoint(string signal, int exitCode)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Bellman.Cli.dll");

        // Where the tests run in the background of a script, they and their children ignore an interrupt, unless told otherwise.
        using Process process = Start(
            $"exec env --default-signal={signal} dotnet exec '{program}' "
            + $"train dqn CartPole-v1 --preset defaults --steps 100000000 --checkpoint-every 500 --threads 1 --run '{Run}'");
        while (!process.HasExited && (!Directory.Exists(Run) || Directory.GetFiles(Run, "checkpoint-*.bellman").Length == 0))
        {
            Thread.Sleep(5);
        }

        using (Process kill = Start($"kill -{signal} {process.Id}"))
        {
            kill.WaitForExit();
        }

        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(exitCode, process.ExitCode);
        Assert.Contains($"Stopped before the end. Its state is saved in {Run}.", output);
        CheckpointReader.Open(RunDirectory.Open(Run).Checkpoints[0]).Dispose();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(40)]
    public void A_full_disk_ends_the_program_with_a_sentence_and_the_run_goes_on_later(int kilobytes)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Bellman.Cli.dll");
        string train = $"dotnet exec '{program}' train dqn CartPole-v1 --preset defaults --set NetArch=16 --steps 1200 --checkpoint-every 400 "
            + "--threads 1 --json --run ";

        // A file that grows beyond the limit fails as on a full disk, but for the kind of exception.
        using Process full = Start($"export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f {kilobytes}; exec {train} '{Run}'");
        string error = full.StandardError.ReadToEnd();
        full.WaitForExit();
        Assert.Equal(1, full.ExitCode);
        string sentence = error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Matches("^(A file of the run|Training ended).* at step [0-9]+.*; (the last good checkpoint is .*|no checkpoint was saved before)\\.$", sentence);
        Assert.Empty(Directory.GetFiles(Run, "*.partial"));

        using Process whole = Start($"exec {train} '{Run}-whole'");
        using Process resumed = Start($"exec dotnet exec '{program}' resume --json '{Run}'");
        Assert.Equal(Hash(whole), Hash(resumed));

        static string Hash(Process process) =>
            Regex.Match(process.StandardOutput.ReadToEnd(), "\"weightsSha256\":\"([0-9a-f]{64})\"").Groups[1].Value;
    }

    public void Dispose()
    {
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
    }

    private static Process Start(string script) =>
        Process.Start(new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;

    private static void Flip(string path, long position, byte mask)
    {
        using FileStream file = File.Open(path, FileMode.Open);
        file.Position = position;
        int value = file.ReadByte();
        file.Position = position;
        file.WriteByte((byte)(value ^ mask));
    }

    private static RunOptions Options()
    {
        AlgorithmEntry dqn = AlgorithmRegistry.Find("dqn");
        Preset preset = Preset.Find("dqn", "CartPole-v1", "defaults") with { Steps = 1200 };
        return RunOptions.From(dqn, "CartPole-v1", preset, [KeyValuePair.Create("NetArch", "16")]) with { MetricsInterval = 10, CheckpointEvery = 400 };
    }

    private RunDirectory Execute(ITrainingHook? hook = null, Action<TrainingRun>? begun = null)
    {
        var run = RunDirectory.Create(Run, "run");
        using var output = new StringWriter();
        RunReport.Execute(
            progress =>
            {
                TrainingRun made = TrainingRun.Begin(Options(), run, TimeProvider.System, threads: 1, hook is null ? [progress] : [progress, hook]);
                begun?.Invoke(made);
                return made;
            },
            run, showEpisodes: false, asJson: false, new Terminal { Output = output, Error = output });
        return run;
    }

    private TrainingRun Resume(out List<string> reports)
    {
        reports = [];
        return TrainingRun.Resume(RunDirectory.Open(Run), TimeProvider.System, reports.Add);
    }

    private static InvokedCli Invoke(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = CommandLine.Run(arguments, new Terminal { Output = output, Error = error });
        return new InvokedCli(code, error.ToString());
    }

    private sealed record InvokedCli(int Code, string Error);

    private sealed class At(long step, Action action) : ITrainingHook
    {
        public void AfterStep(Trainer trainer)
        {
            if (trainer.Step == step) action();
        }
    }

    /// <summary>A CartPole whose third step adds something to what it gives.</summary>
    private sealed class Broken(float observation, float reward) : Wrapper(new CartPole())
    {
        private int steps;

        public override StepResult Step(ReadOnlySpan<float> action, Span<float> next)
        {
            StepResult result = Inner.Step(action, next);
            if (++steps < 3) return result;
            next[2] += observation;
            return result with { Reward = result.Reward + reward };
        }
    }
}
