namespace Bellman.Algorithms;

/// <summary>Options of <see cref="C51"/>. Where the paper differs from DQN's, the defaults are the paper's.</summary>
/// <remarks>For <see cref="ValueOptions.OptimizerEps"/> null means 0.01 / batch size, the paper's.</remarks>
public sealed record C51Options : ValueOptions
{
    public C51Options()
    {
        LearningRate = 2.5e-4;
        ExplorationFinalEps = 0.01;
        MaxGradNorm = null;
    }

    /// <summary>Rainbow: every extension on, with the settings of Hessel et al. 2018, table 1, in steps instead of frames.</summary>
    public static C51Options Rainbow { get; } = new()
    {
        DoubleQ = true,
        Dueling = true,
        NoisyNet = true,
        PrioritizedReplay = true,
        PrioritizedReplayAlpha = 0.5,
        NSteps = 3,
        LearningRate = 6.25e-5,
        OptimizerEps = 1.5e-4,
        LearningStarts = 20_000,
        TargetUpdateInterval = 8_000,
        MaxGradNorm = 10,
    };

    /// <summary>N ≥ 2: atoms of the distribution.</summary>
    public int NumAtoms { get; init; } = 51;

    /// <summary>The smallest atom: no return is thought to be lower.</summary>
    public double VMin { get; init; } = -10;

    /// <summary>The largest atom, above <see cref="VMin"/>: no return is thought to be higher.</summary>
    public double VMax { get; init; } = 10;

    internal override void Validate()
    {
        base.Validate();
        Require.AtLeast(2, NumAtoms, nameof(NumAtoms));
        if (!(VMax > VMin && double.IsFinite(VMax - VMin)))
        {
            throw new OptionException($"VMax is greater than VMin; got {VMin} to {VMax}.");
        }
    }
}
