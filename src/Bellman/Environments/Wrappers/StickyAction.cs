using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.Wrappers;

/// <summary>Takes the previous action again with a probability. Machado et al. 2018.</summary>
public sealed class StickyAction : Wrapper, IKeepsObservation
{
    private readonly double probability;
    private readonly float[] taken;
    private Pcg64 random = new(0);
    private bool hasActed;

    /// <param name="inner">The environment whose actions stick.</param>
    /// <param name="probability">In [0, 1); 0.25 for Atari games.</param>
    public StickyAction(IEnvironment inner, double probability = 0.25)
        : base(inner)
    {
        if (!(probability is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(probability), $"The probability lies in [0, 1); got {probability}.");
        this.probability = probability;
        taken = new float[inner.ActionSpace.FlatSize];
    }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        // A stream of its own, so that the inner environment's numbers stay those of the seed; NoopReset has the other one.
        if (seed is ulong value) random = new Pcg64(new SeedSequence(value).Spawn(2)[1]);
        hasActed = false;
        Inner.Reset(observation, seed);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        // The environment refuses it, and nothing may stay of it here.
        if (!Guard.Accepts(ActionSpace, action)) return Inner.Step(action, observation);
        if (!(hasActed && random.NextDouble() < probability)) action.CopyTo(taken);
        hasActed = true;
        return Inner.Step(taken, observation);
    }

    public override void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        state.Values(nameof(taken), taken.AsSpan());
        state.Value(nameof(hasActed), ref hasActed);
        base.Visit(state);
    }
}
