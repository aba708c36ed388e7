namespace Bellman.Algorithms;

/// <summary>Options of <see cref="QrDqn"/>. The defaults are those of Stable-Baselines3's collection of contributions.</summary>
/// <remarks>For <see cref="ValueOptions.OptimizerEps"/> null means 0.01 / batch size, the paper's.</remarks>
public sealed record QrDqnOptions : ValueOptions
{
    public QrDqnOptions()
    {
        LearningRate = 5e-5;
        ExplorationFraction = 0.005;
        ExplorationFinalEps = 0.01;
        MaxGradNorm = null;
    }

    /// <summary>N ≥ 1: quantiles of the return of each action.</summary>
    public int NQuantiles { get; init; } = 200;

    internal override void Validate()
    {
        base.Validate();
        Require.AtLeast(1, NQuantiles, nameof(NQuantiles));
    }
}
