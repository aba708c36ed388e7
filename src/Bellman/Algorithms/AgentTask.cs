using Bellman.Environments;

namespace Bellman.Algorithms;

/// <summary>What an agent is made for.</summary>
/// <param name="ObservationSpace">Space of an observation: a box; <c>FlattenObservation</c> makes one of any other space.</param>
/// <param name="ActionSpace">Space of an action.</param>
/// <param name="Environments">Copies that are stepped together.</param>
/// <param name="TotalSteps">Environment steps of the whole training, which schedules refer to.</param>
public sealed record AgentTask(Space ObservationSpace, Space ActionSpace, int Environments, long TotalSteps);
