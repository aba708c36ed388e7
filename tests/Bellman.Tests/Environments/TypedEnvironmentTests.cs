using Bellman.Environments;
using Bellman.Neural.Random;

namespace Bellman.Tests.Environments;

public sealed class TypedEnvironmentTests
{
    private static readonly Control[] MainAndTurn = [new("main", 0, 1), new("turn", -1, 1)];

    [Fact]
    public void Tasks_with_choices_and_with_numbers_obey_all_rules()
    {
        EnvironmentCheck.Require(() => new Switches());
        EnvironmentCheck.Require(() => new Descent(MainAndTurn));
    }

    [Fact]
    public void An_enumerations_values_are_actions_in_the_order_of_their_numbers()
    {
        var switches = new Switches();
        var observation = new float[1];
        switches.Reset(observation, seed: 1);
        Assert.Equal("Discrete(3)", switches.ActionSpace.ToString());
        switches.Step([2], observation);
        Assert.Equal(20, observation[0]);
        switches.Step([0], observation);
        Assert.Equal(-5, observation[0]);
    }

    [Fact]
    public void A_records_numbers_are_given_in_the_order_of_its_fields_and_clipped()
    {
        var descent = new Descent(MainAndTurn);
        var observation = new float[2];
        descent.Reset(observation, seed: 1);
        Assert.Equal(new Box([0, -1], [1, 1]).ToString(), descent.ActionSpace.ToString());
        Assert.Equal(["main", "turn"], descent.Controls.Select(control => control.Name));
        descent.Step([0.25f, -0.5f], observation);
        Assert.Equal(new Engines(0.25f, -0.5f), descent.Latest);
        descent.Step([7, -7], observation);
        Assert.Equal(new Engines(1, -1), descent.Latest);
    }

    [Fact]
    public void Actions_that_are_no_numbers_are_refused_in_a_sentence()
    {
        var descent = new Descent(MainAndTurn);
        var observation = new float[2];
        descent.Reset(observation, seed: 1);
        string text = Assert.Throws<ArgumentException>(() => descent.Step([float.NaN, 0], observation)).Message;
        Assert.Equal("An action of Box([0. -1.], 1.0, (2,), float32) was expected; got [NaN, 0].", text);
        Assert.Throws<ArgumentException>(() => descent.Step([0.5f], observation));
    }

    [Fact]
    public void Controls_must_match_the_record()
    {
        Assert.Equal("Engines has 2 numbers; got 1 controls.", Refusal(() => new Descent(MainAndTurn[..1])));
        Assert.Equal("Mixed is no record of floats.", Refusal(() => new Still<Mixed>()));
        Assert.Equal("Switch is no record of floats.", Refusal(() => new Still<Switch>()));
    }

    private static string Refusal(Func<object> make) => Assert.Throws<ArgumentException>(make).Message;

    private enum Switch
    {
        Up = 20,
        Down = -5,
        Middle = 3,
    }

    private readonly record struct Engines(float Main, float Turn);

    private readonly record struct Mixed(float Main, int Turn);

    private readonly record struct Ship(float Height, float Speed);

    private sealed class Switches() : TypedEnvironment<float, Switch>(new Feature<float>("value", -100, 100, value => value))
    {
        protected override float Start(Pcg64 random) => (float)random.Uniform(-1, 1);

        protected override Move<float> Next(float state, Switch action, Pcg64 random) =>
            new((float)action, Reward: 1, Terminated: random.Uniform(0, 1) < 0.1);
    }

    private sealed class Descent(Control[] controls) : ContinuousEnvironment<Ship, Engines>(
        controls, new("height", 0, 10, ship => ship.Height), new("speed", -20, 20, ship => ship.Speed))
    {
        public Engines Latest { get; private set; }

        protected override Ship Start(Pcg64 random) => new(Height: 10, Speed: (float)random.Uniform(-1, 1));

        protected override Move<Ship> Next(Ship state, Engines action, Pcg64 random)
        {
            Latest = action;
            float speed = Math.Clamp(state.Speed - 0.5f + action.Main, -20, 20);
            var next = new Ship(Math.Clamp(state.Height + (0.1f * speed), 0, 10), speed);
            return new Move<Ship>(next, Reward: -Math.Abs(action.Turn), Terminated: next.Height == 0);
        }
    }

    private sealed class Still<TAction>() : ContinuousEnvironment<float, TAction>(
        MainAndTurn, new Feature<float>("value", -1, 1, value => value))
        where TAction : unmanaged
    {
        protected override float Start(Pcg64 random) => 0;

        protected override Move<float> Next(float state, TAction action, Pcg64 random) => new(state, Reward: 0);
    }
}
