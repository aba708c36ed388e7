using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Algorithms;

/// <summary>
/// What an algorithm for continuous actions goes through beside its updates: random actions at first, noise, memory, and the question
/// whether it is time to learn. Actions are in [−1, 1] for the algorithm and in their box for environments and memory.
/// </summary>
internal sealed class ContinuousExperience : IStateful
{
    private readonly ContinuousControlOptions options;
    private readonly Space actionSpace;
    private readonly ReplayBuffer replay;
    private readonly ActionNoise noise;
    private readonly Pcg64 exploration;
    private readonly Pcg64 sampling;
    private readonly int environments;
    private long step;
    private long rounds;

    /// <param name="algorithm">For messages.</param>
    /// <param name="options">Checked.</param>
    /// <param name="observationSpace">A box of numbers.</param>
    /// <param name="actionSpace">A box with bounds.</param>
    /// <param name="environments">Copies that are stepped together.</param>
    /// <param name="exploration">Draws random actions and noise.</param>
    /// <param name="sampling">Draws from the memory.</param>
    public ContinuousExperience(
        string algorithm, ContinuousControlOptions options, Space observationSpace, Space actionSpace, int environments,
        Pcg64 exploration, Pcg64 sampling)
    {
        if (observationSpace is not Box { IsImage: false, Shape.Rank: 1 })
        {
            throw new ArgumentException($"{algorithm} sees vectors, a Box of one axis; got {observationSpace}.", nameof(observationSpace));
        }

        Scale = new ActionScale(algorithm, actionSpace);
        this.options = options;
        this.actionSpace = actionSpace;
        this.environments = environments;
        this.exploration = exploration;
        this.sampling = sampling;
        replay = new ReplayBuffer(
            options.BufferSize, observationSpace, actionSpace, environments, options.Gamma, options.NSteps);
        noise = new ActionNoise(options.ActionNoise, options.ActionNoiseSigma, environments, actionSpace.FlatSize);
    }

    public ActionScale Scale { get; }

    /// <summary>Environment steps taken so far, over all copies.</summary>
    public long Step => step;

    /// <summary>Steps of every environment since the round of updates before: 0 right after it.</summary>
    public long StepOfRound => rounds % options.TrainFreq;

    /// <summary>True while actions are drawn at random.</summary>
    public bool IsWarmUp => step < options.LearningStarts;

    /// <summary>Notes the very first observations acted on; later calls do nothing.</summary>
    public void Begin(Tensor observations) => replay.Begin(observations);

    /// <summary>Uniform over the action space.</summary>
    public void ActAtRandom(Tensor actions)
    {
        for (int i = 0; i < environments; i++)
        {
            actionSpace.Sample(exploration, actions.Row(i));
        }
    }

    /// <summary>Adds noise to actions in [−1, 1] and brings them into their box.</summary>
    public void Disturb(Tensor actions)
    {
        noise.AddTo(actions.Values, exploration);
        Scale.ToBox(actions);
    }

    /// <summary>Remembers the step that the environments have just taken.</summary>
    public void Observe(VectorEnvironment vector)
    {
        replay.Add(vector);
        step += vector.Count;
        rounds++;
        for (int i = 0; i < vector.Count; i++)
        {
            if (vector.HasEnded(i)) noise.Reset(i);
        }
    }

    /// <summary>True after a step after which a round of updates is due.</summary>
    /// <param name="updates">How many updates the round has.</param>
    public bool IsLearningDue(out long updates)
    {
        updates = options.GradientSteps == -1 ? (long)options.TrainFreq * environments : options.GradientSteps;
        return StepOfRound == 0 && step > options.LearningStarts;
    }

    /// <summary>Transitions drawn from the memory, with actions in [−1, 1].</summary>
    public Batch Sample()
    {
        Batch batch = replay.Sample(options.BatchSize, sampling);
        Scale.ToUnit(batch.Actions);
        return batch;
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(replay), replay);
        state.Part(nameof(noise), noise);
        state.Part(nameof(exploration), exploration);
        state.Part(nameof(sampling), sampling);
        state.Value(nameof(step), ref step);
        state.Value(nameof(rounds), ref rounds);
    }
}
