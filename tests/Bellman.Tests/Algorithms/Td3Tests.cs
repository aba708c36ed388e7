namespace Bellman.Tests.Algorithms;

public sealed class Td3Tests
{
    [Fact]
    public void Actor_and_targets_move_at_every_dth_update_of_the_critics()
    {
        using ContinuousAgent agent = new ContinuousAgent("td3", "PolicyDelay=3").Run(20);
        for (int update = 1; update <= 9; update++)
        {
            Dictionary<string, float[]> before = StateRecorder.Of(agent.Agent);
            agent.Run(1);
            Dictionary<string, float[]> after = StateRecorder.Of(agent.Agent);
            Assert.NotEqual(before["critics.qf1.0.weight"], after["critics.qf1.0.weight"]);
            foreach (string name in new[] { "actor.mu.0.weight", "targetActor.mu.0.weight", "targetCritics.qf0.0.weight" })
            {
                Assert.Equal(update % 3 == 0, !before[name].AsSpan().SequenceEqual(after[name]));
            }
        }
    }

    [Fact]
    public void Noise_on_the_target_that_is_clipped_to_nothing_is_no_noise()
    {
        using ContinuousAgent clipped = new ContinuousAgent("td3", "TargetNoiseClip=0").Run(40);
        using ContinuousAgent none = new ContinuousAgent("td3", "TargetPolicyNoise=0").Run(40);
        Assert.Equal(none.Agent.Network.Sha256(), clipped.Agent.Network.Sha256());
    }
}
