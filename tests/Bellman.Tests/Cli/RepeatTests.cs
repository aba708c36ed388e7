using System.Text.Json;

namespace Bellman.Tests.Cli;

public sealed class RepeatTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    private string Run => Path.Combine(directory, "run");

    [Fact]
    public void A_run_is_repeated_from_its_options_to_the_same_weights()
    {
        Train();
        InvokedProgram program = InvokedProgram.Run("repeat", Run);
        Assert.Equal(0, program.ExitCode);
        Assert.StartsWith($"The same: {Run} and {Run}-repeat-1 end with the weights ", program.Lines[^1]);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Run, "metrics.csv")), File.ReadAllBytes(Path.Combine($"{Run}-repeat-1", "metrics.csv")));

        InvokedProgram again = InvokedProgram.Run("repeat", Run, "--json");
        using var json = JsonDocument.Parse(Assert.Single(again.Lines));
        Assert.True(json.RootElement.GetProperty("same").GetBoolean());
        Assert.Equal($"{Run}-repeat-2", json.RootElement.GetProperty("run").GetString());
    }

    [Fact]
    public void Other_weights_are_told()
    {
        Train();
        string options = Path.Combine(Run, "options.json");
        File.WriteAllText(options, File.ReadAllText(options).Replace("\"seed\": 0", "\"seed\": 1"));
        InvokedProgram program = InvokedProgram.Run("repeat", Run, "--run", Path.Combine(directory, "other"));
        Assert.Equal(1, program.ExitCode);
        Assert.StartsWith($"Different: {Run}, trained by bellman ", program.Lines[^1]);
    }

    [Fact]
    public void A_run_without_a_result_has_nothing_to_compare_with()
    {
        Train();
        File.Delete(Path.Combine(Run, "result.json"));
        InvokedProgram program = InvokedProgram.Run("repeat", Run);
        Assert.Equal(2, program.ExitCode);
        Assert.Equal($"{Run} has no result to compare with; `bellman resume {Run}` completes it.\n", program.Error);
    }

    [Theory]
    [InlineData("--checkpoint-every 10min", "checkpointSeconds", 600)]
    [InlineData("--checkpoint-every 1.5h", "checkpointSeconds", 5400)]
    [InlineData("--checkpoint-every 90s", "checkpointSeconds", 90)]
    [InlineData("--checkpoint-every 2e2", "checkpointEvery", 200)]
    [InlineData("--patience 7 --evaluate-every 300", "patience", 7)]
    [InlineData("--video-every 1000", "videoEvery", 1000)]
    public void Options_are_kept(string arguments, string name, double value)
    {
        Train(arguments.Split(' '));
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Run, "options.json")));
        Assert.Equal(value, json.RootElement.GetProperty(name).GetDouble());
    }

    [Theory]
    [InlineData("--checkpoint-every 10m", "--checkpoint-every is a number of steps from 1, or a time such as 90s, 10min or 2h; got '10m'.")]
    [InlineData("--checkpoint-every -3min", "--checkpoint-every is a number of steps from 1, or a time such as 90s, 10min or 2h; got '-3min'.")]
    [InlineData("--patience 3", "--patience counts evaluations, and there are none; give --evaluate-every N.")]
    public void What_makes_no_sense_is_one_sentence(string arguments, string sentence)
    {
        InvokedProgram program = InvokedProgram.Run(Arguments(arguments.Split(' ')));
        Assert.Equal(2, program.ExitCode);
        Assert.Equal(sentence + "\n", program.Error);
        Assert.False(Directory.Exists(Run));
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private void Train(params string[] arguments) => Assert.Equal(0, InvokedProgram.Run(Arguments(arguments)).ExitCode);

    private string[] Arguments(string[] arguments) =>
    [
        "train", "dqn", "CartPole-v1", "--preset", "defaults", "--set", "NetArch=16", "--steps", "400", "--run", Run, .. arguments,
    ];
}
