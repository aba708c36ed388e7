using System.Text.Json;

namespace Bellman.Tests.Algorithms;

/// <summary>Five updates on sixty transitions end at the weights and losses at which PyTorch ended with the same random streams.</summary>
public sealed class RecordedUpdateTests
{
    private const string Schedule = "LearningStarts=59 TrainFreq=60 GradientSteps=5 LearningRate=1e-2 Tau=0.1 Gamma=0.9";

    [Theory]
    [InlineData("ddpg", "ddpg", "")]
    [InlineData("td3", "td3", "NSteps=2 TargetPolicyNoise=0.3 TargetNoiseClip=0.2")]
    [InlineData("sac", "sac", "EntCoef=auto_0.5")]
    [InlineData("sac-sde", "sac", "EntCoef=auto_0.5 UseSde=true LogStdInit=-1")]
    public void Five_updates_are_those_of_PyTorch(string file, string algorithm, string changes)
    {
        using ContinuousAgent agent = new ContinuousAgent(algorithm, $"{Schedule} {changes}").Run(60);
        string path = Path.Combine(AppContext.BaseDirectory, "golden", "control", $"{file}.json");
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(path));
        foreach (JsonProperty metric in golden.RootElement.GetProperty("metrics").EnumerateObject())
        {
            double expected = metric.Value.GetDouble();
            Assert.Equal(expected, agent.Metrics.Values[metric.Name], 1e-5 * Math.Max(1, Math.Abs(expected)));
        }

        Dictionary<string, float[]> state = StateRecorder.Of(agent.Agent);
        foreach (JsonProperty tensor in golden.RootElement.GetProperty("state").EnumerateObject())
        {
            float[] actual = state[tensor.Name];
            float[] expected = [.. tensor.Value.EnumerateArray().Select(number => number.GetSingle())];
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(
                    Math.Abs(expected[i] - actual[i]) <= 1e-4, $"{tensor.Name}[{i}] was expected as {expected[i]}; got {actual[i]}.");
            }
        }
    }
}
