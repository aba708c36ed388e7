using Bellman.Environments;
using Bellman.Environments.ClassicControl;
using Bellman.Environments.Rendering;
using Bellman.Environments.Visual;
using Bellman.Experience;
using Bellman.Neural.Random;

namespace Bellman.Tests.Environments.Visual;

public sealed class VisualCartPoleTests
{
    private const int Pixels = 40 * 90 * 3;

    [Theory]
    [InlineData(0, 120)]
    [InlineData(1, 120)]
    [InlineData(-1, 300)]
    public void The_drawn_window_has_the_bytes_of_the_cut_screen(int action, int steps)
    {
        var quick = new CartPoleScreen(new CartPole());
        IEnvironment slow = CartPoleScreen.ByWrappers(new CartPole());
        Assert.Equal("Box(0, 255, (40, 90, 3), uint8)", quick.ObservationSpace.ToString());
        Assert.Equal(slow.ObservationSpace.ToString(), quick.ObservationSpace.ToString());
        var fast = new float[Pixels];
        var whole = new float[Pixels];
        var random = new Pcg64(1);
        quick.Reset(fast, seed: 4);
        slow.Reset(whole, seed: 4);
        for (int i = 0; i < steps; i++)
        {
            Assert.Equal(whole, fast);
            float taken = action < 0 ? random.Integers(2) : action;
            StepResult result = quick.Step([taken], fast);
            Assert.Equal(result, slow.Step([taken], whole));
            if (!result.Terminated) continue;
            Assert.Equal(whole, fast);
            quick.Reset(fast);
            slow.Reset(whole);
        }
    }

    [Theory]
    [InlineData(-2.6, 0)]
    [InlineData(-2.4, 0)]
    [InlineData(-0.961, 0)]
    [InlineData(-0.96, 0)]
    [InlineData(-0.95, 1)]
    [InlineData(0, 120)]
    [InlineData(0.0079, 120)]
    [InlineData(0.008, 121)]
    [InlineData(0.96, 240)]
    [InlineData(2.4, 240)]
    [InlineData(2.6, 240)]
    public void The_window_follows_the_cart_and_stops_at_the_sides(double position, int left)
    {
        // 60 % of 600 columns are 360; the cart's middle is at 300 + 125 · position, cut off.
        foreach (double angle in (double[])[-0.4, -0.05, 0, 0.2, 0.4])
        {
            byte[] whole = new byte[600 * 400 * 3];
            CartPoleRenderer.Draw(whole, position, angle);
            byte[] window = new byte[360 * 160 * 3];
            CartPoleRenderer.DrawWindow(window, top: 160, left, height: 160, width: 360, position, angle);
            for (int row = 0; row < 160; row++)
            {
                ReadOnlySpan<byte> expected = whole.AsSpan((((160 + row) * 600) + left) * 3, 360 * 3);
                Assert.True(expected.SequenceEqual(window.AsSpan(row * 360 * 3, 360 * 3)), $"row {row}, angle {angle}");
            }
        }

        Assert.Equal(left, Math.Clamp((int)CartPoleRenderer.Column(position) - 180, 0, 240));
    }

    [Fact]
    public void An_observation_is_the_difference_of_two_screens()
    {
        IEnvironment environment = Registry.Find("VisualCartPole-v1").Make();
        Assert.Equal("[3, 40, 90]", environment.ObservationSpace.Shape.ToString());
        IEnvironment screens = new CartPoleScreen(new CartPole());
        var difference = new float[Pixels];
        var previous = new float[Pixels];
        var present = new float[Pixels];
        environment.Reset(difference, seed: 8);
        screens.Reset(previous, seed: 8);
        Assert.All(difference, value => Assert.Equal(0, value));
        for (int i = 0; i < 8; i++)
        {
            environment.Step([1], difference);
            screens.Step([1], present);
            for (int channel = 0; channel < 3; channel++)
            {
                for (int pixel = 0; pixel < 40 * 90; pixel++)
                {
                    int at = (pixel * 3) + channel;
                    Assert.Equal((present[at] - previous[at]) / 255, difference[(channel * 40 * 90) + pixel]);
                }
            }

            present.CopyTo(previous, 0);
        }

        Assert.Contains(difference, value => value != 0);
    }

    [Fact]
    public void A_stack_shows_the_latest_differences_the_newest_last()
    {
        IEnvironment single = Registry.Find("VisualCartPole-v1").Make();
        IEnvironment stacked = Registry.Find("VisualCartPole-v1").Make([KeyValuePair.Create("stack", (object)2)]);
        Assert.Equal("[6, 40, 90]", stacked.ObservationSpace.Shape.ToString());
        var difference = new float[Pixels];
        var pair = new float[2 * Pixels];
        single.Reset(difference, seed: 5);
        stacked.Reset(pair, seed: 5);
        for (int i = 0; i < 4; i++)
        {
            float[] before = [.. difference];
            single.Step([i % 2], difference);
            stacked.Step([i % 2], pair);
            Assert.Equal(before, pair[..Pixels]);
            Assert.Equal(difference, pair[Pixels..]);
        }
    }

    [Fact]
    public void A_stack_of_nothing_is_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Registry.Find("VisualCartPole-v0").Make([KeyValuePair.Create("stack", (object)0)]));
        Assert.StartsWith("A stack shows at least one frame; got 0.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("VisualCartPole-v0", 200)]
    [InlineData("VisualCartPole-v1", 500)]
    public void Limits_and_dynamics_are_CartPoles(string id, int limit)
    {
        Assert.Equal(limit, Registry.Find(id).MaxEpisodeSteps);
        IEnvironment seen = Registry.Find(id).Make();
        IEnvironment measured = Registry.Find(id["Visual".Length..]).Make();
        var picture = new float[Pixels];
        var numbers = new float[4];
        seen.Reset(picture, seed: 21);
        measured.Reset(numbers, seed: 21);
        StepResult result;
        do
        {
            result = measured.Step([0], numbers);
            Assert.Equal(result, seen.Step([0], picture));
        }
        while (!result.Terminated);
    }

    [Fact]
    public void Every_difference_has_its_number_again()
    {
        Box space = Box.Differences(new(511));
        float[] differences = [.. Enumerable.Range(-255, 511).Select(n => n / 255f)];
        Assert.True(space.Contains(differences));
        short[] numbers = new short[511];
        float[] back = new float[511];
        PixelMath.ToLevels(differences, numbers, space.Levels);
        PixelMath.FromLevels(numbers, back, space.Levels);
        Assert.Equal(Enumerable.Range(-255, 511).Select(n => (short)n), numbers);
        Assert.Equal(differences, back);

        var memory = new FrameStore(3, space);
        memory.Write(1, differences);
        Array.Clear(back);
        memory.Read(1, back);
        Assert.Equal(differences, back);
        differences[0] = -0.999f;
        Assert.False(space.Contains(differences));
    }

    [Fact]
    public void Only_CartPole_has_a_cart() =>
        Assert.Contains("shows CartPole", Assert.Throws<ArgumentException>(() => new CartPoleScreen(new Pendulum())).Message);
}
