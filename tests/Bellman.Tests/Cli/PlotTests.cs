using System.Text.Json;
using System.Xml.Linq;
using Bellman.Environments.Rendering;

namespace Bellman.Tests.Cli;

/// <summary>Runs trained once, and what <c>plot</c>, <c>compare</c> and <c>watch</c> make of them.</summary>
public sealed class PlotTests(PlotTests.Trained trained) : IClassFixture<PlotTests.Trained>
{
    [Fact]
    public void Groups_and_panels_become_lines_and_axes()
    {
        string file = Path.Combine(trained.Directory, "a.svg");
        InvokedProgram program = InvokedProgram.Run(
            "plot", trained.Runs, "--group-by", "option:NetArch", "--metric", "return", "--metric", "loss", "--out", file);
        Assert.Equal("", program.Error);
        Assert.Equal($"{file}: 5 runs in 4 panels.", program.Lines[^1]);
        string[] texts = Texts(file);
        Assert.Equal(2, texts.Count(text => text == "CartPole-v1"));
        Assert.Equal(2, texts.Count(text => text == "CartPole-v0"));
        Assert.Contains("NetArch = 4", texts);
        Assert.Contains("NetArch = 8", texts);
        Assert.Contains("train/loss", texts);
        Assert.Contains(texts, text => text.StartsWith("Lines are the interquartile mean", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("steps", "environment steps")]
    [InlineData("episodes", "episodes")]
    [InlineData("wall", "seconds of training")]
    public void One_run_shows_every_episode_behind_the_mean_of_a_hundred(string over, string label)
    {
        string file = Path.Combine(trained.Directory, $"{over}.svg");
        InvokedProgram program = InvokedProgram.Run(
            "plot", Path.Combine(trained.Runs, "a", "seed-1"), "--metric", "duration", "--metric", "epsilon", "--x", over, "--out", file);
        Assert.Equal("", program.Error);
        string[] texts = Texts(file);
        Assert.Contains(label, texts);
        Assert.Contains("every episode", texts);
        Assert.Contains("steps of an episode, mean of 100", texts);
        Assert.Contains("ε", texts);
    }

    [Fact]
    public void A_png_is_a_picture()
    {
        string file = Path.Combine(trained.Directory, "a.png");
        Assert.Equal(0, InvokedProgram.Run("plot", trained.Runs, "--panels", "none", "--out", file).ExitCode);
        Assert.InRange(PngFile.Read(file).Width, 800, 3000);
    }

    [Fact]
    public void Groups_are_compared_per_environment()
    {
        InvokedProgram text = InvokedProgram.Run("compare", trained.Runs, "--group-by", "option:NetArch");
        Assert.Equal(0, text.ExitCode);
        Assert.Contains("better than NetArch = 4", text.Output);
        using var json = JsonDocument.Parse(
            InvokedProgram.Run("compare", trained.Runs, "--group-by", "option:NetArch", "--json").Lines[^1]);
        JsonElement[] environments = [.. json.RootElement.GetProperty("environments").EnumerateArray()];
        Assert.Equal(["CartPole-v0", "CartPole-v1"], environments.Select(one => one.GetProperty("environment").GetString()));
        JsonElement[] groups = [.. environments[1].GetProperty("groups").EnumerateArray()];
        Assert.Equal([2, 2], groups.Select(group => group.GetProperty("runs").GetInt32()));
        double forward = groups[0].GetProperty("probabilityOfImprovement").GetProperty("NetArch = 4").GetProperty("value").GetDouble();
        double back = groups[1].GetProperty("probabilityOfImprovement").GetProperty("NetArch = 8").GetProperty("value").GetDouble();
        Assert.Equal(1, forward + back, 12);
    }

    [Fact]
    public void A_finished_run_is_watched_once()
    {
        InvokedProgram program = InvokedProgram.Run("watch", Path.Combine(trained.Runs, "a", "seed-1"), "--metric", "ep_rew_mean");
        Assert.Equal(0, program.ExitCode);
        Assert.Matches(
            "^dqn on CartPole-v1, seed 1: step 400 of 400 \\(finished\\), rollout/ep_rew_mean [0-9.]+$", Assert.Single(program.Lines));
    }

    [Theory]
    [InlineData("plot RUN --metric los", "RUN has no metric 'los'; the nearest is 'loss'.")]
    [InlineData("plot RUN --group-by algoritm", "--group-by is one of algorithm, environment, preset, seed, none or option:NAME; got 'algoritm'; the nearest is 'algorithm'.")]
    [InlineData("plot RUN --group-by option:NetArc", "RUN has no option 'NetArc'; the nearest is 'NetArch'.")]
    [InlineData("plot RUN --x step", "--x is steps, episodes or wall; got 'step'; the nearest is 'steps'.")]
    [InlineData("plot RUN --center iqn", "--center is iqm, mean or median; got 'iqn'; the nearest is 'iqm'.")]
    [InlineData("plot RUN --out a.pdf", "A chart is written to a file that ends in .svg or .png; got 'a.pdf'.")]
    [InlineData("plot RUNS/c", "There is no run directory RUNS/c")]
    [InlineData("compare RUNS/c", "There is no run directory RUNS/c")]
    [InlineData("compare RUN --group-by algo", "--group-by is one of algorithm, preset, seed, none or option:NAME; got 'algo'")]
    [InlineData("watch RUN --metric length2", "RUN has no metric 'length2'; the nearest is 'length'.")]
    [InlineData("watch RUN --every 0", "--every is a number of seconds from 0 to 86400; got 0.")]
    public void A_wrong_name_is_refused_in_a_sentence(string arguments, string sentence)
    {
        string run = Path.Combine(trained.Runs, "a", "seed-1");
        string Fill(string text) => text.Replace("RUNS", trained.Runs).Replace("RUN", run);
        InvokedProgram program = InvokedProgram.Run([.. arguments.Split(' ').Select(Fill)]);
        Assert.Equal(2, program.ExitCode);
        Assert.StartsWith(Fill(sentence), program.Error);
        Assert.Equal(1, program.Error.Count(letter => letter == '\n'));
    }

    [Fact]
    public void A_run_that_is_not_finished_is_not_compared()
    {
        string run = Path.Combine(trained.Directory, "unfinished");
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        InvokedProgram.Run(stop.Token, "train", "dqn", "CartPole-v1", "--steps", "300", "--run", run);
        InvokedProgram program = InvokedProgram.Run("compare", run);
        Assert.Equal(2, program.ExitCode);
        Assert.Equal($"{run} is not finished, so it has no final evaluation; bellman resume {run} ends it.\n", program.Error);
    }

    private static string[] Texts(string file) =>
        [.. XDocument.Load(file).Descendants("{http://www.w3.org/2000/svg}text").Select(text => text.Value)];

    /// <summary>Two seeds each of two sizes of network, and one of another environment.</summary>
    public sealed class Trained : IDisposable
    {
        public Trained()
        {
            foreach ((string name, string seed, string size, string environment) in new[]
            {
                ("a", "1", "8", "CartPole-v1"), ("a", "2", "8", "CartPole-v1"), ("b", "1", "4", "CartPole-v1"),
                ("b", "2", "4", "CartPole-v1"), ("b", "3", "4", "CartPole-v0"),
            })
            {
                InvokedProgram program = InvokedProgram.Run(
                    "train", "dqn", environment, "--steps", "400", "--seed", seed, "--set", $"NetArch={size}", "--set", "LearningStarts=50",
                    "--set", "TrainFreq=4", "--set", "GradientSteps=1", "--evaluate-every", "0", "--run", Path.Combine(Runs, name, $"seed-{seed}"));
                Assert.Equal(0, program.ExitCode);
            }
        }

        public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("bellman-").FullName;

        public string Runs => Path.Combine(Directory, "runs");

        public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
    }
}
