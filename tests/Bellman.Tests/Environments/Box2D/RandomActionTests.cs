using System.Globalization;
using Bellman.Environments;
using Bellman.Neural.Random;

namespace Bellman.Tests.Environments.Box2D;

public sealed class RandomActionTests
{
    /// <summary>Steps of each environment; BELLMAN_RANDOM_STEPS sets another number.</summary>
    private static int Steps => int.Parse(
        Environment.GetEnvironmentVariable("BELLMAN_RANDOM_STEPS") ?? "20000", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("LunarLander-v3")]
    [InlineData("LunarLanderContinuous-v3")]
    [InlineData("BipedalWalker-v3")]
    [InlineData("BipedalWalkerHardcore-v3")]
    public void Random_actions_never_break_the_world(string id)
    {
        IEnvironment environment = Registry.Find(id).Make();
        var random = new Pcg64(17);
        var observation = new float[environment.ObservationSpace.FlatSize];
        var action = new float[environment.ActionSpace.FlatSize];
        environment.Reset(observation, seed: 17);
        for (int i = 0; i < Steps; i++)
        {
            environment.ActionSpace.Sample(random, action);
            StepResult result = environment.Step(action, observation);
            Assert.True(double.IsFinite(result.Reward));
            foreach (float number in observation)
            {
                Assert.True(Math.Abs(number) < 100, $"{id}: {number} at step {i}");
            }

            if (result.Terminated || result.Truncated) environment.Reset(observation);
        }
    }
}
