using Bellman.Environments;
using Bellman.Tests.Telemetry;
using Bellman.Training;

namespace Bellman.Tests.Training;

public sealed class DiscreteObservationTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Theory]
    [InlineData("FrozenLake-v1", 16)]
    [InlineData("Taxi-v4", 500)]
    [InlineData("Blackjack-v1", 32 + 11 + 2)]
    public void Numbers_of_states_reach_the_network_as_zeros_with_a_one(string id, int width)
    {
        RunOptions options = Options(id);
        foreach (IEnvironment made in new[] { TrainingRun.MakeEnvironment(options), TrainingRun.MakeForEvaluation(options) })
        {
            var box = Assert.IsType<Box>(made.ObservationSpace);
            Assert.Equal([width], box.Shape.ToArray());
            float[] observation = new float[width];
            made.Reset(observation, seed: 5);
            Assert.Equal(id == "Blackjack-v1" ? 3 : 1, observation.Count(value => value == 1));
            Assert.True(box.Contains(observation));
        }

        using TrainingRun run = Begin(options);
        Assert.Contains(run.Trainer.Agent.Network.NamedParameters(), entry => entry.Value.Rank == 2 && entry.Value.Shape[1] == width);
    }

    [Fact]
    public void A_box_stays_as_it_is()
    {
        Space seen = TrainingRun.MakeEnvironment(Options("CartPole-v1")).ObservationSpace;
        Assert.Equal(Registry.Find("CartPole-v1").Make().ObservationSpace.ToString(), seen.ToString());
    }

    [Fact]
    public void Dqn_crosses_the_lake_where_it_is_not_slippery()
    {
        RunOptions options = Options("FrozenLake-v1") with { EnvironmentOptions = [KeyValuePair.Create("is_slippery", "False")] };
        using TrainingRun run = Begin(options);
        Assert.Equal(1, run.Execute().Evaluation!.MeanReturn);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static RunOptions Options(string id)
    {
        string[] changes =
        [
            "NetArch=32", "LearningRate=5e-3", "BatchSize=32", "LearningStarts=200", "TrainFreq=1", "TargetUpdateInterval=40",
            "Gamma=0.9", "ExplorationFraction=0.5", "BufferSize=10000",
        ];
        Preset preset = Preset.Find("dqn", id, "defaults") with { Steps = 6000 };
        return RunOptions.From(AlgorithmRegistry.Find("dqn"), id, preset, changes.Select(OptionRecord.SplitAssignment)) with { Seed = 1 };
    }

    private TrainingRun Begin(RunOptions options) =>
        TrainingRun.Begin(options, RunDirectory.Create(Path.Combine(directory, "run"), "run"), new FixedClock());
}
