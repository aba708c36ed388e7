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

/// <summary>A policy that leaves out forbidden actions.</summary>
public interface IMaskedPolicy : IPolicy
{
    /// <summary>
    /// Which actions the next calls may choose, [environments, outputs]: zero where one is forbidden; of a MultiDiscrete space the masks of its
    /// choices lie one after another. Null where all may.
    /// </summary>
    Tensor? ActionMasks { get; set; }
}

/// <summary>A policy that remembers the episode so far. Whoever lets it act tells it where episodes begin.</summary>
public interface IRecurrentPolicy : IPolicy
{
    /// <summary>Episodes begin in all rows of the calls of <see cref="IPolicy.Act"/> that follow.</summary>
    /// <param name="rows">How many observations each of these calls has.</param>
    void Begin(int rows);

    /// <summary>An episode begins in one row of the next call of <see cref="IPolicy.Act"/>.</summary>
    void BeginEpisode(int row);
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
