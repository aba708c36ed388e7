using Bellman.Environments;
using Bellman.Environments.Arcade;
using Bellman.Environments.ClassicControl;
using Bellman.Environments.Rendering;
using Bellman.Environments.ToyText;
using Bellman.Environments.Wrappers;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Tests.Environments.Wrappers;

public sealed class PictureWrapperTests
{
    public static TheoryData<string> Names => new(All().Select(entry => entry.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrapped_environment_keeps_the_rules(string name) =>
        Assert.Empty(EnvironmentCheck.Run(Make(name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Bytes_and_floats_take_different_ways_to_the_same_picture(string name)
    {
        IEnvironment byBytes = Make(name)();
        IEnvironment byFloats = All(game => new OnlyFloats(game)).First(entry => entry.Name == name).Make();
        var one = new Gym(byBytes);
        var other = new Gym(byFloats);
        var actions = new Pcg64(3);
        Assert.Equal(other.Reset(seed: 6), one.Reset(seed: 6));
        for (int i = 0; i < 200; i++)
        {
            float[] action = byBytes.ActionSpace.Sample(actions);
            (Step expected, Step seen) = (other.Step(action), one.Step(action));
            Assert.Equal((expected.Reward, expected.Terminated, expected.Truncated), (seen.Reward, seen.Terminated, seen.Truncated));
            Assert.Equal(expected.Observation, seen.Observation);
            if (expected.Terminated || expected.Truncated) Assert.Equal(other.Reset(), one.Reset());
        }
    }

    [Fact]
    public void CropObservation_shows_a_rectangle()
    {
        var environment = new CropObservation(new Ramp(), top: 1, left: 2, height: 2, width: 2);
        Assert.Equal([12, 13, 22, 23], new Gym(environment).Reset());
        Assert.Equal("Box(0, 255, (2, 2), uint8)", environment.ObservationSpace.ToString());
    }

    [Fact]
    public void A_moving_rectangle_stops_at_the_sides()
    {
        int left = -7;
        var environment = new Gym(new CropObservation(new Ramp(), top: 0, height: 1, width: 3, () => left));
        Assert.Equal([0, 1, 2], environment.Reset());
        left = 4;
        Assert.Equal([4, 5, 6], environment.Reset());
        left = 8;
        Assert.Equal([7, 8, 9], environment.Reset());
    }

    [Fact]
    public void ChannelsFirst_sorts_colours_apart()
    {
        var environment = new ChannelsFirst(new CropObservation(new AddRenderObservation(new FrozenLake()), 0, 0, 1, 2));
        float[] apart = new Gym(environment).Reset(seed: 0);
        float[] mixed = new Gym(environment.Inner).Reset(seed: 0);
        Assert.Equal([mixed[0], mixed[3], mixed[1], mixed[4], mixed[2], mixed[5]], apart);
        Assert.Equal("[3, 1, 2]", environment.ObservationSpace.Shape.ToString());
    }

    [Fact]
    public void DifferenceObservation_divides_by_255()
    {
        var environment = new Gym(new DifferenceObservation(new CropObservation(new Ramp(), 0, 0, 1, 2)));
        Assert.Equal([0, 0], environment.Reset());
        Assert.Equal([100 / 255f, 100 / 255f], environment.Step(0).Observation);
        Assert.Equal([-100 / 255f, -100 / 255f], environment.Step(0).Observation);
    }

    [Fact]
    public void A_stack_says_where_its_newest_picture_is()
    {
        var environment = new FrameStack(new CropObservation(new Ramp(), 0, 0, 1, 2), 3);
        Box space = Assert.IsType<Box>(environment.ObservationSpace);
        Assert.Equal((3, 2), (space.StackedFrames, space.FrameSize));
        Assert.True(space.IsImage);
        Assert.Equal("[3, 1, 2]", space.Shape.ToString());
        Assert.Equal([0, 1, 0, 1, 0, 1], new Gym(environment).Reset());
        float[] stack = new Gym(environment).Step(0).Observation;
        Assert.Equal([0, 1, 0, 1, 100, 101], stack);
        Assert.Equal([100, 101], stack[^space.FrameSize..]);
        Assert.Equal(1, ((Box)new CartPole().ObservationSpace).StackedFrames);
    }

    [Fact]
    public void MaxAndSkip_shows_the_brighter_of_the_last_two_pictures()
    {
        var environment = new Gym(new MaxAndSkip(new CropObservation(new Ramp(), 0, 0, 1, 2), 4));
        Assert.Equal([0, 1], environment.Reset());
        Step step = environment.Step(0);
        Assert.Equal(4, step.Reward);
        Assert.Equal([100, 101], step.Observation);
    }

    [Fact]
    public void The_Nature_pipeline_stacks_four_pictures_of_84()
    {
        IEnvironment environment = NaturePipeline.Wrap(new TimeLimit(new Paddle(), 1000));
        Assert.Equal("Box(0, 255, (4, 84, 84), uint8)", environment.ObservationSpace.ToString());
        Assert.Equal(4, ((Box)environment.ObservationSpace).StackedFrames);
        string[] layers = [.. Layers(environment)];
        Assert.Equal(
            ["FrameStack", "ClipReward", "FireReset", "EpisodicLife", "MaxAndSkip", "NoopReset", "TimeLimit", "Paddle"], layers);
        layers = [.. Layers(NaturePipeline.Wrap(new AddRenderObservation(new CartPole()), new NatureOptions { NoopMax = 0, ClipReward = false }))];
        Assert.Equal(["FrameStack", "ResizeObservation", "GrayscaleObservation", "MaxAndSkip", "AddRenderObservation", "CartPole"], layers);
    }

    [Fact]
    public void Sentry_does_not_wait_for_fire() =>
        Assert.DoesNotContain("FireReset", Layers(NaturePipeline.Wrap(new Sentry())));

    [Fact]
    public void Evaluation_plays_whole_games_for_their_points()
    {
        EnvironmentSpec spec = Registry.Find("Paddle-v0");
        var actions = new Pcg64(0);
        int lives = 0;
        double clipped = 0;
        IEnvironment training = spec.Make();
        var observation = new float[training.ObservationSpace.FlatSize];
        training.Reset(observation, seed: 1);
        while (training.Find<ILives>()!.Lives > 0)
        {
            StepResult result = training.Step(training.ActionSpace.Sample(actions), observation);
            clipped = Math.Max(clipped, result.Reward);
            if (!result.Terminated) continue;
            lives++;
            if (training.Find<ILives>()!.Lives > 0) training.Reset(observation);
        }

        Assert.Equal(3, lives);
        Assert.Equal(1, clipped);
        IEnvironment whole = spec.MakeForEvaluation();
        whole.Reset(observation, seed: 1);
        while (!whole.Step(whole.ActionSpace.Sample(actions), observation).Terminated)
        {
            Assert.True(whole.Find<ILives>()!.Lives > 0);
        }

        Assert.Equal(0, whole.Find<ILives>()!.Lives);
        Assert.Null(whole.Find<ClipReward>());
    }

    [Fact]
    public void Wrong_pictures_are_refused()
    {
        Assert.Contains("rows 0 to 5", Message(() => new CropObservation(new Ramp(), 0, 0, 5, 2)), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("images", Message(() => new ChannelsFirst(new Ramp())));
        Assert.Contains("images", Message(() => new DifferenceObservation(new CartPole())));
        Assert.Contains("EpisodicLife", Message(() => new WholeGames(new Paddle())));
    }

    private static string Message(Func<object> make) => Assert.Throws<ArgumentException>(() => _ = make()).Message;

    private static IEnumerable<string> Layers(IEnvironment environment)
    {
        for (IEnvironment? layer = environment; layer is not null; layer = (layer as IWrapper)?.Inner)
        {
            yield return layer.GetType().Name;
        }
    }

    private static Func<IEnvironment> Make(string name) => All().First(entry => entry.Name == name).Make;

    private static (string Name, Func<IEnvironment> Make)[] All(Func<IEnvironment, IEnvironment>? around = null)
    {
        around ??= game => game;
        return
        [
            ("CropObservation", () => new CropObservation(around(new Paddle()), 4, 3, 70, 61)),
            ("GrayscaleObservation", () => new GrayscaleObservation(around(new AddRenderObservation(new FrozenLake())))),
            ("ResizeObservation", () => new ResizeObservation(around(new Sentry()), 40, 61)),
            ("ResizeObservation, bicubic", () => new ResizeObservation(around(new Sentry()), 31, 40, Interpolation.Bicubic)),
            ("ChannelsFirst", () => new ChannelsFirst(around(new AddRenderObservation(new FrozenLake())))),
            ("DifferenceObservation", () => new DifferenceObservation(around(new Crossing()))),
            ("FrameStack", () => new FrameStack(around(new Crossing()), 3)),
            ("MaxAndSkip", () => new MaxAndSkip(around(new Sentry()), 3)),
            ("the Nature pipeline", () => NaturePipeline.Wrap(around(new TimeLimit(new Paddle(), 900)))),
            ("whole games", () => NaturePipeline.Wrap(around(new TimeLimit(new Paddle(), 900)), new NatureOptions { WholeGames = true })),
        ];
    }

    /// <summary>Hides that an environment has its pictures as bytes.</summary>
    private sealed class OnlyFloats(IEnvironment inner) : Wrapper(inner);

    /// <summary>Shows 10 · row + column in 4 rows of 10 columns, and 100 more after every other step.</summary>
    private sealed class Ramp : IEnvironment, IStateful
    {
        private int steps;

        public Space ObservationSpace { get; } = Box.Image(new Shape(4, 10));

        public Space ActionSpace { get; } = new Discrete(1);

        public void Reset(Span<float> observation, ulong? seed = null)
        {
            steps = 0;
            Observe(observation);
        }

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            steps++;
            Observe(observation);
            return new StepResult(1, Terminated: false);
        }

        public void Visit(IStateVisitor state) => state.Value(nameof(steps), ref steps);

        private void Observe(Span<float> observation)
        {
            for (int i = 0; i < observation.Length; i++)
            {
                observation[i] = i + (steps % 2 * 100);
            }
        }
    }
}
