using Bellman.Environments;
using Bellman.Neural.Random;

namespace Bellman.Tests.Environments.Arcade;

public sealed class ScriptedPlayerTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Paddle-v0", 80)]
    [InlineData("Sentry-v0", 80)]
    [InlineData("Crossing-v0", 40)]
    public void A_simple_player_plays_far_better_than_chance(string id, double atLeast)
    {
        const int Games = 20;
        double mean = ScriptedPlayers.MeanReturn(id, Games);
        double random = RandomReturn(id, Games);
        output.WriteLine($"{id}: {mean} by hand, {random} at random");
        Assert.True(mean > atLeast, $"{id}: {mean}");
        Assert.True(mean > 8 * random, $"{id}: {mean} by hand, {random} at random");
    }

    private static double RandomReturn(string id, int games)
    {
        double sum = 0;
        var random = new Pcg64(0);
        for (int seed = 0; seed < games; seed++)
        {
            IEnvironment environment = Registry.Find(id).MakeForEvaluation();
            var observation = new float[environment.ObservationSpace.FlatSize];
            environment.Reset(observation, (ulong)seed);
            StepResult result;
            do
            {
                result = environment.Step(environment.ActionSpace.Sample(random), observation);
                sum += result.Reward;
            }
            while (!(result.Terminated || result.Truncated));
        }

        return sum / games;
    }
}
