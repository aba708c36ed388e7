using Bellman.Environments;
using Bellman.Neural.Nn;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>Something that acts: all that evaluation and rendering need.</summary>
public interface IPolicy
{
    /// <summary>Writes the best known action for each observation.</summary>
    /// <param name="observations">[environments, …]</param>
    /// <param name="actions">[environments, action]</param>
    void Act(Tensor observations, Tensor actions);
}

/// <summary>One learning algorithm. The loop that calls it stands in the trainer.</summary>
public interface IAgent : IPolicy, IStateful
{
    /// <summary>What the saved policy holds: names and shapes as in a PyTorch <c>state_dict</c>.</summary>
    Module Network { get; }

    /// <summary>Writes the actions to take in training: as <see cref="IPolicy.Act"/>, plus the algorithm's exploration.</summary>
    void Explore(Tensor observations, Tensor actions);

    /// <summary>Remembers the step that the environments have just taken.</summary>
    void Observe(VectorEnvironment environments);

    /// <summary>Updates the networks when it is time; called once after every step of the environments.</summary>
    void Learn(IMetrics metrics);
}
