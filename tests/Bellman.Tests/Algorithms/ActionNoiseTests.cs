using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Tests.Algorithms;

public sealed class ActionNoiseTests
{
    [Fact]
    public void Normal_noise_has_its_deviation_and_no_memory()
    {
        (double deviation, double correlation) = Measure(new ActionNoise(ActionNoiseKind.Normal, 0.1, copies: 1, actionSize: 1), 100_000);
        Assert.Equal(0.1, deviation, 0.002);
        Assert.Equal(0, correlation, 0.01);
    }

    [Fact]
    public void Correlated_noise_reaches_its_deviation_and_remembers_the_step_before()
    {
        // x ← (1 − θΔt)·x + σ√Δt·N: correlation 1 − 0.0015, variance σ²Δt / (1 − 0.9985²) = 0.003335 σ²·1000.
        (double deviation, double correlation) =
            Measure(new ActionNoise(ActionNoiseKind.OrnsteinUhlenbeck, 0.1, copies: 1, actionSize: 1), 4_000_000);
        Assert.Equal(0.1 * Math.Sqrt(0.01 / (1 - (0.9985 * 0.9985))), deviation, 0.01);
        Assert.Equal(0.9985, correlation, 0.0005);
    }

    [Fact]
    public void Correlated_noise_takes_the_steps_of_its_equation()
    {
        var normals = new Pcg64(3);
        double first = 0.5 * 0.1 * normals.StandardNormal();
        double second = (first * (1 - 0.0015)) + (0.5 * 0.1 * normals.StandardNormal());
        var noise = new ActionNoise(ActionNoiseKind.OrnsteinUhlenbeck, 0.5, copies: 1, actionSize: 1);
        var random = new Pcg64(3);
        float[] action = [0];
        noise.AddTo(action, random);
        Assert.Equal(first, action[0], 1e-7);
        action[0] = 0;
        noise.AddTo(action, random);
        Assert.Equal(second, action[0], 1e-7);
    }

    [Fact]
    public void The_end_of_an_episode_resets_the_noise_of_its_copy_alone()
    {
        var noise = new ActionNoise(ActionNoiseKind.OrnsteinUhlenbeck, 1, copies: 2, actionSize: 2);
        noise.AddTo(new float[4], new Pcg64(1));
        noise.Reset(copy: 1);
        using var stream = new MemoryStream();
        noise.Visit(new StateWriter(stream));
        var again = new ActionNoise(ActionNoiseKind.OrnsteinUhlenbeck, 1, copies: 2, actionSize: 2);
        stream.Position = 0;
        again.Visit(new StateReader(stream, stream.Length));
        Assert.Equal(StateHash.Of(noise), StateHash.Of(again));

        float[] next = new float[4];
        again.AddTo(next, new Pcg64(2));
        float[] fresh = new float[4];
        new ActionNoise(ActionNoiseKind.OrnsteinUhlenbeck, 1, copies: 2, actionSize: 2).AddTo(fresh, new Pcg64(2));
        Assert.NotEqual(fresh[..2], next[..2]);
        Assert.Equal(fresh[2..], next[2..]);
    }

    [Fact]
    public void Noisy_actions_stay_within_their_limits()
    {
        float[] actions = [0.9f, -0.9f, 0.9f, -0.9f];
        new ActionNoise(ActionNoiseKind.Normal, 10, copies: 2, actionSize: 2).AddTo(actions, new Pcg64(1));
        Assert.All(actions, action => Assert.InRange(action, -1, 1));
        new ActionNoise(ActionNoiseKind.None, 10, copies: 2, actionSize: 2).AddTo(actions = [0.5f], new Pcg64(1));
        Assert.Equal(0.5f, actions[0]);
    }

    [Fact]
    public void Actions_are_scaled_by_the_bounds_of_each_coordinate()
    {
        var scale = new ActionScale("sac", new Box([-2, 0], [2, 10]));
        Tensor actions = Tensor.From([-1, -1, 0.5f, 0.5f, 1, 1], 3, 2);
        scale.ToBox(actions);
        Assert.Equal([-2, 0, 1, 7.5f, 2, 10], actions.ToArray());
        scale.ToUnit(actions);
        Assert.Equal([-1, -1, 0.5f, 0.5f, 1, 1], actions.ToArray());
    }

    private static (double Deviation, double Correlation) Measure(ActionNoise noise, int count)
    {
        var random = new Pcg64(5);
        double squares = 0;
        double products = 0;
        float previous = 0;
        float[] action = [0];
        for (int i = 0; i < count; i++)
        {
            action[0] = 0;
            noise.AddTo(action, random);
            squares += action[0] * action[0];
            products += action[0] * previous;
            previous = action[0];
        }

        return (Math.Sqrt(squares / count), products / squares);
    }
}
