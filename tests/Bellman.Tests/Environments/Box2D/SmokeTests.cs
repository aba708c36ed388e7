using Bellman.Environments;

namespace Bellman.Tests.Environments.Box2D;

/// <summary>Smoke as Gymnasium draws it: life begins at the throttle and loses 0.15 with every picture, the first one included.</summary>
public sealed class SmokeTests
{
    /// <summary>(255·max(0.2, 0.15 + life), 255·max(0.2, life / 2), the same), rounded down, for lives 0.85, 0.7, … 0.1.</summary>
    private static readonly (byte Red, byte Glow)[] Fading = [(255, 108), (216, 89), (178, 70), (140, 51), (101, 51), (63, 51)];

    [Fact]
    public void A_puff_fades_over_six_pictures_and_is_gone_in_the_seventh()
    {
        IEnvironment lander = Start("LunarLander-v3");
        for (int picture = 0; picture < Fading.Length; picture++)
        {
            Step(lander, picture == 0 ? 2 : 0);
            HashSet<(byte, byte, byte)> colours = Colours(lander);
            for (int age = 0; age < Fading.Length; age++)
            {
                Assert.Equal(age == picture, colours.Contains((Fading[age].Red, Fading[age].Glow, Fading[age].Glow)));
            }
        }

        Step(lander, 0);
        Assert.DoesNotContain(Colours(lander), colour => colour.Green == colour.Blue && Fading.Contains((colour.Red, colour.Green)));
    }

    [Fact]
    public void Every_firing_leaves_a_puff_of_its_own()
    {
        IEnvironment lander = Start("LunarLander-v3");
        for (int i = 0; i < 20; i++) Step(lander, 2);
        HashSet<(byte, byte, byte)> colours = Colours(lander);
        foreach ((byte red, byte glow) in Fading) Assert.Contains((red, glow, glow), colours);
    }

    [Fact]
    public void A_weak_puff_stays_dark_until_the_one_before_it_is_gone()
    {
        // Half throttle lives for 0.505: below zero from its fourth picture on, the fifth of all, when the strong puff still has two.
        IEnvironment lander = Start("LunarLanderContinuous-v3");
        Step(lander, 1, 0);
        Step(lander, 0.01f, 0);
        for (int picture = 3; picture <= 7; picture++)
        {
            Step(lander, -1, 0);
            Assert.Equal(picture is 5 or 6, Colours(lander).Contains((51, 51, 51)));
        }
    }

    [Fact]
    public void Smoke_does_not_sink_into_the_ground()
    {
        // Falling, then braking just above the ground: the puffs hit it.
        IEnvironment lander = Start("LunarLander-v3");
        var observation = new float[8];
        int smoke = 0;
        for (int i = 0; i < 90; i++)
        {
            bool brakes = i >= 60;
            if (lander.Step([brakes ? 2 : 0], observation).Terminated) break;
            if (brakes) smoke += CountSmokeInTheSky(Picture(lander, out int width), width);
        }

        Assert.True(smoke > 100);
    }

    // Eight pixels above smoke, twice its diameter, is never the white moon.
    private static int CountSmokeInTheSky(byte[] pixels, int width)
    {
        int count = 0;
        for (int i = 8 * width; i < pixels.Length / 3; i++)
        {
            if (!Fading.Contains((pixels[3 * i], pixels[(3 * i) + 1])) || pixels[(3 * i) + 1] != pixels[(3 * i) + 2]) continue;
            count++;
            bool isBuried = pixels.AsSpan(3 * (i - (8 * width)), 3).IndexOfAnyExcept((byte)255) < 0;
            Assert.False(isBuried, $"smoke at ({i % width}, {i / width}) lies under white ground");
        }

        return count;
    }

    private static IEnvironment Start(string id)
    {
        IEnvironment lander = Registry.Find(id).Make();
        lander.Reset(new float[8], seed: 3);
        return lander;
    }

    private static void Step(IEnvironment lander, params float[] action) => lander.Step(action, new float[8]);

    private static byte[] Picture(IEnvironment lander, out int width)
    {
        IRenderable renderable = lander.Find<IRenderable>()!;
        width = renderable.Width;
        var pixels = new byte[renderable.Width * renderable.Height * 3];
        renderable.Render(pixels);
        return pixels;
    }

    private static HashSet<(byte Red, byte Green, byte Blue)> Colours(IEnvironment lander)
    {
        byte[] pixels = Picture(lander, out _);
        HashSet<(byte, byte, byte)> colours = [];
        for (int i = 0; i < pixels.Length; i += 3) colours.Add((pixels[i], pixels[i + 1], pixels[i + 2]));
        return colours;
    }
}
