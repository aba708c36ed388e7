using Bellman.Tests.Telemetry;
using Bellman.Training;
using Bellman.Training.Tuning;

namespace Bellman.Tests.Training.Tuning;

public sealed class TunerTests : IDisposable
{
    private const int Trials = 14;

    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Fact]
    public void A_search_that_was_ended_and_killed_goes_on_to_the_same_trials()
    {
        TuningPlan plan = Plan() with { Pruner = "halving" };
        TuningResult whole = Run("whole", plan, Trials);
        Assert.Contains(whole.Trials, trial => trial.State == TrialState.Pruned);
        Assert.Contains(whole.Trials, trial => trial.State == TrialState.Complete);

        // Ended in the middle of a training, by the clock's calls.
        using var stop = new CancellationTokenSource();
        var stopped = new Tuner(plan, Path.Combine(directory, "parts"), new StoppingClock(stop, calls: 700));
        TuningResult part = stopped.Run(Trials, jobs: 1, stop.Token);
        Assert.False(part.Trials[^1].HasEnded);
        Assert.InRange(part.Trials.Count, 2, Trials - 1);
        Run("parts", plan, part.Trials.Count + 1);

        // Killed while it wrote: the log ends in half a line, and the files of the last training are ahead of it.
        string log = Path.Combine(directory, "parts", "trials.jsonl");
        string[] lines = File.ReadAllLines(log);
        File.WriteAllText(log, string.Join('\n', lines[..^2]) + "\n" + lines[^2][..9]);
        Assert.Equal(Course(whole), Course(Run("parts", plan, Trials)));
    }

    [Fact]
    public void The_first_trial_is_the_preset_and_equal_to_a_training_of_its_own()
    {
        TuningResult result = Run("one", Plan() with { Seeds = 2, Pruner = "none" }, trials: 1);
        RunOptions options = RunOptions.Load(Path.Combine(directory, "one", "trial-0000", "seed-4", "options.json"));
        Assert.Equal((4ul, 100L, 3), (options.Seed, options.EvaluationInterval, options.EvaluationEpisodes));
        using var single = TrainingRun.Begin(
            options, RunDirectory.Create(Path.Combine(directory, "single"), "single"), new FixedClock());
        Assert.Equal(
            single.Execute().WeightsSha256,
            RunResult.Load(Path.Combine(directory, "one", "trial-0000", "seed-4", "result.json")).WeightsSha256);
        Trial trial = Assert.Single(result.Trials);
        Assert.Equal(4, trial.Rungs);
        Assert.Equal(["0.0007", "5"], trial.Values);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(directory, "one"), "checkpoint-*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Several_jobs_end_all_trials()
    {
        TuningResult result = Run("jobs", Plan(), trials: 6, jobs: 3);
        Assert.Equal(Enumerable.Range(0, 6), result.Trials.Select(trial => trial.Number));
        Assert.All(result.Trials, trial => Assert.True(trial.HasEnded));
    }

    [Fact]
    public void A_trial_that_is_not_possible_fails_alone()
    {
        SearchSpace space = SearchSpace.Parse(new StringReader("LearningRate: { choices: [1e-3, -1] }"), AlgorithmRegistry.Find("a2c"));
        TuningResult result = Run("failed", Plan() with { Space = space, Sampler = "random" }, trials: 6);
        Assert.Equal(6, result.Trials.Count);
        Assert.Contains(result.Trials, trial => trial.State == TrialState.Complete);
        Trial failed = result.Trials.First(trial => trial.State == TrialState.Failed);
        Assert.Equal(["-1"], failed.Values);
        Assert.Contains("LearningRate", failed.Failure);
    }

    [Fact]
    public void A_directory_of_another_search_is_refused_naming_the_difference()
    {
        Run("first", Plan(), trials: 1);
        ArgumentException error = Assert.Throws<ArgumentException>(() => Run("first", Plan() with { Steps = 300 }, trials: 1));
        Assert.Contains("steps was '200', now '300'", error.Message);
        error = Assert.Throws<ArgumentException>(() => Run("first", Plan() with { Options = [KeyValuePair.Create("NetArch", "4")] }, trials: 1));
        Assert.Contains("options was 'NetArch=8', now 'NetArch=4'", error.Message);
    }

    [Fact]
    public void What_was_found_is_a_preset_and_pictures()
    {
        TuningResult result = Run("found", Plan() with { Pruner = "none" }, trials: 6);
        string path = Path.Combine(directory, "found");
        result.Save(path);
        using var reader = new StreamReader(Path.Combine(path, TuningResult.PresetName));
        Preset preset = Assert.Single(Preset.Parse(reader)["CartPole-v1"]);
        Assert.Equal(("tuned", 200L), (preset.Name, preset.Steps));
        Assert.Contains(KeyValuePair.Create("NetArch", "8"), preset.Options);
        Trial best = result.Ranked[0];
        Assert.Equal(result.Trials.Max(trial => trial.Value), best.Value);
        Assert.Equal(best.Values[1], preset.Options.FirstOrDefault(option => option.Key == "NSteps").Value ?? "5");
        Assert.StartsWith("<svg", File.ReadAllText(Path.Combine(path, TuningResult.HistoryName)));
        string page = File.ReadAllText(Path.Combine(path, TuningResult.PageName));
        Assert.Contains("6 trials of 200 steps over the preset defaults: 6 complete, 0 given up, 0 failed.", page);
        Assert.Contains("| 0 | ", page);
        Assert.Contains("the preset as it is", page);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static TuningPlan Plan() => new()
    {
        Algorithm = "a2c",
        Environment = "CartPole-v1",
        Preset = "defaults",
        Steps = 200,
        Seed = 3,
        Evaluations = 2,
        Episodes = 3,
        Options = [KeyValuePair.Create("NetArch", "8")],
        Space = SearchSpace.Parse(
            new StringReader(
                """
                LearningRate: { low: 1e-4, high: 0.1, log: true }
                NSteps: { choices: [5, 10, 20] }
                """),
            AlgorithmRegistry.Find("a2c")),
    };

    private TuningResult Run(string name, TuningPlan plan, int trials, int jobs = 1) =>
        new Tuner(plan, Path.Combine(directory, name), new FixedClock()).Run(trials, jobs);

    private static IEnumerable<string> Course(TuningResult result) => result.Trials.Select(trial =>
        $"{trial.Number} {string.Join(' ', trial.Values)} {trial.State}: {string.Join(' ', Enumerable.Range(0, trial.Rungs).Select(trial.ValueAt))}");

    /// <summary>Ends a run from within, at a time that no other thread decides.</summary>
    private sealed class StoppingClock(CancellationTokenSource stop, int calls) : TimeProvider
    {
        private int called;

        public override long GetTimestamp()
        {
            if (++called == calls) stop.Cancel();
            return called;
        }
    }
}
