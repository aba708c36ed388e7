namespace Bellman.Training;

/// <summary>What of the environments is normalised by running statistics, as SB3's <c>VecNormalize</c> does.</summary>
public enum NormalizationKind
{
    None,
    Observations,
    Rewards,
    Both,
}
