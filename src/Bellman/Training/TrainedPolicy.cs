using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Tensors;
using Bellman.Neural.Tensors.Files;

namespace Bellman.Training;

/// <summary>What a run saves of its agent: the network and, where observations are normalised, the numbers by which they are.</summary>
/// <param name="agent">Acts; its network is saved.</param>
/// <param name="normalization">Of the environments that it is trained in; null where they show everything as it is.</param>
public sealed class TrainedPolicy(IAgent agent, Normalization? normalization = null)
{
    public IAgent Agent => agent;

    /// <summary>Names and tensors of all that is saved.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State { get; } =
        [.. agent.Network.NamedState(), .. normalization?.Published ?? []];

    /// <summary>Takes over the statistics of normalisation as they stand.</summary>
    public void Publish() => normalization?.Publish();

    /// <summary>An environment that shows the policy what it was trained to see.</summary>
    public IEnvironment Around(IEnvironment environment) => normalization?.Around(environment) ?? environment;

    public void Save(string path) => TensorFile.Save(path, StateDict.Of(State));

    /// <exception cref="FormatException">The file does not hold this policy.</exception>
    public void Load(string path) => TensorFile.Load(path).CopyTo(State);
}
