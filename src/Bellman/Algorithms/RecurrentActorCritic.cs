using Bellman.Environments;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Algorithms;

/// <summary>A policy and a value function that remember: each reads a long short-term memory of the observations so far.</summary>
public sealed class RecurrentActorCritic : Module
{
    private readonly Sequential? extractor;
    private readonly Shape pictures;
    private readonly Lstm policyMemory;
    private readonly Lstm? valueMemory;

    /// <param name="observationSpace">Space of an observation, seen as one row of numbers.</param>
    /// <param name="actionSpace">Space of an action.</param>
    /// <param name="shape">How the networks after the memory are built.</param>
    /// <param name="hidden">Numbers that a layer of the memory carries.</param>
    /// <param name="layers">Layers of the memory.</param>
    /// <param name="shared">The value function reads the policy's memory, without training it.</param>
    /// <param name="random">Draws the initial parameters.</param>
    public RecurrentActorCritic(
        Space observationSpace, Space actionSpace, ActorCriticShape shape, int hidden, int layers, bool shared, Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(observationSpace);
        extractor = ActorCritic.PictureExtractor(observationSpace, random);
        pictures = observationSpace.Shape;
        if (extractor is not null)
        {
            Add("features_extractor", extractor);
            if (shape.OrthoInit) ActorCritic.Orthogonal(extractor, ActorCritic.HiddenGain, random);
        }

        int inputs = extractor is null ? observationSpace.FlatSize : ActorCriticShape.PictureFeatures;
        policyMemory = Add("lstm_actor", new Lstm(inputs, hidden, random, layers));
        if (!shared) valueMemory = Add("lstm_critic", new Lstm(inputs, hidden, random, layers));
        Body = Add("body", new ActorCritic(new Box(-1, 1, new Shape(hidden)), actionSpace, shape, random));
    }

    /// <summary>What follows the memory.</summary>
    public ActorCritic Body { get; }

    /// <summary>π and V along sequences.</summary>
    /// <param name="observations">[time · batch, …]: by time, then by row of the batch.</param>
    /// <param name="time">Steps of each sequence.</param>
    /// <param name="memory">Before the first step.</param>
    /// <param name="starts">[time, batch], not zero where an episode begins; null where none does.</param>
    /// <param name="masks">[time · batch, outputs]; null where no action is forbidden.</param>
    /// <returns>The distribution and the values of time · batch rows, and the memory after the last step.</returns>
    internal (PolicyDistribution Policy, Tensor Value, RecurrentState After) Evaluate(
        Tensor observations, int time, in RecurrentState memory, Tensor? starts, Tensor? masks = null)
    {
        Tensor sequences = Sequences(observations, time);
        (Tensor seen, LstmState policyAfter) = policyMemory.Forward(sequences, memory.Policy, starts);
        Tensor features = Rows(seen);
        if (valueMemory is null)
        {
            return (Body.Policy(features, masks), Body.Value(features.Detach()), new RecurrentState(policyAfter, policyAfter));
        }

        (Tensor valued, LstmState valueAfter) = valueMemory.Forward(sequences, memory.Value, starts);
        return (Body.Policy(features, masks), Body.Value(Rows(valued)), new RecurrentState(policyAfter, valueAfter));
    }

    /// <param name="input">[batch, …]: first observations of episodes.</param>
    /// <returns>The policy's output, [batch, outputs]</returns>
    public override Tensor Forward(Tensor input) => Body.Forward(Rows(policyMemory.Forward(Sequences(input, time: 1))));

    /// <summary>Empty memories for so many rows.</summary>
    internal RecurrentState EmptyState(int rows) => new(policyMemory.ZeroState(rows), (valueMemory ?? policyMemory).ZeroState(rows));

    private Tensor Sequences(Tensor observations, int time)
    {
        int rows = observations.Length / pictures.Length;
        Tensor features = extractor is null
            ? observations
            : extractor.Forward(observations.Rank == 4 ? observations : observations.Reshape(pictures.Prepend(rows)));
        return features.Reshape(time, rows / time, features.Length / rows);
    }

    private static Tensor Rows(Tensor sequences) =>
        sequences.Reshape(sequences.Shape[0] * sequences.Shape[1], sequences.Shape[2]);
}

/// <summary>What a <see cref="RecurrentActorCritic"/> remembers, of each row.</summary>
/// <param name="Policy">[layers, rows, hidden]</param>
/// <param name="Value">[layers, rows, hidden]</param>
internal readonly record struct RecurrentState(LstmState Policy, LstmState Value)
{
    /// <summary>Copies the numbers of another state of the same size.</summary>
    public void CopyFrom(in RecurrentState other)
    {
        other.Policy.Output.Values.CopyTo(Policy.Output.Values);
        other.Policy.Cell.Values.CopyTo(Policy.Cell.Values);
        other.Value.Output.Values.CopyTo(Value.Output.Values);
        other.Value.Cell.Values.CopyTo(Value.Cell.Values);
    }

    /// <summary>Copies one row of another state into one of this.</summary>
    public void CopyRow(in RecurrentState other, int from, int to)
    {
        CopyRow(other.Policy.Output, from, Policy.Output, to);
        CopyRow(other.Policy.Cell, from, Policy.Cell, to);
        CopyRow(other.Value.Output, from, Value.Output, to);
        CopyRow(other.Value.Cell, from, Value.Cell, to);
    }

    public void Visit(IStateVisitor state)
    {
        state.Values("policyOutput", Policy.Output.Values);
        state.Values("policyCell", Policy.Cell.Values);
        state.Values("valueOutput", Value.Output.Values);
        state.Values("valueCell", Value.Cell.Values);
    }

    private static void CopyRow(Tensor source, int from, Tensor destination, int to)
    {
        int hidden = source.Shape[2];
        for (int layer = 0; layer < source.Shape[0]; layer++)
        {
            source.Values.Slice(((layer * source.Shape[1]) + from) * hidden, hidden)
                .CopyTo(destination.Values[(((layer * destination.Shape[1]) + to) * hidden)..]);
        }
    }
}
