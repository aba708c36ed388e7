using System.Text.Json;

namespace Bellman.Tests.Cli;

public sealed class ExperimentTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Fact]
    public void Seeds_give_a_file_of_results_and_a_page()
    {
        string results = Path.Combine(directory, "a.json");
        InvokedProgram program = InvokedProgram.Run(
            "experiment", "dqn", "CartPole-v1", "--seeds", "1..2", "--steps", "400", "--set", "NetArch=8", "--jobs", "2",
            "--directory", Path.Combine(directory, "runs"), "--out", results);
        Assert.Equal("", program.Error);
        Assert.Equal(0, program.ExitCode);
        Assert.Matches("^dqn-CartPole-v1-tuned, 2 seeds: IQM .*, target 475 not met; ", program.Lines[^1]);
        using var json = JsonDocument.Parse(File.ReadAllText(results));
        Assert.Equal(2, json.RootElement.GetProperty("runs").GetArrayLength());
        Assert.Equal(100, json.RootElement.GetProperty("runs")[0].GetProperty("evaluation").GetProperty("returns").GetArrayLength());

        string page = Path.Combine(directory, "page.md");
        Assert.Equal(0, InvokedProgram.Run("experiment", "--report", page, results).ExitCode);
        Assert.Contains("| CartPole-v1 | dqn | tuned, NetArch=8 |", File.ReadAllText(page));
    }

    [Theory]
    [InlineData("experiment dqn CartPol-v1", "There is no environment 'CartPol-v1'; the nearest is 'CartPole-v1'.")]
    [InlineData("experiment dqm CartPole-v1", "There is no algorithm 'dqm'; the nearest is 'dqn'.")]
    [InlineData("experiment dqn CartPole-v1 --seeds 2..1", "Seeds are written as 1..5 or 1,4,9; got '2..1'.")]
    [InlineData("experiment dqn Pendulum-v1", "dqn needs a Discrete action space; Pendulum-v1 has ")]
    [InlineData("experiment none.yaml", "There is no file none.yaml; without a file, experiment takes ALGORITHM ENVIRONMENT.")]
    [InlineData("experiment a b c", "experiment takes ALGORITHM ENVIRONMENT or one file; got 3 names.")]
    [InlineData("experiment --report page.md none.json", "There is no file of results none.json.")]
    public void A_wrong_experiment_is_refused_in_a_sentence(string arguments, string sentence)
    {
        InvokedProgram program = InvokedProgram.Run(arguments.Split(' '));
        Assert.Equal(2, program.ExitCode);
        Assert.StartsWith(sentence, program.Error);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
