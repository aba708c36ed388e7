using Bellman.Environments;

namespace Bellman.Tests.Environments.Box2D;

public sealed class MistakeTests
{
    [Theory]
    [InlineData("LunarLander-v3", "gravty", "-9", "LunarLander-v3 has no option 'gravty'; the nearest is 'gravity'.")]
    [InlineData("LunarLander-v3", "gravity", "up", "LunarLander-v3: option gravity takes a number; got 'up'.")]
    [InlineData("LunarLander-v3", "gravity", "0", "LunarLander expects gravity between -12 and 0, both excluded; got 0.")]
    [InlineData("LunarLander-v3", "gravity", "NaN", "LunarLander expects gravity between -12 and 0, both excluded; got NaN.")]
    [InlineData("LunarLander-v3", "wind_power", "NaN", "LunarLander expects a finite wind_power; got NaN.")]
    [InlineData("LunarLander-v3", "turbulence_power", "Infinity", "LunarLander expects a finite turbulence_power; got Infinity.")]
    [InlineData("LunarLanderContinuous-v3", "enable_wind", "much", "LunarLanderContinuous-v3: option enable_wind takes True or False; got 'much'.")]
    [InlineData("BipedalWalker-v3", "hardcor", "True", "BipedalWalker-v3 has no option 'hardcor'; the nearest is 'hardcore'.")]
    [InlineData("BipedalWalkerHardcore-v3", "hardcore", "1", "BipedalWalkerHardcore-v3: option hardcore takes True or False; got '1'.")]
    public void A_wrong_option_is_refused_in_a_sentence(string id, string option, string value, string sentence)
    {
        KeyValuePair<string, object>[] options = [KeyValuePair.Create(option, (object)value)];
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => Registry.Find(id).Make(options)).Message);
    }

    [Theory]
    [InlineData("LunarLander-v3", new float[] { 4 }, "An action of Discrete(4) was expected; got 4.")]
    [InlineData("LunarLander-v3", new float[] { 0.5f }, "An action of Discrete(4) was expected; got 0.5.")]
    [InlineData("LunarLander-v3", new float[] { }, "An action of Discrete(4) was expected; got [].")]
    [InlineData("LunarLanderContinuous-v3", new[] { 0, float.NaN }, "An action of Box(-1.0, 1.0, (2,), float32) was expected; got [0, NaN].")]
    [InlineData("LunarLanderContinuous-v3", new float[] { 1 }, "An action of Box(-1.0, 1.0, (2,), float32) was expected; got 1.")]
    [InlineData("BipedalWalker-v3", new float[] { 1, 0 }, "An action of Box(-1.0, 1.0, (4,), float32) was expected; got [1, 0].")]
    public void An_action_outside_of_the_space_is_refused_in_a_sentence(string id, float[] action, string sentence)
    {
        IEnvironment environment = Registry.Find(id).Make();
        var observation = new float[environment.ObservationSpace.FlatSize];
        environment.Reset(observation, seed: 1);
        Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => environment.Step(action, observation)).Message);
    }

    [Theory]
    [InlineData("LunarLander-v3")]
    [InlineData("LunarLanderContinuous-v3")]
    [InlineData("BipedalWalker-v3")]
    [InlineData("BipedalWalkerHardcore-v3")]
    public void A_step_outside_of_an_episode_is_refused_in_a_sentence(string id)
    {
        const string Sentence = "No episode is running: call Reset before the first Step and after an episode's end.";
        IEnvironment environment = Registry.Find(id).Make();
        var observation = new float[environment.ObservationSpace.FlatSize];
        var action = new float[environment.ActionSpace.FlatSize];
        Assert.Equal(Sentence, Assert.Throws<InvalidOperationException>(() => environment.Step(action, observation)).Message);
        environment.Reset(observation, seed: 1);
        while (true)
        {
            StepResult result = environment.Step(action, observation);
            if (result.Terminated || result.Truncated) break;
        }

        Assert.Equal(Sentence, Assert.Throws<InvalidOperationException>(() => environment.Step(action, observation)).Message);
    }
}
