using Bellman.Environments;

namespace Bellman.Tests.Environments.ClassicControl;

public sealed class CartPoleTests
{
    [Fact]
    public void The_reward_of_Sutton_and_Barto_is_minus_one_at_the_fall_only()
    {
        Gym environment = Gym.Make("CartPole-v1", ("sutton_barto_reward", true));
        environment.Reset(seed: 1);
        Step step;
        do
        {
            step = environment.Step(0);
            Assert.Equal(step.Terminated ? -1 : 0, step.Reward);
        }
        while (!step.Terminated);
    }

    [Fact]
    public void A_step_after_the_end_is_refused()
    {
        Gym environment = Gym.Make("CartPole-v1");
        Assert.Throws<InvalidOperationException>(() => environment.Step(0));
        environment.Reset(seed: 1);
        while (!environment.Step(0).Terminated)
        {
        }

        Assert.Throws<InvalidOperationException>(() => environment.Step(0));
    }

    [Fact]
    public void An_action_outside_of_the_space_is_refused_with_a_sentence()
    {
        Gym environment = Gym.Make("CartPole-v1");
        environment.Reset(seed: 1);
        ArgumentException error = Assert.Throws<ArgumentException>(() => environment.Step(2));
        Assert.Equal("An action of Discrete(2) was expected; got 2.", error.Message);
    }
}
