namespace Bellman.Environments.Wrappers;

/// <summary>Computes an observation from another, without allocating.</summary>
public delegate void ObservationTransform(ReadOnlySpan<float> from, Span<float> to);

/// <summary>Shows a function of each observation.</summary>
public sealed class TransformObservation : Wrapper
{
    private readonly ObservationTransform transform;
    private readonly float[] original;

    /// <param name="inner">The environment seen through the function.</param>
    /// <param name="transform">Writes the new observation.</param>
    /// <param name="observationSpace">Space of the new observation; null where it stays the same.</param>
    public TransformObservation(IEnvironment inner, ObservationTransform transform, Space? observationSpace = null)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(transform);
        this.transform = transform;
        original = new float[inner.ObservationSpace.FlatSize];
        ObservationSpace = observationSpace ?? inner.ObservationSpace;
    }

    public override Space ObservationSpace { get; }

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        Inner.Reset(original, seed);
        transform(original, observation);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, original);
        transform(original, observation);
        return result;
    }
}
