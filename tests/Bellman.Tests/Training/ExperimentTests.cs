using Bellman.Statistics;
using Bellman.Telemetry;
using Bellman.Tests.Telemetry;
using Bellman.Training;

namespace Bellman.Tests.Training;

public sealed class ExperimentTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Theory]
    [InlineData("1..5", new ulong[] { 1, 2, 3, 4, 5 }, "1..5")]
    [InlineData("7", new ulong[] { 7 }, "7")]
    [InlineData("1..3, 10,12", new ulong[] { 1, 2, 3, 10, 12 }, "1..3,10,12")]
    public void Seeds_are_ranges_and_lists(string text, ulong[] expected, string again)
    {
        Assert.Equal(expected, SeedList.Parse(text));
        Assert.Equal(again, SeedList.Text(expected));
    }

    [Theory]
    [InlineData("5..1")]
    [InlineData("1,1")]
    [InlineData("-1")]
    [InlineData("1..")]
    [InlineData("0..99999999")]
    [InlineData("0..18446744073709551615")]
    public void Other_seeds_are_refused(string text) => Assert.Throws<FormatException>(() => SeedList.Parse(text));

    [Fact]
    public void A_file_lists_experiments()
    {
        string path = Write(
            """
            - algorithm: dqn
              environment: CartPole-v1
              preset: lecture
              steps: 20_000
              seeds: 1..3
              target: 195
              options: { NetArch: [32, 16], LearningRate: 1e-3 }
            - { algorithm: dqn, environment: FrozenLake-v1, seeds: 4, environmentOptions: { map_name: 8x8 } }
            """);
        IReadOnlyList<ExperimentPlan> plans = ExperimentPlan.Load(path);
        Assert.Equal(2, plans.Count);
        Assert.Equal(
            "bellman experiment dqn CartPole-v1 --preset lecture --steps 20000 --set NetArch=32,16 --set LearningRate=1e-3 "
            + "--seeds 1..3 --target 195",
            plans[0].Command);
        Assert.Equal("dqn-CartPole-v1-lecture", plans[0].Title);
        Assert.Equal(20_000, plans[0].RunOptions(2).Steps);
        Assert.Contains(KeyValuePair.Create("NetArch", "32,16"), plans[0].RunOptions(2).Options);
        Assert.Equal("bellman experiment dqn FrozenLake-v1 --option map_name=8x8 --seeds 4", plans[1].Command);
        Assert.Equal(4ul, Assert.Single(plans[1].Seeds));
    }

    [Theory]
    [InlineData("- { algorithm: dqn, enviroment: x }", "an experiment has no setting 'enviroment'; the nearest is 'environment'.")]
    [InlineData("- { algorithm: dqn, environment: CartPole-v1 }", "an experiment needs seeds.")]
    [InlineData("- { algorithm: dqn, environment: CartPole-v1, seeds: 1, steps: many }", "steps is a number; got 'many'.")]
    [InlineData("- dqn", "expected an experiment with an algorithm; got 'dqn'.")]
    [InlineData("algorithm: dqn", "expected a list of experiments.")]
    public void Another_file_is_refused_in_a_sentence(string yaml, string sentence)
    {
        string path = Write(yaml);
        Assert.Equal($"{path}: {sentence}", Assert.Throws<FormatException>(() => ExperimentPlan.Load(path)).Message);
    }

    [Fact]
    public void Seeds_side_by_side_are_those_of_single_runs()
    {
        ExperimentResult result = Run(Plan(), jobs: 3);
        Assert.Equal([3, 1, 2], result.Runs.Select(run => run.Seed));
        for (int i = 0; i < 3; i++)
        {
            string path = Path.Combine(directory, $"single-{i}");
            using var single =
                TrainingRun.Begin(Plan().RunOptions(Plan().Seeds[i]), RunDirectory.Create(path, path), new FixedClock());
            RunResult expected = single.Execute();
            Assert.Equal(expected.WeightsSha256, result.Runs[i].Result.WeightsSha256);
            Assert.Equal(expected.Evaluation!.Returns, result.Runs[i].Result.Evaluation!.Returns);
        }
    }

    [Fact]
    public void What_is_finished_is_not_trained_again_and_what_is_not_goes_on()
    {
        ExperimentResult whole = Run(Plan(), jobs: 2);
        string root = Path.Combine(directory, "runs", Plan().Title);
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(root, "seed-1", "policy.safetensors"));

        // Seed 2 as if its process had ended right after its last checkpoint, seed 3 as if before its first one.
        File.Delete(Path.Combine(root, "seed-2", "result.json"));
        File.Delete(Path.Combine(root, "seed-3", "result.json"));
        Array.ForEach(Directory.GetFiles(Path.Combine(root, "seed-3"), "checkpoint-*"), File.Delete);

        List<string> reports = [];
        ExperimentResult again = Run(Plan(), jobs: 1, reports.Add);
        Assert.Equal(whole.Runs.Select(run => run.Result.WeightsSha256), again.Runs.Select(run => run.Result.WeightsSha256));
        Assert.Equal(whole.Scores, again.Scores);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(root, "seed-1", "policy.safetensors")));
        Assert.Contains("dqn CartPole-v1 seed 2 goes on from step 600", reports);
        Assert.DoesNotContain(reports, line => line.Contains("seed 1"));
    }

    [Fact]
    public void A_directory_of_other_options_is_refused_naming_the_first()
    {
        Run(Plan(), jobs: 2);
        ExperimentPlan other = Plan() with { Options = [KeyValuePair.Create("NetArch", "4")] };
        ArgumentException error = Assert.Throws<ArgumentException>(() => Run(other, jobs: 1));
        Assert.Contains("NetArch was 8, now 4", error.Message);
    }

    [Fact]
    public void A_seed_that_fails_leaves_the_others_alone()
    {
        ExperimentPlan plan = Plan() with { Options = [.. Plan().Options, KeyValuePair.Create("LearningRate", "1e30")] };
        ExperimentPlan good = Plan() with { Environment = "CartPole-v0", Seeds = [1] };
        int completed = 0;
        var runner = new ExperimentRunner(Path.Combine(directory, "runs"), new FixedClock(), jobs: 2)
        {
            OnComplete = (_, _) => completed++,
        };
        IReadOnlyList<string> failures = runner.Run([plan, good]);
        Assert.Equal(3, failures.Count);
        Assert.All(failures, failure => Assert.Contains("loss became", failure));
        Assert.Equal(1, completed);
    }

    [Fact]
    public void A_file_of_results_reads_back()
    {
        ExperimentResult result = Run(Plan() with { Target = 10 }, jobs: 2);
        string path = Path.Combine(directory, "results", "a.json");
        result.Save(path);
        ExperimentResult again = ExperimentResult.Load(path);
        Assert.Equal(result.Scores, again.Scores);
        Assert.Equal(result.InterquartileMean, again.InterquartileMean);
        Assert.Equal(result.Options, again.Options);
        Assert.Equal(result.Runs[1].Curve.X, again.Runs[1].Curve.X);
        Assert.Equal(result.Runs[1].Curve.Y, again.Runs[1].Curve.Y);
        Assert.InRange(result.Runs[1].Curve.Length, 100, 200);
        Assert.Equal(600, again.Runs[1].Curve.X[^1]);
        again.Save(path + ".again");
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(path + ".again"));
        Assert.Equal(Aggregate.Mean(result.Scores) >= 10, result.IsTargetMet);
    }

    [Fact]
    public void A_page_of_results_keeps_what_people_wrote_around_them()
    {
        string results = Path.Combine(directory, "results", "a.json");
        Run(Plan(), jobs: 2).Save(results);
        string page = Path.Combine(directory, "page.md");
        ExperimentReport.Write(page, [results]);
        string first = File.ReadAllText(page);
        Assert.Contains("| CartPole-v1 | dqn | tuned, NetArch=8, LearningStarts=100 | 600 | 3,1..2 | **", first);
        Assert.Contains("[curve](results/a.svg), [file](results/a.json)", first);
        Assert.Contains("interquartile mean of 3 seeds", File.ReadAllText(Path.ChangeExtension(results, ".svg")));
        Assert.Contains("- `bellman experiment dqn CartPole-v1 --steps 600 --set NetArch=8 --set LearningStarts=100 --seeds 3,1..2` (", first);

        File.WriteAllText(page, "Before.\n" + first + "After.\n");
        ExperimentReport.Write(page, [results]);
        Assert.Equal("Before.\n" + first + "After.\n", File.ReadAllText(page));

        File.WriteAllText(page, "Written by hand.\n");
        Assert.Throws<ArgumentException>(() => ExperimentReport.Write(page, [results]));
        Assert.Equal("Written by hand.\n", File.ReadAllText(page));
    }

    [Fact]
    public void Every_episode_has_a_row_and_going_on_cuts_back_to_the_checkpoint()
    {
        string whole = Path.Combine(directory, "whole");
        RunOptions options = Plan().RunOptions(1) with { CheckpointEvery = 200 };
        using (var run = TrainingRun.Begin(options, RunDirectory.Create(whole, whole), new FixedClock()))
        {
            run.Execute();
        }

        CsvTable table = CsvTable.Read(Path.Combine(whole, "episodes.csv"));
        Assert.Equal(["episode", "step", "return", "length", "seconds"], table.Columns);
        Assert.Equal(Enumerable.Range(1, table.Rows).Select(number => (double)number), table["episode"]);
        Assert.Equal(table["return"], table["length"]);
        double end = 0;
        for (int i = 0; i < table.Rows; i++)
        {
            Assert.Equal(end += table["length"][i], table["step"][i]);
        }

        string died = Path.Combine(directory, "died");
        using (var run = TrainingRun.Begin(options, RunDirectory.Create(died, died), new FixedClock(), 1, new DiesAt(590)))
        {
            Assert.Throws<IOException>(() => run.Execute());
        }

        Assert.True(CsvTable.Read(Path.Combine(died, "episodes.csv"))["step"][^1] > 400);
        using (TrainingRun run = TrainingRun.Resume(RunDirectory.Open(died), new FixedClock(), Assert.Fail))
        {
            Assert.True(CsvTable.Read(Path.Combine(died, "episodes.csv"))["step"][^1] <= 400);
            run.Execute();
        }

        CsvTable again = CsvTable.Read(Path.Combine(died, "episodes.csv"));
        Assert.All(table.Columns.SkipLast(1), column => Assert.Equal(table[column], again[column]));
        Assert.Equal(again["seconds"].Order(), again["seconds"]);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static ExperimentPlan Plan() => new()
    {
        Algorithm = "dqn",
        Environment = "CartPole-v1",
        Steps = 600,
        Seeds = [3, 1, 2],
        Options = [KeyValuePair.Create("NetArch", "8"), KeyValuePair.Create("LearningStarts", "100")],
    };

    private ExperimentResult Run(ExperimentPlan plan, int jobs, Action<string>? report = null)
    {
        ExperimentResult? result = null;
        var runner = new ExperimentRunner(Path.Combine(directory, "runs"), new FixedClock(), jobs)
        {
            Report = report ?? (_ => { }),
            OnComplete = (_, complete) => result = complete,
        };
        Assert.Empty(runner.Run([plan]));
        return result!;
    }

    private string Write(string text)
    {
        string path = Path.Combine(directory, "experiments.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    private sealed class DiesAt(long step) : ITrainingHook
    {
        public void AfterStep(Trainer trainer)
        {
            if (trainer.Step == step) throw new IOException("The disk is full.");
        }
    }
}
