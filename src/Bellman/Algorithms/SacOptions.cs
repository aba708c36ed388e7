using System.Globalization;

namespace Bellman.Algorithms;

/// <summary>Options of <see cref="Sac"/>. Names and defaults are those of Stable-Baselines3.</summary>
public sealed record SacOptions : ContinuousControlOptions
{
    private const string Auto = "auto";

    /// <summary>Where other defaults than those of DDPG and TD3 are usual: networks of 256 and 256, and a learning rate of 3·10⁻⁴.</summary>
    public SacOptions()
    {
        NetArch = [256, 256];
        LearningRate = 3e-4;
    }

    /// <summary>α, the weight of entropy against reward: a number ≥ 0, or <c>auto</c> to learn it from 1 on, or <c>auto_0.1</c> from 0.1 on.</summary>
    public string EntCoef { get; init; } = Auto;

    /// <summary>H̄, the entropy that a learned α aims at, in nats: a number, or <c>auto</c> for minus the count of an action's numbers.</summary>
    public string TargetEntropy { get; init; } = Auto;

    /// <summary>Updates between those of the target critics.</summary>
    public int TargetUpdateInterval { get; init; } = 1;

    /// <summary>Explores by noise that is a function of the state. Raffin et al. 2021.</summary>
    public bool UseSde { get; init; }

    /// <summary>Steps of every environment between draws of that noise; −1 draws once before each round of updates only.</summary>
    public int SdeSampleFreq { get; init; } = -1;

    /// <summary>Explores by that noise, instead of uniformly, before learning starts too.</summary>
    public bool UseSdeAtWarmup { get; init; }

    /// <summary>ln σ of that noise at first.</summary>
    public double LogStdInit { get; init; } = -3;

    /// <summary>α at first, where it is learned; null where it is not.</summary>
    internal double? LearnedEntCoef => EntCoef switch
    {
        Auto => 1,
        _ when EntCoef.StartsWith(Auto + "_", StringComparison.Ordinal) => Number(EntCoef[(Auto.Length + 1)..]),
        _ => null,
    };

    /// <summary>α, where it is not learned.</summary>
    internal double FixedEntCoef => Number(EntCoef) ?? 0;

    /// <summary>H̄</summary>
    internal double EntropyAim(int actionSize) => TargetEntropy == Auto ? -actionSize : Number(TargetEntropy) ?? 0;

    internal override void Validate()
    {
        base.Validate();
        bool isLearned = EntCoef.StartsWith(Auto, StringComparison.Ordinal);
        if (isLearned ? LearnedEntCoef is not > 0 : Number(EntCoef) is not >= 0)
        {
            throw new OptionException($"{nameof(EntCoef)} is a number of at least 0, auto, or auto_START with a START greater than 0; got '{EntCoef}'.");
        }

        if (TargetEntropy != Auto && Number(TargetEntropy) is null)
        {
            throw new OptionException($"{nameof(TargetEntropy)} is a number or auto; got '{TargetEntropy}'.");
        }

        Require.AtLeast(1, TargetUpdateInterval, nameof(TargetUpdateInterval));
        if (SdeSampleFreq != -1) Require.AtLeast(1, SdeSampleFreq, nameof(SdeSampleFreq));
        Require.Within(-20, 2, LogStdInit, nameof(LogStdInit));
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;
}
