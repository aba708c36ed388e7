using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tests;

namespace Bellman.Tests.Environments;

public sealed class VectorEnvironmentTests
{
    [Fact]
    public void Copy_i_is_seeded_with_the_seed_plus_i()
    {
        using var environments = new VectorEnvironment(() => Registry.Find("CartPole-v1").Make(), 3);
        environments.Reset(seed: 5);
        float[] alone = Gym.Make("CartPole-v1").Reset(seed: 7);
        Assert.Equal(alone, environments.Observations.Values.Slice(8, 4).ToArray());
    }

    [Theory]
    [InlineData("LunarLander-v3")]
    [InlineData("CartPole-v1")]
    public void Threads_do_not_change_anything(string id) => Assert.Equal(Play(id, threads: 1), Play(id, threads: 3));

    [Fact]
    public void The_first_observation_after_an_end_is_no_successor()
    {
        using var environments = new VectorEnvironment(() => Registry.Find("CartPole-v1").Make());
        environments.Reset(seed: 0);
        do
        {
            environments.Actions[0] = 1;
            environments.Step();
            if (!environments.HasEnded(0)) Assert.Equal(environments.NextObservations.ToArray(), environments.Observations.ToArray());
        }
        while (!environments.HasEnded(0));

        Assert.True(Math.Abs(environments.NextObservations[0, 2]) > 0.2);
        Assert.True(Math.Abs(environments.Observations[0, 2]) < 0.05);
        Assert.Equal(environments.EpisodeReturns[0], environments.EpisodeLengths[0]);
        Assert.Equal("fell", environments.EpisodeOutcomes[0]);
    }

    [Fact]
    public void Stepping_allocates_nothing()
    {
        using var environments = new VectorEnvironment(() => Registry.Find("CartPole-v1").Make(), 8);
        environments.Reset(seed: 0);
        for (int i = 0; i < 200; i++) environments.Step();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++) environments.Step();
        }));
    }

    private static string Play(string id, int threads)
    {
        using var environments = new VectorEnvironment(() => Registry.Find(id).Make(), 5, threads);
        var random = new Pcg64(3);
        environments.Reset(seed: 11);
        for (int step = 0; step < 300; step++)
        {
            for (int i = 0; i < 5; i++)
            {
                environments.ActionSpace.Sample(random, environments.Actions.Values.Slice(i, 1));
            }

            environments.Step();
        }

        return StateHash.Of(environments);
    }
}
