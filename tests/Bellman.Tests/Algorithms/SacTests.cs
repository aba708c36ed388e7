using System.Text.Json;
using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;
using Bellman.Neural.Tensors.Files;

namespace Bellman.Tests.Algorithms;

public sealed class SacTests
{
    private const string EntropyWeight = "train/ent_coef";

    [Fact]
    public void A_policy_of_Stable_Baselines3_acts_here_as_it_did_there()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "golden", "sb3", "sac-Pendulum-v1");
        IEnvironment pendulum = Registry.Find("Pendulum-v1").Make();
        var sac = new Sac(
            new SacOptions { NetArch = [16, 16] }, pendulum.ObservationSpace, pendulum.ActionSpace, environments: 1, totalSteps: 1,
            new SeedSequence(1));
        var actor = new StateDict();
        foreach (NamedTensor entry in TensorFile.Load(path + ".zip"))
        {
            if (entry.Name.StartsWith("actor.", StringComparison.Ordinal)) actor.Add(entry with { Name = entry.Name["actor.".Length..] });
        }

        actor.CopyTo(sac.Network.NamedState());
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(path + ".json"));
        float[] expected = Numbers(golden.RootElement.GetProperty("deterministic_actions"));
        Tensor observations = Tensor.From(Numbers(golden.RootElement.GetProperty("observations")), expected.Length, 3);
        Tensor actions = Tensor.Zeros(expected.Length, 1);
        sac.Act(observations, actions);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actions[i], 1e-5);
        }

        static float[] Numbers(JsonElement rows) =>
            [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(number => number.GetSingle())];
    }

    [Fact]
    public void A_weight_of_entropy_given_as_a_number_stays()
    {
        using ContinuousAgent agent = new ContinuousAgent("sac", "EntCoef=0.25").Run(40);
        Assert.Equal(0.25, agent.Metrics.Values[EntropyWeight]);
        Assert.DoesNotContain("train/ent_coef_loss", agent.Metrics.Values);
    }

    [Theory]
    [InlineData("TargetEntropy=5", 1)]
    [InlineData("TargetEntropy=-9", -1)]
    public void A_learned_weight_of_entropy_rises_while_the_policy_has_less_entropy_than_aimed_at(string changes, int direction)
    {
        using ContinuousAgent agent = new ContinuousAgent("sac", $"EntCoef=auto_0.5 LearningRate=1e-2 {changes}").Run(21);
        Assert.Equal(0.5, agent.Metrics.Values[EntropyWeight], 1e-6);
        agent.Run(20);
        Assert.Equal(direction, Math.Sign(agent.Metrics.Values[EntropyWeight] - 0.5));
    }

    [Fact]
    public void Target_critics_move_at_their_interval()
    {
        using ContinuousAgent agent = new ContinuousAgent("sac", "TargetUpdateInterval=4").Run(20);
        for (int update = 1; update <= 8; update++)
        {
            float[] before = StateRecorder.Of(agent.Agent)["targetCritics.qf0.0.weight"];
            agent.Run(1);
            float[] after = StateRecorder.Of(agent.Agent)["targetCritics.qf0.0.weight"];
            Assert.Equal(update % 4 == 0, !before.AsSpan().SequenceEqual(after));
        }
    }

    [Theory]
    [InlineData("SdeSampleFreq=4", new[] { 0, 4, 8, 10, 14, 18 })]
    [InlineData("SdeSampleFreq=-1", new[] { 0, 10 })]
    public void State_dependent_noise_is_drawn_before_rounds_of_updates_and_at_its_frequency(string changes, int[] draws)
    {
        using var agent = new ContinuousAgent("sac", $"UseSde=true TrainFreq=10 LearningStarts=100 {changes}", copies: 2);
        for (int step = 0; step < 20; step++)
        {
            float[] before = StateRecorder.Of(agent.Agent)["explorationNoise.matrices"];
            agent.Run(1);
            float[] after = StateRecorder.Of(agent.Agent)["explorationNoise.matrices"];
            Assert.Equal(draws.Contains(step), !before.AsSpan().SequenceEqual(after));
        }
    }

    [Fact]
    public void Between_draws_the_same_state_is_explored_by_the_same_action()
    {
        using ContinuousAgent agent = new ContinuousAgent("sac", "UseSde=true TrainFreq=50 LogStdInit=0").Run(21);
        Tensor observation = agent.Environments.Observations.Clone();
        Tensor first = Tensor.Zeros(1, 2);
        Tensor second = Tensor.Zeros(1, 2);
        agent.Agent.Explore(observation, first);
        agent.Agent.Explore(observation, second);
        Assert.Equal(first.ToArray(), second.ToArray());
        agent.Agent.Act(observation, second);
        Assert.NotEqual(first.ToArray(), second.ToArray());
    }

    [Fact]
    public void State_dependent_noise_may_explore_from_the_first_step_and_tells_its_deviation()
    {
        using ContinuousAgent agent = new ContinuousAgent("sac", "UseSde=true UseSdeAtWarmup=true LogStdInit=-20").Run(1);
        Tensor best = Tensor.Zeros(1, 2);
        Tensor first = Tensor.From([0, -0.2f, 0], 1, 3);
        agent.Agent.Act(first, best);
        Assert.Equal(best[0], agent.Environments.Actions[0], 1e-4);
        Assert.Equal(best[1], agent.Environments.Actions[1], 1e-4);
        agent.Run(30);
        Assert.Equal(Math.Exp(-20), agent.Metrics.Values["train/std"], 1e-9);
    }
}
