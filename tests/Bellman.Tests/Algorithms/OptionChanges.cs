using System.Globalization;
using Bellman.Training;

namespace Bellman.Tests.Algorithms;

/// <summary>For each option of each algorithm another value than the default, and the other options that it needs to have an effect.</summary>
internal static class OptionChanges
{
    private static readonly Dictionary<string, (string Context, string Value)> Special = new()
    {
        ["PrioritizedReplayAlpha"] = ("PrioritizedReplay=true", "0.2"),
        ["PrioritizedReplayBeta0"] = ("PrioritizedReplay=true", "0.9"),
        ["PrioritizedReplayEps"] = ("PrioritizedReplay=true", "0.5"),
        ["DoubleQ"] = ("DoubleQ=false TargetUpdateInterval=400 LearningRate=0.05", "true"),
        ["ExplorationInitialEps"] = ("NoisyNet=false ExplorationFraction=0.5", "0.5"),
        ["ExplorationFinalEps"] = ("NoisyNet=false", "0.5"),
        ["ExplorationFraction"] = ("NoisyNet=false ExplorationFraction=0.5", "0.25"),
        ["VfCoef"] = ("", "0"),
        ["NoisySigma0"] = ("NoisyNet=true", "2"),
        ["ExplorationDecay"] = ("NoisyNet=false", "50"),
        ["ClipGradValue"] = ("", "1e-4"),
        ["MaxGradNorm"] = ("", "1e-3"),
        ["WeightDecay"] = ("", "0.1"),
        ["OptimizerEps"] = ("", "0.1"),
        ["AdamEpsilon"] = ("", "0.1"),
        ["TargetNetwork"] = ("", "false"),
        ["BufferSize"] = ("BufferSize=300", "100"),
        ["LearningStarts"] = ("", "150"),
        ["NetArch"] = ("", "12"),
        ["VMin"] = ("", "-20"),
        ["VMax"] = ("", "20"),
        ["ClipRange"] = ("", "0.001"),
        ["ClipRangeVf"] = ("", "0.001"),
        ["TargetKl"] = ("", "1e-6"),
        ["KlCoef"] = ("", "5"),
        ["KlTarget"] = ("KlCoef=1", "1e-9"),
        ["SdeSampleFreq"] = ("UseSde=true", "2"),
        ["UseSdeAtWarmup"] = ("UseSde=true", "true"),
        ["LogStdInit"] = ("", "-1"),
        ["ActionNoise"] = ("", "Normal"),
        ["ActionNoiseSigma"] = ("ActionNoise=Normal", "0.5"),
        ["EntCoef"] = ("", "0.3"),
        ["TargetEntropy"] = ("", "-5"),
        ["RmsPropEps"] = ("", "0.1"),
        ["Baseline"] = ("", "Mean"),
        ["LineSearchShrinkingFactor"] = ("TargetKl=2", "0.3"),
        ["LineSearchMaxIter"] = ("TargetKl=2", "1"),
        ["CgMaxSteps"] = ("", "1"),
        ["TargetUpdateEpisodes"] = ("", "3"),
        ["SharedLstm"] = ("", "true"),
        ["GradientSteps"] = ("", "3"),
        ["Optimizer"] = ("", "Sgd"),
        ["TargetUpdateInterval"] = ("", "7"),
    };

    /// <summary>Options that change something only where observations are pictures.</summary>
    public static string[] NeedPictures { get; } = ["FeaturesExtractor", "ExploreInTrainingMode"];

    public static (string Context, string Value) Of(string algorithm, string option)
    {
        if (algorithm == "sac" && option == "LogStdInit") return ("UseSde=true", "-1");
        if (algorithm == "sac" && option == "SdeSampleFreq") return ("UseSde=true TrainFreq=8", "2");
        if (algorithm == "recurrentppo" && option == "BatchSize") return ("", "32");
        if (Special.TryGetValue(option, out (string, string) special)) return special;
        OptionDescription description = OptionRecord.Describe(AlgorithmRegistry.Find(algorithm).Options(
                QuickSettings.Small(algorithm).Split(' ').Select(OptionRecord.SplitAssignment)))
            .Single(candidate => candidate.Name == option);
        return ("", Other(description));
    }

    private static string Other(OptionDescription option)
    {
        if (option.Kind == "true | false") return option.Value == "true" ? "false" : "true";
        if (option.Kind.Contains('|')) return option.Kind.Split(" | ").First(name => name != option.Value);
        if (option.Kind.StartsWith("integer", StringComparison.Ordinal)) return (int.Parse(option.Value, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        return (double.Parse(option.Value, CultureInfo.InvariantCulture) * 0.5).ToString(CultureInfo.InvariantCulture);
    }
}
