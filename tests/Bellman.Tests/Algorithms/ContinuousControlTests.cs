using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Neural.Tensors.Files;
using Bellman.Neural.Tests;
using Bellman.Training;

namespace Bellman.Tests.Algorithms;

/// <summary>What holds for all algorithms for continuous actions.</summary>
public sealed class ContinuousControlTests
{
    private const string Noise = "ActionNoise=OrnsteinUhlenbeck";

    public static TheoryData<string, string> Variants() => new()
    {
        { "ddpg", Noise },
        { "td3", Noise },
        { "sac", "" },
        { "sac", "UseSde=true SdeSampleFreq=3 TrainFreq=8 GradientSteps=2" },
        { "sac", "EntCoef=0.2" },
    };

    public static TheoryData<string, string> ChangedOptions()
    {
        string[] common =
        [
            "NetArch=8", "LearningRate=1e-2", "LearningRate=lin_1e-3", "BufferSize=40", "LearningStarts=30", "BatchSize=8", "Tau=0.1",
            "Gamma=0.5", "TrainFreq=2", "GradientSteps=2", "NSteps=3", "ActionNoise=Normal",
            "ActionNoise=ornstein-uhlenbeck", "ActionNoise=Normal ActionNoiseSigma=0.2",
        ];
        var data = new TheoryData<string, string>();
        foreach (string change in common)
        {
            data.Add("ddpg", change);
            data.Add("td3", change);
            data.Add("sac", change);
        }

        foreach (string change in new[] { "PolicyDelay=1", "TargetPolicyNoise=0.1", "TargetNoiseClip=0.1" })
        {
            data.Add("td3", change);
        }

        string[] own =
        [
            "EntCoef=0.1", "EntCoef=auto_0.1", "TargetEntropy=-1", "TargetUpdateInterval=2", "UseSde=true", "UseSde=true SdeSampleFreq=4",
            "UseSde=true UseSdeAtWarmup=true", "UseSde=true LogStdInit=-1",
        ];
        foreach (string change in own)
        {
            data.Add("sac", change);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ChangedOptions))]
    public void Every_option_changes_how_training_goes(string algorithm, string changes)
    {
        // A change of several options is held against the same without its last one.
        string before = changes.Contains(' ') ? changes[..changes.LastIndexOf(' ')] : "";
        string frequency = changes.Contains("SdeSampleFreq") ? "TrainFreq=8 " : "";
        using ContinuousAgent changed = new ContinuousAgent(algorithm, frequency + changes).Run(60);
        using ContinuousAgent plain = new ContinuousAgent(algorithm, frequency + before).Run(60);
        Assert.NotEqual(plain.Agent.Network.Sha256(), changed.Agent.Network.Sha256());
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_same_seed_gives_the_same_bits_and_another_does_not(string algorithm, string changes)
    {
        using ContinuousAgent first = new ContinuousAgent(algorithm, changes, copies: 2).Run(50);
        using ContinuousAgent second = new ContinuousAgent(algorithm, changes, copies: 2).Run(50);
        using ContinuousAgent other = new ContinuousAgent(algorithm, changes, copies: 2, seed: 12).Run(50);
        Assert.Equal(first.Hash(), second.Hash());
        Assert.NotEqual(first.Agent.Network.Sha256(), other.Agent.Network.Sha256());
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_checkpoint_goes_on_to_the_bits_of_a_run_that_was_not_interrupted(string algorithm, string changes)
    {
        using ContinuousAgent whole = new ContinuousAgent(algorithm, changes, copies: 2).Run(70);
        using ContinuousAgent first = new ContinuousAgent(algorithm, changes, copies: 2).Run(41);
        using var stream = new MemoryStream();
        first.Visit(new StateWriter(stream));
        stream.Position = 0;
        using var second = new ContinuousAgent(algorithm, changes, copies: 2, seed: 99);
        second.Visit(new StateReader(stream, stream.Length));
        Assert.Equal(whole.Hash(), second.Run(29).Hash());
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_step_allocates_nothing_once_it_is_warm(string algorithm, string changes)
    {
        using ContinuousAgent agent = new ContinuousAgent(algorithm, changes + " BufferSize=1000", copies: 2).Run(600);
        Assert.Equal(0, Allocation.Of(() => agent.Run(100)));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_saved_policy_acts_as_the_one_that_was_saved(string algorithm, string changes)
    {
        using ContinuousAgent trained = new ContinuousAgent(algorithm, changes).Run(60);
        using var other = new ContinuousAgent(algorithm, changes, seed: 5);
        Tensor observations = Tensor.Zeros(4, 3);
        new Pcg64(1).FillNormal(observations.Values);
        Tensor expected = Tensor.Zeros(4, 2);
        Tensor actual = Tensor.Zeros(4, 2);
        trained.Agent.Act(observations, expected);
        other.Agent.Act(observations, actual);
        Assert.NotEqual(expected.ToArray(), actual.ToArray());
        StateDict.Of(trained.Agent.Network.NamedState()).CopyTo(other.Agent.Network.NamedState());
        other.Agent.Act(observations, actual);
        Assert.Equal(expected.ToArray(), actual.ToArray());
        Assert.All(expected.ToArray(), action => Assert.InRange(action, -2, 3));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Actions_are_uniform_before_learning_starts_and_the_policys_after(string algorithm, string changes)
    {
        using var agent = new ContinuousAgent(algorithm, changes);
        var uniform = new Pcg64(new SeedSequence(11).Spawn(3)[1]);
        float[] expected = new float[2];
        Tensor best = Tensor.Zeros(1, 2);
        for (int step = 0; step < 20; step++)
        {
            agent.Environments.ActionSpace.Sample(uniform, expected);
            agent.Run(1);
            Assert.Equal(expected, agent.Environments.Actions.ToArray());
        }

        Tensor observation = agent.Environments.Observations.Clone();
        agent.Agent.Act(observation, best);
        agent.Run(1);
        float[] taken = agent.Environments.Actions.ToArray();
        Assert.NotEqual(best.ToArray(), taken);      // noise
        Assert.True(agent.Environments.ActionSpace.Contains(taken));
    }

    [Fact]
    public void Without_noise_a_deterministic_policy_does_what_it_knows()
    {
        foreach (string algorithm in new[] { "ddpg", "td3" })
        {
            using ContinuousAgent agent = new ContinuousAgent(algorithm).Run(30);
            Tensor best = Tensor.Zeros(1, 2);
            agent.Agent.Act(agent.Environments.Observations, best);
            agent.Run(1);
            Assert.Equal(best.ToArray(), agent.Environments.Actions.ToArray());
        }
    }

    [Theory]
    [InlineData("", 1, 40, 20)]
    [InlineData("TrainFreq=8 GradientSteps=3", 1, 40, 9)]
    [InlineData("TrainFreq=8 GradientSteps=-1", 2, 40, 16 * 4)]
    public void Rounds_of_updates_come_as_often_as_asked_for(string changes, int copies, int rounds, int updates)
    {
        foreach (string algorithm in new[] { "ddpg", "td3", "sac" })
        {
            using ContinuousAgent agent = new ContinuousAgent(algorithm, changes, copies).Run(rounds);
            Assert.Equal(updates, agent.Metrics.Values["train/n_updates"]);
        }
    }

    [Theory]
    [InlineData("ddpg", "Tau=0", "Tau lies in (0, 1]; got 0.")]
    [InlineData("ddpg", "ActionNoiseSigma=-1", "ActionNoiseSigma is at least 0; got -1.")]
    [InlineData("td3", "PolicyDelay=0", "PolicyDelay is at least 1; got 0.")]
    [InlineData("td3", "NSteps=0", "NSteps is at least 1; got 0.")]
    [InlineData("sac", "EntCoef=often", "EntCoef is a number of at least 0, auto, or auto_START with a START greater than 0; got 'often'.")]
    [InlineData("sac", "EntCoef=auto_0", "got 'auto_0'.")]
    [InlineData("sac", "EntCoef=-0.1", "got '-0.1'.")]
    [InlineData("sac", "TargetEntropy=low", "TargetEntropy is a number or auto; got 'low'.")]
    [InlineData("sac", "SdeSampleFreq=0", "SdeSampleFreq is at least 1; got 0.")]
    public void A_value_outside_of_its_range_is_refused_in_one_sentence(string algorithm, string changes, string message)
    {
        OptionException error = Assert.Throws<OptionException>(() => new ContinuousAgent(algorithm, changes));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Other_spaces_are_refused()
    {
        foreach (string name in new[] { "ddpg", "td3", "sac" })
        {
            AlgorithmEntry entry = AlgorithmRegistry.Find(name);
            Assert.Contains("a Box action space with bounds", Refusal(new Discrete(3)));
            Assert.Contains("a Box action space with bounds", Refusal(new Box([0], [float.PositiveInfinity])));
            var task = new AgentTask(Box.Image(new Shape(8, 8, 3)), new Box([-1], [1]), Environments: 1, TotalSteps: 10);
            Assert.Contains("Box of one axis", Assert.Throws<ArgumentException>(() => entry.Create(entry.Defaults, task, new SeedSequence(1))).Message);

            string Refusal(Space actions) => Assert.Throws<ArgumentException>(() => entry.RequireFit(actions, "Somewhere-v0")).Message;
        }
    }
}
