using Bellman.Environments;

namespace Bellman.Tests.Cli;

public sealed class ErrorTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Theory]
    [InlineData("trian dqn CartPole-v1", "bellman has no command 'trian'; the nearest is 'train'.")]
    [InlineData("train dnq CartPole-v1", "There is no algorithm 'dnq'; the nearest is 'dqn'.")]
    [InlineData("train dqn Cartpol-v1", "There is no environment 'Cartpol-v1'; the nearest is 'CartPole-v1'.")]
    [InlineData("train dqn CartPole-v1 --stpes 5", "bellman train has no option '--stpes'; the nearest is '--steps'.")]
    [InlineData(
        "train dqn CartPole-v1 --preset lectur",
        "dqn has no preset 'lectur' for CartPole-v1; there is tuned, lecture, barebone, defaults.")]
    [InlineData(
        "train dqn CartPole-v1 --set LerningRate=1",
        "dqn: There is no option 'LerningRate'; the nearest is 'LearningRate'.")]
    [InlineData("train dqn CartPole-v1 --set BatchSize=many", "dqn: BatchSize is an integer; got 'many'.")]
    [InlineData("train dqn CartPole-v1 --set BatchSize=0", "BatchSize is at least 1; got 0.")]
    [InlineData("train dqn CartPole-v1 --set Gamma=1.5", "Gamma lies in [0, 1]; got 1.5.")]
    [InlineData(
        "train dqn CartPole-v1 --set Optimizer=Adem",
        "dqn: Optimizer is one of Adam, AdamW, RmsProp, Sgd; got 'Adem'; the nearest is 'Adam'.")]
    [InlineData("train dqn CartPole-v1 --set Gamma", "An option is set by Name=Value; got 'Gamma'.")]
    [InlineData("train dqn CartPole-v1 --steps 0", "--steps is an integer from 1; got '0'.")]
    [InlineData("train dqn CartPole-v1 --steps abc", "--steps is an integer from 1; got 'abc'.")]
    [InlineData("train dqn CartPole-v1 --seed -1", "--seed is an integer from 0; got '-1'.")]
    [InlineData("train dqn", "bellman train needs ENVIRONMENT; see bellman train --help.")]
    [InlineData("rollout CartPole-v1 --option gravity=1 --random", "CartPole-v1 has no option 'gravity'")]
    [InlineData("rollout CartPole-v1", "rollout takes either --actions FILE or --random.")]
    [InlineData("rollout CartPole-v1 --actions nowhere.json", "There is no file nowhere.json.")]
    [InlineData("list algoritms", "bellman list knows environments and algorithms; got 'algoritms'.")]
    [InlineData("evaluate nowhere", "There is no run directory nowhere.")]
    [InlineData("resume nowhere", "There is no run directory nowhere.")]
    [InlineData("inspect nowhere", "There is no run or file nowhere.")]
    public void Bad_input_is_one_sentence_and_exit_code_2(string arguments, string sentence)
    {
        bool makesRun = arguments.StartsWith("train dqn C", StringComparison.Ordinal);
        RequireSentence(InvokedProgram.Run([.. arguments.Split(' '), .. makesRun ? RunOption("run") : []]), sentence);
    }

    [Fact]
    public void A_continuous_environment_is_refused_by_dqn()
    {
        if (!Registry.All.Any(spec => spec.Id == "Pendulum-v1")) return;
        RequireSentence(
            InvokedProgram.Run(["train", "dqn", "Pendulum-v1", .. RunOption("run")]),
            "dqn needs a Discrete action space; Pendulum-v1 has Box(-2.0, 2.0, (1,), float32).");
    }

    [Fact]
    public void A_refused_training_leaves_no_directory_behind()
    {
        InvokedProgram.Run(["train", "dqn", "CartPole-v1", "--set", "Gamma=2", .. RunOption("refused")]);
        Assert.False(Directory.Exists(Path.Combine(directory, "refused")));
    }

    [Fact]
    public void Bare_bellman_names_the_commands() =>
        RequireSentence(
            InvokedProgram.Run(),
            "bellman needs a command (train, resume, repeat, experiment, tune, evaluate, plot, compare, watch, "
            + "rollout, list, inspect, bench)");

    [Theory]
    [InlineData("[0, 2]", "Action 1 of FILE is not in Discrete(2): 2.")]
    [InlineData("[[0, 0]]", "Action 0 of FILE is not in Discrete(2): [0, 0].")]
    [InlineData("[\"left\"]", "FILE is not a JSON array of actions (numbers, or arrays of numbers).")]
    [InlineData("[0, ", "FILE is not a JSON array of actions (numbers, or arrays of numbers).")]
    [InlineData("{}", "FILE is not a JSON array of actions (numbers, or arrays of numbers).")]
    public void Actions_outside_of_the_space_are_refused(string json, string sentence)
    {
        string file = Path.Combine(directory, "actions.json");
        File.WriteAllText(file, json);
        RequireSentence(
            InvokedProgram.Run("rollout", "CartPole-v1", "--actions", file), sentence.Replace("FILE", file));
    }

    [Fact]
    public void A_directory_without_a_run_is_refused() =>
        RequireSentence(
            InvokedProgram.Run("evaluate", directory), $"{directory} is not a run directory: it has no options.json.");

    [Fact]
    public void Damaged_options_are_refused()
    {
        File.WriteAllText(Path.Combine(directory, "options.json"), "{ \"algorithm\": ");
        RequireSentence(InvokedProgram.Run("evaluate", directory), "options.json is damaged or not written by bellman");
    }

    [Fact]
    public void A_run_is_not_overwritten()
    {
        File.WriteAllText(Path.Combine(directory, "options.json"), "{}");
        RequireSentence(
            InvokedProgram.Run("train", "dqn", "CartPole-v1", "--run", directory),
            $"{directory} holds a run already; give another directory, or delete it first.");
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static void RequireSentence(InvokedProgram program, string sentence)
    {
        Assert.Equal("", program.Output);
        Assert.Contains(sentence, program.Error);
        Assert.Single(program.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, program.ExitCode);
    }

    private string[] RunOption(string name) => ["--run", Path.Combine(directory, name)];
}
