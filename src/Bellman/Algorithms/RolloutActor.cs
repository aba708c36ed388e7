using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn.Distributions;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Algorithms;

/// <summary>What on-policy algorithms do alike between two updates: they act by π, note V(s) and ln π(a|s), and find advantages at the end.</summary>
internal sealed class RolloutActor : IStateful
{
    private readonly ActorCritic network;
    private readonly Box? box;
    private readonly double gamma;
    private readonly double lambda;
    private readonly Pcg64 random;
    private readonly Workspace workspace = new();
    private readonly float[] lastValues;
    private readonly StateDependentNoise? noise;
    private readonly int sdeSampleFreq;

    /// <param name="network">Acts and values.</param>
    /// <param name="task">What the agent is made for.</param>
    /// <param name="steps">Steps of every environment between two updates.</param>
    /// <param name="gamma">γ</param>
    /// <param name="lambda">λ of generalized advantage estimation.</param>
    /// <param name="random">Draws the actions.</param>
    /// <param name="sdeSampleFreq">Steps between two draws of a state-dependent noise; -1 draws at the start of each rollout only.</param>
    public RolloutActor(
        ActorCritic network, AgentTask task, int steps, double gamma, double lambda, Pcg64 random, int sdeSampleFreq = -1)
    {
        this.network = network;
        this.gamma = gamma;
        this.lambda = lambda;
        this.random = random;
        box = task.ActionSpace as Box;
        Rollout = new RolloutBuffer(steps, task.Environments, task.ObservationSpace, task.ActionSpace);
        lastValues = new float[task.Environments];
        noise = network.MakeNoise(task.Environments, random);
        this.sdeSampleFreq = sdeSampleFreq;
    }

    public RolloutBuffer Rollout { get; }

    /// <summary>Which actions the next calls may choose; null where all may.</summary>
    public Tensor? ActionMasks { get; set; }

    /// <summary>argmax π(·|s), within the bounds of a box.</summary>
    public void Act(Tensor observations, Tensor actions)
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        network.Policy(observations, ActionMasks).Mode().Values.CopyTo(actions.Values);
        box?.Clip(actions.Values);
    }

    /// <summary>a ~ π(·|s). The rollout keeps what was drawn; the environment gets what its bounds allow.</summary>
    public void Explore(Tensor observations, Tensor actions)
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        (PolicyDistribution policy, Tensor values) = network.Evaluate(observations, ActionMasks);
        if (StateDependentNoise.IsDue(Rollout.Count, sdeSampleFreq)) noise?.Draw(random);
        (noise is null ? policy.Sample(random) : policy.Sample(noise)).Values.CopyTo(actions.Values);
        Rollout.AddDecision(observations, actions.Values, values.Values, policy.LogProbability(actions).Values, ActionMasks);
        box?.Clip(actions.Values);
    }

    /// <summary>Notes what came of it; after the last step of a rollout also the advantages.</summary>
    public void Observe(VectorEnvironment environments)
    {
        using Workspace.Scope scope = workspace.Begin();
        using Autograd.PauseScope pause = Autograd.Pause();
        if (environments.Truncated.AsSpan().Contains(true))
        {
            network.Value(environments.NextObservations).Values.CopyTo(lastValues);
        }

        Rollout.AddOutcome(environments, gamma, lastValues);
        if (Rollout.IsFull) Rollout.Finish(network.Value(environments.Observations).Values, gamma, lambda);
    }

    public void Visit(IStateVisitor state)
    {
        if (noise is not null) state.Part(nameof(noise), noise);
        state.Part(nameof(Rollout), Rollout);
        state.Part(nameof(random), random);
    }
}
