namespace Bellman.Tests.Cli;

public sealed class TuneTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Fact]
    public void A_search_ends_in_a_table_and_the_best_options()
    {
        string space = Path.Combine(directory, "space.yaml");
        File.WriteAllText(space, "LearningRate: { low: 1e-4, high: 1e-2, log: true }");
        string[] command =
        [
            "tune", "a2c", "CartPole-v1", "--preset", "defaults", "--steps", "100", "--evaluations", "2", "--episodes", "2", "--set", "NetArch=8",
            "--space", space, "--trials", "3", "--pruner", "none", "--directory", Path.Combine(directory, "search"),
        ];
        InvokedProgram first = InvokedProgram.Run(command);
        Assert.Equal("", first.Error);
        Assert.Equal(0, first.ExitCode);
        Assert.StartsWith("trial 0: ", first.Lines[0]);
        Assert.Equal("| rank | trial | score | options |", first.Lines[3]);
        Assert.StartsWith("The best options: --set NetArch=8", first.Lines[^2]);

        InvokedProgram again = InvokedProgram.Run(command);
        Assert.Equal(first.Lines.Skip(3), again.Lines);
    }

    [Theory]
    [InlineData("tune a2c CartPol-v1", "There is no environment 'CartPol-v1'; the nearest is 'CartPole-v1'.")]
    [InlineData("tune a2b CartPole-v1", "There is no algorithm 'a2b'; the nearest is 'a2c'.")]
    [InlineData("tune td3 CartPole-v1", "td3 needs a Box action space with bounds; CartPole-v1 has ")]
    [InlineData("tune a2c CartPole-v1 --space none.yaml", "There is no file none.yaml.")]
    [InlineData("tune a2c CartPole-v1 --sampler tpa", "A sampler is random or tpe; got 'tpa'; the nearest is 'tpe'.")]
    [InlineData("tune a2c CartPole-v1 --pruner media", "A pruner is none, median or halving; got 'media'; the nearest is 'median'.")]
    [InlineData("tune a2c CartPole-v1 --set Gamma=0.9", "Gamma is searched; it cannot be set as well.")]
    [InlineData("tune a2c CartPole-v1 --steps 5", "10 evaluations need as many steps; got 5.")]
    public void A_wrong_search_is_refused_in_a_sentence(string arguments, string sentence)
    {
        InvokedProgram program = InvokedProgram.Run(arguments.Split(' '));
        Assert.Equal(2, program.ExitCode);
        Assert.StartsWith(sentence, program.Error);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
