using System.Text.Json;

namespace Bellman.Tests.Cli;

public sealed class ListTests
{
    [Fact]
    public void Environments_are_listed_with_their_spaces()
    {
        InvokedProgram program = InvokedProgram.Run("list", "environments");
        Assert.Equal(0, program.ExitCode);
        string line = Assert.Single(program.Lines, line => line.Contains(" CartPole-v1 ", StringComparison.Ordinal));
        Assert.Contains("action Discrete(2)", line);
        Assert.DoesNotContain("dqn", program.Output);
    }

    [Fact]
    public void Json_holds_both_lists()
    {
        using var json = JsonDocument.Parse(InvokedProgram.Run("list", "--json").Lines[^1]);
        JsonElement cartPole = json.RootElement.GetProperty("environments").EnumerateArray()
            .First(environment => environment.GetProperty("id").GetString() == "CartPole-v1");
        Assert.Equal("Discrete(2)", cartPole.GetProperty("actionSpace").GetString());
        JsonElement dqn = json.RootElement.GetProperty("algorithms").EnumerateArray()
            .First(algorithm => algorithm.GetProperty("name").GetString() == "dqn");
        Assert.Contains(
            dqn.GetProperty("options").EnumerateArray(), option => option.GetProperty("name").GetString() == "Gamma");
        Assert.Equal("tuned", dqn.GetProperty("presets").GetProperty("CartPole-v1")[0].GetString());
    }

    [Fact]
    public void Help_is_not_an_error()
    {
        InvokedProgram program = InvokedProgram.Run("train", "--help");
        Assert.Equal(0, program.ExitCode);
        Assert.Contains("--stop-at", program.Output);
    }
}
