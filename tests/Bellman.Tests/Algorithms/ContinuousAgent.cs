using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Training;

namespace Bellman.Tests.Algorithms;

/// <summary>An agent for continuous actions in the environment <see cref="Drift"/>, made by names as the program makes it.</summary>
internal sealed class ContinuousAgent : IDisposable, IStateful
{
    private const string Small = "NetArch=8,6 LearningStarts=20 BatchSize=16";

    /// <param name="algorithm">As the registry calls it.</param>
    /// <param name="changes">Options, <c>Name=Value</c> with spaces between; a small network and a short warm-up unless they say otherwise.</param>
    public ContinuousAgent(string algorithm, string changes = "", int copies = 1, ulong seed = 11)
    {
        AlgorithmEntry entry = AlgorithmRegistry.Find(algorithm);
        string[] assignments = $"{Small} {changes}".Split(' ', StringSplitOptions.RemoveEmptyEntries);
        object options = entry.Options(assignments.Select(OptionRecord.SplitAssignment));
        Environments = new VectorEnvironment(() => new Drift(), copies);
        var task = new AgentTask(Environments.ObservationSpace, Environments.ActionSpace, copies, TotalSteps: 1000);
        Agent = entry.Create(options, task, new SeedSequence(seed));
        Environments.Reset(seed);
    }

    public IAgent Agent { get; }

    public VectorEnvironment Environments { get; }

    public LastMetrics Metrics { get; } = new();

    /// <summary>Steps every environment so many times, learning when it is due.</summary>
    public ContinuousAgent Run(int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            Agent.Explore(Environments.Observations, Environments.Actions);
            Environments.Step();
            Agent.Observe(Environments);
            Agent.Learn(Metrics);
        }

        return this;
    }

    public string Hash() => StateHash.Of(this);

    public void Visit(IStateVisitor state)
    {
        state.Part(nameof(Agent), Agent);
        state.Part(nameof(Environments), Environments);
    }

    public void Dispose() => Environments.Dispose();
}
