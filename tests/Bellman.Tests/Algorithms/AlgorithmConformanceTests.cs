using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Neural.Tests;
using Bellman.Telemetry;
using Bellman.Training;

namespace Bellman.Tests.Algorithms;

/// <summary>What holds for every algorithm of the registry.</summary>
public sealed class AlgorithmConformanceTests
{
    public static TheoryData<string> Names() => [.. AlgorithmRegistry.All.Select(entry => entry.Name)];

    public static TheoryData<string> Reproducible() => [.. AlgorithmRegistry.All.Select(entry => entry.Name).Where(name => name != "a3c")];

    public static TheoryData<string, string, bool> Tasks()
    {
        TheoryData<string, string, bool> tasks = [];
        foreach (AlgorithmEntry entry in AlgorithmRegistry.All)
        {
            foreach (string task in QuickTasks.All.Keys)
            {
                foreach (bool continuous in new[] { false, true })
                {
                    // A3C's outcome is left to chance, so it is asked what it learns by far.
                    if (entry.Name == "a3c" && (continuous || task == "delay")) continue;
                    if (QuickSettings.Fits(entry.Name, continuous)) tasks.Add(entry.Name, task, continuous);
                }
            }
        }

        return tasks;
    }

    public static TheoryData<string, string> Options()
    {
        TheoryData<string, string> options = [];
        foreach (AlgorithmEntry entry in AlgorithmRegistry.All)
        {
            foreach (OptionDescription option in OptionRecord.Describe(entry.Defaults))
            {
                if (!OptionChanges.NeedPictures.Contains(option.Name)) options.Add(entry.Name, option.Name);
            }
        }

        return options;
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void It_learns_a_quick_task(string algorithm, string task, bool continuous)
    {
        (string options, int copies, int steps) = QuickSettings.Of(algorithm);
        Func<IEnvironment> make = () => QuickTasks.All[task](continuous);
        using var environments = new VectorEnvironment(make, copies);
        IAgent agent = Make(algorithm, options, environments, steps);
        using var metrics = new Metrics();
        new Trainer(agent, environments, metrics).Run(steps, seed: 3);
        double perStep = new Evaluator(make, copies: 8).Run(agent, episodes: 40, seed: 100) is var result
            ? result.MeanReturn / result.MeanLength
            : double.NaN;

        // The best is 0. Random answers are off by half in the mean; the clipped ends of a box are off by 0.2.
        Assert.InRange(perStep, -0.22, 0);
    }

    [Theory]
    [MemberData(nameof(Reproducible))]
    public void A_seed_fixes_every_bit_and_a_saved_agent_goes_on_as_if_nothing_had_happened(string algorithm)
    {
        const int Steps = 900;
        using VectorEnvironment first = Copies(algorithm);
        IAgent whole = Make(algorithm, Quick(algorithm), first, Steps);
        using var metrics = new Metrics();
        new Trainer(whole, first, metrics).Run(Steps, seed: 7);

        using VectorEnvironment second = Copies(algorithm);
        IAgent half = Make(algorithm, Quick(algorithm), second, Steps);
        using var halfMetrics = new Metrics();
        var interrupted = new Trainer(half, second, halfMetrics);
        interrupted.Run(Steps / 2, seed: 7);
        using var stream = new MemoryStream();
        interrupted.Visit(new StateWriter(stream));
        stream.Position = 0;

        using VectorEnvironment third = Copies(algorithm, threads: 2);
        IAgent resumed = Make(algorithm, Quick(algorithm), third, Steps, seed: 99);
        using var resumedMetrics = new Metrics();
        var trainer = new Trainer(resumed, third, resumedMetrics);
        trainer.Visit(new StateReader(stream, stream.Length));
        trainer.Run(Steps, seed: 7);
        Assert.Equal(StateHash.Of(whole), StateHash.Of(resumed));
        Assert.Equal(Actions(whole, first), Actions(resumed, first));

        using VectorEnvironment fourth = Copies(algorithm);
        IAgent other = Make(algorithm, Quick(algorithm), fourth, Steps, seed: 8);
        using var otherMetrics = new Metrics();
        new Trainer(other, fourth, otherMetrics).Run(Steps, seed: 7);
        Assert.NotEqual(whole.Network.Sha256(), other.Network.Sha256());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_allocates_nothing_once_it_is_warm(string algorithm)
    {
        using VectorEnvironment environments = Copies(algorithm);
        IAgent agent = Make(algorithm, Quick(algorithm), environments, steps: 100_000);
        using var metrics = new Metrics();
        var trainer = new Trainer(agent, environments, metrics);
        trainer.Run(4000, seed: 1);

        int steps = 4000;
        Assert.Equal(0, Allocation.Of(() => trainer.Run(steps += 1000, seed: 1)));
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Every_option_changes_something(string algorithm, string option)
    {
        (string context, string value) = OptionChanges.Of(algorithm, option);
        string settings = $"{Quick(algorithm)} {context}";
        Assert.NotEqual(Fingerprint(algorithm, settings), Fingerprint(algorithm, $"{settings} {option}={value}"));
    }

    /// <summary>Of the parameters and of what is acted after a short training.</summary>
    private static string Fingerprint(string algorithm, string options)
    {
        using VectorEnvironment environments = Copies(algorithm);
        IAgent agent = Make(algorithm, options, environments, steps: 1600);
        using var metrics = new Metrics();
        new Trainer(agent, environments, metrics).Run(1600, seed: 5);
        return $"{agent.Network.ParameterCount} {agent.Network.Sha256()} {StateHash.Of(environments)}";
    }

    private static float[] Actions(IAgent agent, VectorEnvironment environments)
    {
        Tensor actions = Tensor.Zeros(environments.Count, environments.ActionSpace.FlatSize);
        (agent as IRecurrentPolicy)?.Begin(environments.Count);
        agent.Act(environments.Observations, actions);
        return actions.ToArray();
    }

    private static string Quick(string algorithm) => QuickSettings.Small(algorithm);

    private static VectorEnvironment Copies(string algorithm, int threads = 1) =>
        new(() => Registry.Find(QuickSettings.Environment(algorithm)).Make(), count: 2, threads);

    private static IAgent Make(string algorithm, string options, VectorEnvironment environments, long steps, ulong seed = 4)
    {
        AlgorithmEntry entry = AlgorithmRegistry.Find(algorithm);
        string[] assignments = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var task = new AgentTask(environments.ObservationSpace, environments.ActionSpace, environments.Count, steps);
        return entry.Create(entry.Options(assignments.Select(OptionRecord.SplitAssignment)), task, new SeedSequence(seed));
    }
}
