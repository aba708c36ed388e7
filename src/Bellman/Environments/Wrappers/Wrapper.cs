using Bellman.Neural.State;

namespace Bellman.Environments.Wrappers;

/// <summary>An environment around another one that changes nothing; a wrapper overrides what it changes.</summary>
public abstract class Wrapper : IWrapper, IStateful
{
    protected Wrapper(IEnvironment inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Inner = inner;
    }

    public IEnvironment Inner { get; }

    public virtual int InnerSteps => 1;

    public virtual Space ObservationSpace => Inner.ObservationSpace;

    public virtual Space ActionSpace => Inner.ActionSpace;

    public virtual void Reset(Span<float> observation, ulong? seed = null) => Inner.Reset(observation, seed);

    public virtual StepResult Step(ReadOnlySpan<float> action, Span<float> observation) => Inner.Step(action, observation);

    /// <summary>Visits the environment inside; a wrapper with state of its own visits that first.</summary>
    public virtual void Visit(IStateVisitor state) => state.VisitInner(Inner);

    /// <summary>The inner action space as a box.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    private protected static Box RequireBox(Space space, string wrapper) => space as Box
        ?? throw new ArgumentException($"{wrapper} needs a Box; got {space}.");

    /// <summary>The inner observation space as images of the given number of axes.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    private protected static Box RequireImage(Space space, string wrapper, string axes) =>
        space is Box { IsImage: true } image && image.Shape.Rank == axes.Split(',').Length
            ? image
            : throw new ArgumentException($"{wrapper} needs images [{axes}] of bytes; got {space}.");
}
