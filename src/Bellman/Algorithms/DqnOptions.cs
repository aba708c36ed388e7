namespace Bellman.Algorithms;

/// <summary>The loss on the temporal-difference error.</summary>
public enum TemporalDifferenceLoss
{
    /// <summary>Quadratic up to an error of 1, linear beyond: SB3's and the Nature paper's clipped error.</summary>
    Huber,

    /// <summary>The squared error.</summary>
    Mse,
}

/// <summary>Options of <see cref="Dqn"/>.</summary>
public sealed record DqnOptions : ValueOptions
{
    public TemporalDifferenceLoss Loss { get; init; } = TemporalDifferenceLoss.Huber;
}
