using Bellman.Training;

namespace Bellman.Tests.Algorithms;

/// <summary>Settings by which each algorithm learns the quick tasks, and the smallest ones by which it runs at all.</summary>
internal static class QuickSettings
{
    private const string Value =
        "NetArch=32 LearningRate=5e-3 BatchSize=32 LearningStarts=200 TrainFreq=1 TargetUpdateInterval=40 Gamma=0.9 "
        + "ExplorationFraction=0.5 BufferSize=10000";

    private const string Control = "NetArch=32,32 LearningRate=3e-3 BatchSize=64 LearningStarts=200 Gamma=0.9 BufferSize=10000";

    private static readonly Dictionary<string, (string Options, int Copies, int Steps)> All = new()
    {
        ["dqn"] = (Value, 1, 5000),
        ["c51"] = ($"{Value} VMin=-4 VMax=1", 1, 5000),
        ["qrdqn"] = ($"{Value} NQuantiles=10", 1, 5000),
        ["rainbow"] = ($"{Value} VMin=-4 VMax=1", 1, 5000),
        ["reinforce"] = ("NetArch=32 LearningRate=1e-2 NTrajectories=32 LogStdInit=-1", 4, 20_000),
        ["a2c"] = ("NetArch=32 LearningRate=4e-3 NSteps=8 GaeLambda=0.9 LogStdInit=-1", 8, 30_000),
        ["a3c"] = ("NetArch=32 LearningRate=4e-3 NSteps=8 LogStdInit=-1 EntCoef=0", 8, 30_000),
        ["ppo"] = ("NetArch=32 LearningRate=5e-3 NSteps=64 BatchSize=64 LogStdInit=-1", 4, 12_000),
        ["trpo"] = ("NetArch=32 LearningRate=1e-2 NSteps=128 BatchSize=64 TargetKl=0.03 LogStdInit=-1", 4, 20_000),
        ["recurrentppo"] = ("NetArch=32 LstmHiddenSize=16 LearningRate=2e-3 NSteps=64 BatchSize=64 LogStdInit=-1", 4, 24_000),
        ["ddpg"] = ($"{Control} ActionNoise=Normal ActionNoiseSigma=0.3", 1, 5000),
        ["td3"] = ($"{Control} ActionNoise=Normal ActionNoiseSigma=0.3", 1, 5000),
        ["sac"] = (Control, 1, 5000),
    };

    /// <summary>Options, copies and steps by which an algorithm learns a quick task.</summary>
    public static (string Options, int Copies, int Steps) Of(string algorithm) => All[algorithm];

    /// <summary>Options of a small agent that has updated itself some times after a few hundred steps.</summary>
    public static string Small(string algorithm) => algorithm switch
    {
        "dqn" or "c51" or "qrdqn" or "rainbow" =>
            "NetArch=8,8 LearningRate=1e-3 BatchSize=8 LearningStarts=60 TrainFreq=2 TargetUpdateInterval=20 BufferSize=1000",
        "ddpg" or "td3" or "sac" => "NetArch=8,8 BatchSize=8 LearningStarts=60 BufferSize=1000",
        "reinforce" => "NetArch=8 NTrajectories=2",
        "a2c" or "a3c" => "NetArch=8",
        "recurrentppo" => "NetArch=8 LstmHiddenSize=6 NSteps=32 BatchSize=16 NEpochs=2",
        _ => "NetArch=8 NSteps=32 BatchSize=16",
    };

    /// <summary>True where an algorithm acts in a Discrete space, false where in a Box; some do both.</summary>
    public static bool Fits(string algorithm, bool continuous)
    {
        try
        {
            AlgorithmRegistry.Find(algorithm).RequireFit(QuickTasks.All["bandit"](continuous).ActionSpace, "it");
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>A registered environment in which an algorithm can act: a box of actions where it can.</summary>
    public static string Environment(string algorithm) => Fits(algorithm, continuous: true) ? "Pendulum-v1" : "CartPole-v1";
}
