using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Neural.Tests;
using Bellman.Telemetry;
using Bellman.Training;

namespace Bellman.Tests.Algorithms;

/// <summary>What holds for dqn, c51, qrdqn and rainbow, with every pair of their switches.</summary>
public sealed class ValueAlgorithmTests
{
    private static readonly string[] Algorithms = ["dqn", "c51", "qrdqn"];

    private static readonly string[] Switches =
        ["DoubleQ=true", "Dueling=true", "NoisyNet=true", "PrioritizedReplay=true", "NSteps=3"];

    private static readonly string[] Small =
    [
        "NetArch=24,24", "LearningRate=linear:0.005:0.0005:100%", "BatchSize=32", "BufferSize=2000", "LearningStarts=400", "TrainFreq=1",
        "TargetUpdateInterval=20", "Gamma=0.5", "ExplorationFinalEps=0.2", "OptimizerEps=1e-8", "MaxGradNorm=10",
    ];

    public static TheoryData<string, string> Pairs()
    {
        TheoryData<string, string> pairs = [];
        foreach (string algorithm in Algorithms)
        {
            pairs.Add(algorithm, "");
            pairs.Add(algorithm, string.Join(' ', Switches));
            foreach ((int i, string first) in Switches.Index())
            {
                foreach (string second in Switches[(i + 1)..])
                {
                    pairs.Add(algorithm, $"{first} {second}");
                }
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Rewards_are_learned_by_observation_and_action(string algorithm, string switches)
    {
        using VectorEnvironment environments = new(() => new ChoiceProbe(), count: 2);
        (IAgent agent, IReadOnlyDictionary<string, string> options) = Make(algorithm, switches, environments, steps: 1600);
        Train(agent, environments, steps: 1600);
        Tensor values = Values(algorithm, agent.Network, options, Tensor.From([-1, 1], 2, 1));

        // Q(−1, ·) is 0.5, −1; Q(1, ·) is −0.5, 1.
        Assert.Equal(0.5, values[0, 0], tolerance: 0.15);
        Assert.Equal(-1, values[0, 1], tolerance: 0.15);
        Assert.Equal(-0.5, values[1, 0], tolerance: 0.15);
        Assert.Equal(1, values[1, 1], tolerance: 0.15);
        Tensor actions = Tensor.Zeros(2, 1);
        agent.Act(Tensor.From([-1, 1], 2, 1), actions);
        Assert.Equal([3, 4], actions.ToArray());
    }

    [Fact]
    public void The_target_network_normalises_by_running_statistics_and_keeps_them()
    {
        using VectorEnvironment environments = new(() => Registry.Find("VisualCartPole-v0").Make());
        DqnOptions options = new()
        {
            NetArch = [],
            BatchSize = 4,
            BufferSize = 50,
            LearningStarts = 4,
            TrainFreq = 1,
            TargetUpdateInterval = 1000,
        };
        ValueLearner? learner = null;
        learner = new ValueLearner(
            "dqn", options, environments.ObservationSpace, environments.ActionSpace, environments: 1, totalSteps: 100, new SeedSequence(1),
            numbers: 1, values: output => output,
            batch => (learner!.Online.Forward(batch.Observations) - learner.Target.Forward(batch.NextObservations)).Square().Mean());
        environments.Reset(seed: 1);
        for (int step = 0; step < 20; step++)
        {
            learner.Explore(environments.Observations, environments.Actions);
            environments.Step();
            learner.Observe(environments);
            learner.Learn(new Metrics());
        }

        Assert.All(Means(learner.Target), mean => Assert.Equal(0, mean));
        Assert.Contains(Means(learner.Online), mean => mean != 0);

        static IEnumerable<float> Means(Module network) => network.NamedState()
            .Where(entry => entry.Name.EndsWith("running_mean", StringComparison.Ordinal)).SelectMany(entry => entry.Value.ToArray());
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_time_limit_is_not_an_end(string algorithm, string switches)
    {
        using VectorEnvironment environments = new(() => new EndlessProbe(), count: 2);
        (IAgent agent, IReadOnlyDictionary<string, string> options) = Make(algorithm, switches, environments, steps: 1600);
        Train(agent, environments, steps: 1600);
        Tensor values = Values(algorithm, agent.Network, options, Tensor.From([1], 1, 1));

        // 1 + ½ + ¼ + … = 2
        Assert.Equal(2, values[0, 0], tolerance: 0.2);
        Assert.Equal(2, values[0, 1], tolerance: 0.2);
    }

    [Theory]
    [InlineData("dqn", "")]
    [InlineData("c51", "")]
    [InlineData("qrdqn", "PrioritizedReplay=true Dueling=true")]
    [InlineData("rainbow", "")]
    public void A_seed_fixes_every_bit_also_across_a_pause(string algorithm, string switches)
    {
        using VectorEnvironment first = new(() => new ChoiceProbe(), count: 2);
        (IAgent whole, _) = Make(algorithm, switches, first, steps: 600);
        Train(whole, first, steps: 600);

        using VectorEnvironment second = new(() => new ChoiceProbe(), count: 2);
        (IAgent half, _) = Make(algorithm, switches, second, steps: 600);
        using var metrics = new Metrics();
        var interrupted = new Trainer(half, second, metrics);
        interrupted.Run(300, seed: 7);
        using var stream = new MemoryStream();
        interrupted.Visit(new StateWriter(stream));
        stream.Position = 0;

        using VectorEnvironment third = new(() => new ChoiceProbe(), count: 2);
        (IAgent resumed, _) = Make(algorithm, switches, third, steps: 600, seed: 99);
        using var resumedMetrics = new Metrics();
        var trainer = new Trainer(resumed, third, resumedMetrics);
        trainer.Visit(new StateReader(stream, stream.Length));
        trainer.Run(600, seed: 7);
        Assert.Equal(StateHash.Of(whole), StateHash.Of(resumed));
        Assert.Equal(whole.Network.Sha256(), resumed.Network.Sha256());

        (IAgent other, _) = Make(algorithm, switches, first, steps: 600, seed: 8);
        Assert.NotEqual(whole.Network.Sha256(), other.Network.Sha256());
    }

    [Theory]
    [InlineData("dqn")]
    [InlineData("c51")]
    [InlineData("qrdqn")]
    public void A_step_allocates_nothing_once_it_is_warm(string algorithm)
    {
        using VectorEnvironment environments = new(() => Registry.Find("CartPole-v1").Make(), count: 2);
        (IAgent agent, _) = Make(algorithm, string.Join(' ', Switches), environments, steps: 10_000);
        using var metrics = new Metrics();
        var trainer = new Trainer(agent, environments, metrics);
        trainer.Run(1500, seed: 1);
        int steps = 1500;
        Assert.Equal(0, Allocation.Of(() => trainer.Run(steps += 1500, seed: 1)));
    }

    [Fact]
    public void Noisy_networks_act_without_noise_when_they_are_evaluated_and_with_new_noise_when_they_explore()
    {
        using VectorEnvironment environments = new(() => new ChoiceProbe(), count: 32);
        (IAgent agent, _) = Make("dqn", "NoisyNet=true NoisySigma0=3 LearningStarts=0", environments, steps: 100);
        environments.Reset(seed: 1);
        string state = StateHash.Of(agent);
        float[] greedy = Act(agent.Act);
        Assert.Equal(greedy, Act(agent.Act));
        Assert.Equal(state, StateHash.Of(agent));
        HashSet<string> explored = [.. Enumerable.Range(0, 20).Select(_ => string.Join(' ', Act(agent.Explore)))];
        Assert.True(explored.Count > 1);

        // The same noise for the whole batch: equal observations are answered by equal actions, which ε-greedy ones are not.
        float[] observations = environments.Observations.ToArray();
        for (int i = 0; i < 20; i++)
        {
            float[] actions = Act(agent.Explore);
            Assert.Equal(2, observations.Zip(actions).Distinct().Count());
        }

        float[] Act(Action<Tensor, Tensor> act)
        {
            Tensor actions = Tensor.Zeros(32, 1);
            act(environments.Observations, actions);
            return actions.ToArray();
        }
    }

    [Fact]
    public void A_round_makes_as_many_updates_as_it_had_steps_also_after_a_long_start()
    {
        using VectorEnvironment environments = new(() => new ChoiceProbe(), count: 2);
        (IAgent agent, _) = Make("dqn", "TrainFreq=8 GradientSteps=-1 LearningStarts=100", environments, steps: 1000);
        using var metrics = new Metrics();
        new Trainer(agent, environments, metrics).Run(130, seed: 1);

        // Rounds of 16 steps at 112 and 128.
        Assert.Equal(32, metrics.Latest("train/n_updates"));
    }

    [Fact]
    public void Rainbow_is_c51_with_everything_on()
    {
        IReadOnlyDictionary<string, string> options = Options(AlgorithmRegistry.Find("rainbow").Defaults);
        foreach (string name in new[] { "DoubleQ", "Dueling", "NoisyNet", "PrioritizedReplay" })
        {
            Assert.Equal("true", options[name]);
        }

        Assert.Equal(("3", "51", "0.5"), (options["NSteps"], options["NumAtoms"], options["PrioritizedReplayAlpha"]));
    }

    [Theory]
    [InlineData("dqn", "NSteps=0", "NSteps is at least 1; got 0.")]
    [InlineData("dqn", "PrioritizedReplayAlpha=2", "PrioritizedReplayAlpha lies in [0, 1]; got 2.")]
    [InlineData("dqn", "PrioritizedReplayEps=0", "PrioritizedReplayEps is greater than 0; got 0.")]
    [InlineData("c51", "NumAtoms=1", "NumAtoms is at least 2; got 1.")]
    [InlineData("c51", "VMin=4", "VMax is greater than VMin; got 4 to 4.")]
    [InlineData("c51", "BatchSize=0", "BatchSize is at least 1; got 0.")]
    [InlineData("qrdqn", "NQuantiles=0", "NQuantiles is at least 1; got 0.")]
    public void A_value_outside_its_range_is_refused_with_a_sentence(string algorithm, string option, string sentence)
    {
        using VectorEnvironment environments = new(() => new ChoiceProbe());
        OptionException error = Assert.Throws<OptionException>(() => Make(algorithm, option, environments, steps: 10));
        Assert.Equal(sentence, error.Message);
    }

    private static (IAgent Agent, IReadOnlyDictionary<string, string> Options) Make(
        string algorithm, string switches, VectorEnvironment environments, long steps, ulong seed = 7)
    {
        AlgorithmEntry entry = AlgorithmRegistry.Find(algorithm);
        string[] range = algorithm is "c51" or "rainbow" ? ["VMin=-4", "VMax=4", "NumAtoms=33"] : [];
        string[] quantiles = algorithm == "qrdqn" ? ["NQuantiles=8"] : [];
        string[] given = switches.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        object options = entry.Options(Small.Concat(range).Concat(quantiles).Concat(given).Select(OptionRecord.SplitAssignment));
        var task = new AgentTask(environments.ObservationSpace, environments.ActionSpace, environments.Count, steps);
        return (entry.Create(options, task, new SeedSequence(seed)), Options(options));
    }

    private static Dictionary<string, string> Options(object options) =>
        OptionRecord.Describe(options).ToDictionary(option => option.Name, option => option.Value);

    private static void Train(IAgent agent, VectorEnvironment environments, long steps)
    {
        using var metrics = new Metrics();
        new Trainer(agent, environments, metrics).Run(steps, seed: 7);
    }

    // Q(s, ·) as each paper defines it.
    private static Tensor Values(
        string algorithm, Module network, IReadOnlyDictionary<string, string> options, Tensor observations)
    {
        network.Train(on: false);
        Tensor output = network.Forward(observations).Reshape(observations.Shape[0], 2, -1);
        if (algorithm != "c51") return output.Mean(axis: -1);
        int count = int.Parse(options["NumAtoms"]);
        Tensor atoms = Tensor.From([.. Enumerable.Range(0, count).Select(i => -4 + (8f * i / (count - 1)))], count);
        return (output.Softmax() * atoms).Sum(axis: -1);
    }
}
