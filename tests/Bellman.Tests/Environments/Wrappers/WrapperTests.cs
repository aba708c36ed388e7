using Bellman.Environments;
using Bellman.Environments.ClassicControl;
using Bellman.Environments.ToyText;
using Bellman.Environments.Wrappers;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Tests.Environments.Rendering;

namespace Bellman.Tests.Environments.Wrappers;

public sealed class WrapperTests
{
    private static readonly Box Wide = new([-2], [6]);

    public static TheoryData<string> Names => new(All().Select(entry => entry.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrapped_environment_keeps_the_rules(string name) =>
        Assert.Empty(EnvironmentCheck.Run(All().First(entry => entry.Name == name).Make));

    [Fact]
    public void ClipAction_limits_to_the_bounds() => Assert.Equal([1, 6], Take(new ClipAction(new Counter(Wide)), 50));

    [Fact]
    public void RescaleAction_maps_the_ends_and_the_middle()
    {
        Assert.Equal([1, -2], Take(new RescaleAction(new Counter(Wide)), -1));
        Assert.Equal([1, 2], Take(new RescaleAction(new Counter(Wide)), 0));
        Assert.Equal([1, 6], Take(new RescaleAction(new Counter(Wide)), 1));
    }

    [Fact]
    public void RepeatAction_sums_rewards_and_stops_at_the_end()
    {
        var environment = new RepeatAction(new Counter(), 4);
        var observation = new float[2];
        environment.Reset(observation);
        Assert.Equal(new StepResult(10, Terminated: false), environment.Step([1], observation));
        Assert.Equal(26, environment.Step([1], observation).Reward);
        Assert.Equal(new StepResult(9, Terminated: true), environment.Step([1], observation));
    }

    [Fact]
    public void FrameStack_repeats_the_first_observation_and_shifts()
    {
        var environment = new FrameStack(new Counter(), 3);
        Assert.Equal("[3, 2]", environment.ObservationSpace.Shape.ToString());
        var observation = new float[6];
        environment.Reset(observation);
        environment.Step([1], observation);
        environment.Step([2], observation);
        Assert.Equal([0, 0, 1, 1, 2, 2], observation);
    }

    [Fact]
    public void FrameStack_joins_the_channels_of_pictures_where_it_is_told_to()
    {
        IEnvironment pictures = Registry.Find("VisualCartPole-v1").Make();
        Assert.Equal("[4, 3, 40, 90]", new FrameStack(pictures, 4).ObservationSpace.Shape.ToString());
        var joined = (Box)new FrameStack(pictures, 4, joinChannels: true).ObservationSpace;
        Assert.Equal("[12, 40, 90]", joined.Shape.ToString());
        Assert.Equal(4, joined.StackedFrames);
        Assert.Equal(3 * 40 * 90, joined.FrameSize);
    }

    [Fact]
    public void Rewards_are_clipped_or_signed_or_transformed()
    {
        Assert.Equal(1, Reward(new ClipReward(new TransformReward(new Counter(), reward => reward * 5))));
        Assert.Equal(-1, Reward(ClipReward.ToSign(new TransformReward(new Counter(), reward => -7 * reward))));
        Assert.Equal(0.5, Reward(new TransformReward(new Counter(), reward => reward / 2)));
    }

    [Fact]
    public void OneHot_sets_one_place()
    {
        var environment = new OneHot(new CliffWalking());
        var observation = new float[48];
        environment.Reset(observation, seed: 0);
        Assert.Equal(1, observation[36]);
        environment.Step([0], observation);
        Assert.Equal(1, observation[24]);
        Assert.Equal(1, observation.Sum());
    }

    [Fact]
    public void FlattenObservation_writes_discrete_parts_as_zeros_with_a_one()
    {
        var environment = new FlattenObservation(new Blackjack());
        var observation = new float[environment.ObservationSpace.FlatSize];
        environment.Reset(observation, seed: 3);
        float[] seen = new Gym(new Blackjack()).Reset(seed: 3);

        // A sum up to 31, a card up to 10, an ace or none.
        float[] expected = new float[32 + 11 + 2];
        expected[(int)seen[0]] = 1;
        expected[32 + (int)seen[1]] = 1;
        expected[32 + 11 + (int)seen[2]] = 1;
        Assert.Equal(expected, observation);
        Assert.Equal("Box(0.0, 1.0, (45,), float32)", environment.ObservationSpace.ToString());
    }

    [Fact]
    public void TimeAware_adds_the_share_of_the_limit()
    {
        var environment = new TimeAware(new TimeLimit(new Counter(), 4));
        var observation = new float[3];
        environment.Reset(observation);
        Assert.Equal(0, observation[2]);
        environment.Step([1], observation);
        Assert.Equal([1, 1, 0.25f], observation);
    }

    [Fact]
    public void MaxAndSkip_shows_the_larger_of_the_last_two()
    {
        var environment = new MaxAndSkip(new Counter(), 4);
        var observation = new float[2];
        environment.Reset(observation);
        Assert.Equal(10, environment.Step([2], observation).Reward);
        Assert.Equal([4, 2], observation);
    }

    [Fact]
    public void EpisodicLife_ends_at_a_lost_life_and_plays_on()
    {
        var environment = new EpisodicLife(new Counter());
        var observation = new float[2];
        environment.Reset(observation, seed: 0);
        Assert.False(environment.Step([1], observation).Terminated);
        Assert.False(environment.Step([1], observation).Terminated);
        Assert.True(environment.Step([1], observation).Terminated);
        environment.Reset(observation);
        Assert.Equal(4, observation[0]);
    }

    [Fact]
    public void NoopReset_takes_one_to_the_most_steps()
    {
        var environment = new NoopReset(new Counter(), 5);
        var observation = new float[2];
        environment.Reset(observation, seed: 3);
        Assert.InRange(observation[0], 1, 5);
    }

    [Fact]
    public void FireReset_takes_the_actions_1_and_2()
    {
        var environment = new FireReset(new Counter());
        var observation = new float[2];
        environment.Reset(observation);
        Assert.Equal([2, 2], observation);
    }

    [Fact]
    public void StickyAction_repeats_about_as_often_as_told()
    {
        var environment = new StickyAction(new Counter(), 0.25);
        var observation = new float[2];
        environment.Reset(observation, seed: 1);
        int stuck = 0;
        for (int i = 0; i < 4000; i++)
        {
            int action = i % 3;
            if (environment.Step([action], observation).Terminated) environment.Reset(observation);
            else if (observation[1] != action) stuck++;
        }

        Assert.InRange(stuck, 700, 1000);
    }

    [Fact]
    public void RecordEpisodeStatistics_counts()
    {
        var environment = new RecordEpisodeStatistics(new Counter());
        var observation = new float[2];
        environment.Reset(observation);
        for (int i = 0; i < 9; i++) environment.Step([1], observation);
        Assert.Equal(45, environment.EpisodeReturn);
        Assert.Equal(9, environment.EpisodeLength);
    }

    [Fact]
    public void Pictures_become_observations_grey_and_small()
    {
        var colored = new AddRenderObservation(new TimeLimit(new CartPole(), 500));
        Assert.Equal("Box(0, 255, (400, 600, 3), uint8)", colored.ObservationSpace.ToString());
        var grey = new ResizeObservation(new GrayscaleObservation(colored), 84, 84);
        var observation = new float[84 * 84];
        grey.Reset(observation, seed: 0);
        Assert.True(grey.ObservationSpace.Contains(observation));
        Assert.Equal(255, observation[0]);
        Assert.Contains(observation, value => value < 50);
    }

    [Fact]
    public void RecordVideo_films_every_second_episode()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        using (var environment = new RecordVideo(new TimeLimit(new CartPole(), 3), folder, every: 2))
        {
            var observation = new float[4];
            for (int episode = 0; episode < 3; episode++)
            {
                environment.Reset(observation, seed: 0);
                while (!environment.Step([0], observation).Truncated)
                {
                }
            }
        }

        Assert.Equal(["episode-0.gif", "episode-2.gif"], Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_film_of_every_fourth_frame_takes_as_long_as_the_game()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        IEnvironment game = Gym.Make("Sentry-v0").Environment;
        using (var environment = new RecordVideo(new RepeatAction(game, 2), folder))
        {
            environment.Reset([], seed: 1);
            for (int decision = 0; decision < 14; decision++)
            {
                environment.Step([0], []);
            }
        }

        // 15 pictures, each of 2 × 4 frames of 1/60 s.
        List<int> delays = GifReader.Read(File.ReadAllBytes(Path.Combine(folder, "episode-0.gif"))).Delays;
        Assert.Equal(15, delays.Count);
        Assert.Equal(200, delays.Sum());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Wrong_spaces_are_refused()
    {
        Assert.Contains("Box", Assert.Throws<ArgumentException>(() => new ClipAction(new CartPole())).Message);
        Assert.Contains("Discrete", Assert.Throws<ArgumentException>(() => new OneHot(new CartPole())).Message);
        Assert.Contains("images", Assert.Throws<ArgumentException>(() => new GrayscaleObservation(new CartPole())).Message);
        Assert.Contains("time limit", Assert.Throws<ArgumentException>(() => new TimeAware(new CartPole())).Message);
    }

    [Fact]
    public void Counts_of_nothing_are_refused_in_plain_words()
    {
        Assert.StartsWith("An action is taken for at least one frame; got 0.", Refused(() => new MaxAndSkip(new CartPole(), 0)));
        Assert.StartsWith("The most no-ops of a beginning are at least one; got -1.", Refused(() => new NoopReset(new CartPole(), -1)));
        Assert.StartsWith("An action is taken at least once; got 0 times.", Refused(() => new RepeatAction(new CartPole(), 0)));
        Assert.StartsWith("An episode has at least one step; got a limit of 0.", Refused(() => new TimeLimit(new CartPole(), 0)));

        static string Refused(Func<IEnvironment> make) => Assert.Throws<ArgumentOutOfRangeException>(make).Message;
    }

    [Fact]
    public void Normalization_follows_the_batches_and_freezes()
    {
        var counter = new Counter();
        var normalization = new Normalization(counter.ObservationSpace, discount: 0.5);
        using var environments = new VectorEnvironment(() => new Counter(), 2, normalization: normalization);
        environments.Reset(seed: 0);
        environments.Step();

        // Batches of zeros and of ones in the first column: the count starts at 0.0001 with mean 0 and variance 1.
        Assert.Equal(2 / 4.0001, normalization.Means[0], 1e-12);
        double variance = (0.0001 + (2.0001 * 2 / 4.0001)) / 4.0001;
        Assert.Equal(variance, normalization.Variances[0], 1e-12);
        Assert.Equal((1 - (2 / 4.0001)) / Math.Sqrt(variance), environments.Observations[0, 0], 1e-5);
        Assert.Equal(environments.Observations[0, 0], environments.NextObservations[0, 0]);
        normalization.Freeze();
        environments.Step();
        Assert.Equal(2 / 4.0001, normalization.Means[0], 1e-12);
    }

    private static (string Name, Func<IEnvironment> Make)[] All() =>
    [
        ("RecordEpisodeStatistics", () => new RecordEpisodeStatistics(new CartPole())),
        ("ClipAction", () => new ClipAction(new TimeLimit(new Pendulum(), 50))),
        ("RescaleAction", () => new RescaleAction(new TimeLimit(new Pendulum(), 50))),
        ("TransformReward", () => new TransformReward(new CartPole(), reward => reward + 1)),
        ("ClipReward", () => new ClipReward(new CartPole())),
        ("FlattenObservation", () => new FlattenObservation(new FrameStack(new CartPole(), 2))),
        ("FlattenObservation of parts", () => new FlattenObservation(new Blackjack())),
        ("OneHot", () => new OneHot(new FrozenLake())),
        ("TimeAware", () => new TimeAware(new TimeLimit(new CartPole(), 20))),
        ("RepeatAction", () => new RepeatAction(new CartPole(), 3)),
        ("StickyAction", () => new StickyAction(new CartPole())),
        ("FrameStack", () => new FrameStack(new CartPole(), 4)),
        ("MaxAndSkip", () => new MaxAndSkip(new CartPole(), 2)),
        ("NoopReset", () => new NoopReset(new CartPole(), 3)),
        ("EpisodicLife", () => new EpisodicLife(new TimeLimit(new Lively(), 100))),
        ("FireReset", () => new FireReset(new MountainCar())),
        ("TransformObservation", () => new TransformObservation(new CartPole(), (from, to) => from.CopyTo(to))),
    ];

    private static float[] Take(IEnvironment environment, float action)
    {
        var observation = new float[environment.ObservationSpace.FlatSize];
        environment.Reset(observation);
        environment.Step([action], observation);
        return observation;
    }

    private static double Reward(IEnvironment environment)
    {
        var observation = new float[environment.ObservationSpace.FlatSize];
        environment.Reset(observation);
        return environment.Step([1], observation).Reward;
    }

    /// <summary>A random walk with three lives, which keeps the rules.</summary>
    private sealed class Lively : IEnvironment, IStateful, ILives
    {
        private Pcg64 random = new(0);
        private float place;
        private bool isRunning;
        private int lives;

        public Space ObservationSpace { get; } = new Box(0, 1, new Shape(1));

        public Space ActionSpace { get; } = new Discrete(2);

        public int Lives => lives;

        public void Reset(Span<float> observation, ulong? seed = null)
        {
            if (seed is ulong value) random = new Pcg64(value);
            lives = 3;
            isRunning = true;
            observation[0] = place = random.NextSingle();
        }

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            Guard.Running(isRunning);
            Guard.Index(action, (Discrete)ActionSpace);
            observation[0] = place = random.NextSingle();
            if (place < 0.1f) lives--;
            isRunning = lives > 0;
            return new StepResult(place, !isRunning);
        }

        public void Visit(IStateVisitor state)
        {
            state.Part(nameof(random), random);
            state.Value(nameof(place), ref place);
            state.Value(nameof(isRunning), ref isRunning);
            state.Value(nameof(lives), ref lives);
        }
    }
}
