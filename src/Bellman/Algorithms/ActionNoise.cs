using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Algorithms;

/// <summary>What is added to the actions taken in training.</summary>
public enum ActionNoiseKind
{
    None,

    /// <summary>Independent normal numbers.</summary>
    Normal,

    /// <summary>Normal numbers that are correlated in time: Uhlenbeck &amp; Ornstein 1930, as Lillicrap et al. 2016 use it.</summary>
    OrnsteinUhlenbeck,
}

/// <summary>Noise on actions in [−1, 1], for every copy of the environment its own.</summary>
/// <remarks>
/// The correlated kind pulls back to zero as it wanders: x ← x − θ·x·Δt + σ·√Δt·N(0, 1), with θ = 0.15 and Δt = 0.01 as in
/// Stable-Baselines3. Left alone for long it has the deviation σ / √(2θ).
/// </remarks>
internal sealed class ActionNoise : IStateful
{
    /// <summary>θ: how strongly the correlated noise is pulled back to zero.</summary>
    private const double Theta = 0.15;

    /// <summary>Δt: how much time passes in a step.</summary>
    private const double TimeStep = 0.01;

    private readonly ActionNoiseKind kind;
    private readonly double sigma;
    private readonly int actionSize;
    private readonly double[] noise;

    /// <param name="kind">Independent or correlated.</param>
    /// <param name="sigma">σ ≥ 0 on the scale of [−1, 1].</param>
    /// <param name="copies">Environments stepped together.</param>
    /// <param name="actionSize">Numbers of an action.</param>
    public ActionNoise(ActionNoiseKind kind, double sigma, int copies, int actionSize)
    {
        this.kind = kind;
        this.sigma = sigma;
        this.actionSize = actionSize;
        noise = new double[kind == ActionNoiseKind.OrnsteinUhlenbeck ? copies * actionSize : 0];
    }

    /// <summary>Adds noise and limits the result to [−1, 1].</summary>
    /// <param name="actions">[copies, action], row-major.</param>
    /// <param name="random">Draws the noise.</param>
    public void AddTo(Span<float> actions, Pcg64 random)
    {
        if (kind == ActionNoiseKind.None) return;
        for (int i = 0; i < actions.Length; i++)
        {
            actions[i] = Math.Clamp(actions[i] + (float)Next(i, random), -1, 1);
        }
    }

    /// <summary>The episode of a copy has ended: its correlated noise starts from zero.</summary>
    public void Reset(int copy)
    {
        if (kind == ActionNoiseKind.OrnsteinUhlenbeck) Array.Clear(noise, copy * actionSize, actionSize);
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Values(nameof(noise), noise.AsSpan());
    }

    private double Next(int i, Pcg64 random)
    {
        if (kind == ActionNoiseKind.Normal) return sigma * random.StandardNormal();
        return noise[i] += (-Theta * noise[i] * TimeStep) + (sigma * Math.Sqrt(TimeStep) * random.StandardNormal());
    }
}
