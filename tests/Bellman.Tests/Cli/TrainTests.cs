using System.Text.Json;
using Bellman.Environments.Rendering;

namespace Bellman.Tests.Cli;

public sealed class TrainTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Fact]
    public void Training_writes_a_run_that_evaluates_to_the_same_return()
    {
        InvokedProgram program = Train("a", "--seed", "7");
        Assert.Equal(0, program.ExitCode);
        JsonElement json = Parse(program.Lines[^1]);
        Assert.Equal(
            [
                "algorithm", "environment", "seed", "steps", "wallSeconds", "stepsPerSecond", "evaluation",
                "weightsSha256", "run",
            ],
            Names(json));
        Assert.Equal("dqn", json.GetProperty("algorithm").GetString());
        Assert.Equal("CartPole-v1", json.GetProperty("environment").GetString());
        Assert.Equal(7, json.GetProperty("seed").GetInt32());
        Assert.Equal(1500, json.GetProperty("steps").GetInt32());
        JsonElement evaluation = json.GetProperty("evaluation");
        Assert.Equal(["episodes", "meanReturn", "standardDeviation"], Names(evaluation));
        Assert.Equal(100, evaluation.GetProperty("episodes").GetInt32());
        Assert.Matches("^[0-9a-f]{64}$", json.GetProperty("weightsSha256").GetString());

        string run = json.GetProperty("run").GetString()!;
        string[] files =
            [.. Directory.EnumerateFiles(run).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];
        Assert.Contains("options.json", files);
        Assert.Contains("metrics.csv", files);
        Assert.Contains("policy.safetensors", files);
        Assert.Contains("best.safetensors", files);
        Assert.Contains("checkpoint-0000001500.bellman", files);
        Assert.Contains(files, file => file.StartsWith("events.out.tfevents.", StringComparison.Ordinal));

        JsonElement again = Parse(InvokedProgram.Run("evaluate", run, "--json").Lines[^1]);
        Assert.Equal(["episodes", "meanReturn", "standardDeviation", "returns"], Names(again));
        Assert.Equal(evaluation.GetProperty("meanReturn").GetDouble(), again.GetProperty("meanReturn").GetDouble());
        Assert.Equal(100, again.GetProperty("returns").GetArrayLength());
    }

    [Fact]
    public void A_seed_fixes_the_weights_and_the_metrics()
    {
        string first = Hash(Train("a", "--seed", "3"));
        string second = Hash(Train("b", "--seed", "3", "--threads", "1"));
        string other = Hash(Train("c", "--seed", "4"));
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        Assert.Equal(Metrics("a"), Metrics("b"));
    }

    [Fact]
    public void A_stopped_run_saves_itself_and_resumes_to_the_same_end()
    {
        InvokedProgram whole = Train("whole", "--seed", "5");
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        InvokedProgram stopped = InvokedProgram.Run(stop.Token, Arguments("stopped", "--seed", "5"));
        Assert.Equal(130, stopped.ExitCode);
        Assert.Equal(JsonValueKind.Null, Parse(stopped.Lines[^1]).GetProperty("evaluation").ValueKind);

        InvokedProgram resumed = InvokedProgram.Run("resume", Path.Combine(directory, "stopped"), "--json");
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(Hash(whole), Hash(resumed));
        Assert.Equal(Metrics("whole"), Metrics("stopped"));
    }

    [Fact]
    public void Each_episode_gets_a_line_if_wanted()
    {
        string run = Path.Combine(directory, "a");
        InvokedProgram program = InvokedProgram.Run(
            "train", "dqn", "CartPole-v1", "--steps", "200", "--episodes", "--run", run);
        Assert.Matches("^episode 1: duration [0-9]+, return [0-9]+, (fell|ran off)$", program.Lines[0]);
        Assert.StartsWith("episode 2: ", program.Lines[1]);
        Assert.Equal($"Evaluate again: bellman evaluate {run} --episodes 100 --seed 1000000", program.Lines[^1]);
    }

    [Fact]
    public void Training_stops_at_a_return()
    {
        InvokedProgram program = Train("a", "--stop-at", "5");
        Assert.Equal(0, program.ExitCode);
        Assert.Equal(500, Parse(program.Lines[^1]).GetProperty("steps").GetInt32());
        Assert.Contains("reached a mean return of", program.Error);
    }

    [Fact]
    public void Inspect_prints_a_state_dict()
    {
        Train("a");
        InvokedProgram program = InvokedProgram.Run("inspect", Path.Combine(directory, "a"), "--json");
        JsonElement json = Parse(program.Lines[^1]);
        Assert.Equal((4 * 256) + 256 + (256 * 256) + 256 + (256 * 2) + 2, json.GetProperty("count").GetInt64());
        JsonElement shape = json.GetProperty("parameters")[0].GetProperty("shape");
        Assert.Equal([256, 4], shape.EnumerateArray().Select(size => size.GetInt32()));

        InvokedProgram checkpoint =
            InvokedProgram.Run("inspect", Path.Combine(directory, "a", "checkpoint-0000001500.bellman"));
        Assert.Equal(0, checkpoint.ExitCode);
        Assert.Contains("Agent.replay", checkpoint.Output);
    }

    [Fact]
    public void Inspect_draws_what_convolutions_see()
    {
        string run = Path.Combine(directory, "pixels");
        InvokedProgram trained = InvokedProgram.Run(
            "train", "dqn", "CartPolePixels-v1", "--steps", "40", "--evaluate-every", "0", "--run", run, "--set", "BufferSize=100");
        Assert.Equal(0, trained.ExitCode);
        InvokedProgram program = InvokedProgram.Run("inspect", run, "--pictures", "--after", "3");
        Assert.Equal(
            ["observation.png", "filters.png", "activations-1.png", "activations-2.png", "activations-3.png"],
            program.Lines.Select(line => Path.GetFileName(line)));
        Picture observation = PngFile.Read(program.Lines[0]);
        Assert.Equal((1 + (4 * 85) + 1, 1 + 84 + 1), (observation.Width, observation.Height));

        InvokedProgram asJson = InvokedProgram.Run("inspect", run, "--pictures", "--after", "3", "--json");
        Assert.Equal(program.Lines, Parse(asJson.Lines[^1]).GetProperty("pictures").EnumerateArray().Select(file => file.GetString()));
    }

    [Fact]
    public void A_network_without_convolutions_has_no_pictures()
    {
        Train("a");
        InvokedProgram program = InvokedProgram.Run("inspect", Path.Combine(directory, "a"), "--pictures");
        Assert.Equal(2, program.ExitCode);
        Assert.Contains("it has no convolutions to show", program.Error);
        Assert.DoesNotContain("Parameter", program.Error);
        Assert.False(Directory.Exists(Path.Combine(directory, "a", "pictures")));

        InvokedProgram alone = InvokedProgram.Run("inspect", Path.Combine(directory, "a"), "--after", "5");
        Assert.Equal(2, alone.ExitCode);
        Assert.Equal("--after says which observation --pictures shows; give --pictures.", alone.Error.Trim());
    }

    [Fact]
    public void An_episode_can_be_filmed()
    {
        Train("a");
        string film = Path.Combine(directory, "film.gif");
        InvokedProgram program =
            InvokedProgram.Run("evaluate", Path.Combine(directory, "a"), "--episodes", "1", "--video", film);
        Assert.Equal(0, program.ExitCode);
        Assert.Equal("GIF89a"u8, File.ReadAllBytes(film).AsSpan(0, 6));
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_run_with_a_sentence()
    {
        InvokedProgram program = Train("a", "--set", "LearningRate=1e30");
        Assert.Equal(1, program.ExitCode);
        Assert.Equal("", program.Output);
        Assert.Matches(
            "^train/loss became .* at step 1024; .*; no checkpoint was saved before.\n$", program.Error);
    }

    [Fact]
    public void A_damaged_policy_is_bad_input()
    {
        Train("a");
        string policy = Path.Combine(directory, "a", "policy.safetensors");
        File.WriteAllBytes(policy, File.ReadAllBytes(policy)[..100]);
        InvokedProgram program = InvokedProgram.Run("evaluate", Path.Combine(directory, "a"), "--policy", "last");
        Assert.Equal(2, program.ExitCode);
        Assert.Single(program.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("policy.safetensors", program.Error);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static string Hash(InvokedProgram program) =>
        Parse(program.Lines[^1]).GetProperty("weightsSha256").GetString()!;

    private static IEnumerable<string> Names(JsonElement json) =>
        json.EnumerateObject().Select(property => property.Name);

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    private string Metrics(string name) => File.ReadAllText(Path.Combine(directory, name, "metrics.csv"));

    private InvokedProgram Train(string name, params string[] arguments) =>
        InvokedProgram.Run(Arguments(name, arguments));

    private string[] Arguments(string name, params string[] arguments) =>
    [
        "train", "dqn", "CartPole-v1", "--steps", "1500", "--evaluate-every", "500", "--json",
        "--run", Path.Combine(directory, name),
        .. arguments,
    ];
}
