namespace Bellman.Environments.Box2D;

/// <summary>The variants of <see cref="LunarLander"/>, with Gymnasium's names and defaults.</summary>
public sealed record LunarLanderOptions
{
    /// <summary>Two throttles in [−1, 1] instead of four actions.</summary>
    public bool Continuous { get; init; }

    /// <summary>Between −12 and 0, both excluded; m/s².</summary>
    public double Gravity { get; init; } = -10;

    /// <summary>Whether wind pushes and turns the lander while it flies.</summary>
    public bool EnableWind { get; init; }

    /// <summary>The strongest push, newtons. Beyond [0, 20] a landing may be out of reach.</summary>
    public double WindPower { get; init; } = 15;

    /// <summary>The strongest turn, newton metres. Beyond [0, 2] a landing may be out of reach.</summary>
    public double TurbulencePower { get; init; } = 1.5;

    /// <summary>What is allowed but hardly meant, one sentence each.</summary>
    public IEnumerable<string> Warnings
    {
        get
        {
            if (WindPower is not (>= 0 and <= 20)) yield return $"wind_power is best between 0 and 20; got {WindPower}.";
            if (TurbulencePower is not (>= 0 and <= 2))
            {
                yield return $"turbulence_power is best between 0 and 2; got {TurbulencePower}.";
            }
        }
    }

    internal void Check()
    {
        if (Gravity is not (> -12 and < 0))
        {
            throw new ArgumentException($"LunarLander expects gravity between -12 and 0, both excluded; got {Gravity}.");
        }

        RequireFinite("wind_power", WindPower);
        RequireFinite("turbulence_power", TurbulencePower);
    }

    private static void RequireFinite(string name, double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentException($"LunarLander expects a finite {name}; got {value}.");
    }
}
