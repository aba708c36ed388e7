using Bellman.Environments.Box2D.Physics;

namespace Bellman.Tests.Environments.Box2D;

public sealed class CycleDetectorTests
{
    /// <summary>States 0, 1, …, and from a certain one on the same few again and again.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    [InlineData(40, 3)]
    [InlineData(3, CycleDetector.LongestRound)]
    public void The_length_of_a_round_is_found_and_nothing_before_it(int first, int length)
    {
        var detector = new CycleDetector();
        detector.Begin();
        for (int pass = 0; pass < 4 * (first + length) + 4; pass++)
        {
            int state = pass < first ? pass : first + ((pass - first) % length);
            int round = Find(detector, state);
            if (round == 0) continue;
            Assert.Equal(length, round);
            Assert.True(pass >= first + length);
            return;
        }

        Assert.Fail("No round was found.");
    }

    [Fact]
    public void A_state_that_differs_anywhere_is_another()
    {
        var detector = new CycleDetector();
        detector.Begin();
        for (int pass = 0; pass < 100; pass++) Assert.Equal(0, Find(detector, pass));
        detector.Begin();
        Assert.Equal(0, Find(detector, 99));
        Assert.Equal(1, Find(detector, 99));
    }

    // The state's number goes into one body, one joint or one contact by turns.
    private static int Find(CycleDetector detector, int state)
    {
        BodyVelocity[] bodies = [default, new BodyVelocity { Angular = state % 3 == 0 ? state : -1 }];
        JointTurns[] joints = [new JointTurns { Motor = state % 3 == 1 ? state : -1 }];
        ContactImpulses[] contacts = [new ContactImpulses { Tangent2 = state % 3 == 2 ? state : -1 }];
        return detector.FindRound(bodies, joints, contacts);
    }
}
