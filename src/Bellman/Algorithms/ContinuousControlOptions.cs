namespace Bellman.Algorithms;

/// <summary>
/// Options that <see cref="Ddpg"/>, <see cref="Td3"/> and <see cref="Sac"/> have in common. Names and defaults are those of
/// Stable-Baselines3.
/// </summary>
public abstract record ContinuousControlOptions
{
    private protected ContinuousControlOptions()
    {
    }

    /// <summary>Widths of the hidden layers of actor and critics, each followed by ReLU.</summary>
    public IReadOnlyList<int> NetArch { get; init; } = [400, 300];

    /// <summary>α of actor and critics, ≥ 0; may follow a schedule.</summary>
    public Schedule LearningRate { get; init; } = 1e-3;

    /// <summary>Transitions remembered.</summary>
    public int BufferSize { get; init; } = 1_000_000;

    /// <summary>Environment steps taken at random before the first update.</summary>
    public long LearningStarts { get; init; } = 100;

    /// <summary>Transitions per update.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>τ in (0, 1]: the target networks move this share of the way at each of their updates.</summary>
    public double Tau { get; init; } = 0.005;

    /// <summary>γ in [0, 1].</summary>
    public double Gamma { get; init; } = 0.99;

    /// <summary>Steps of every environment between two rounds of updates.</summary>
    public int TrainFreq { get; init; } = 1;

    /// <summary>Updates in a round; −1 for as many as environment steps since the last round.</summary>
    public int GradientSteps { get; init; } = 1;

    /// <summary>n ≥ 1 of the n-step return that the critics learn.</summary>
    public int NSteps { get; init; } = 1;

    /// <summary>Noise on the actions taken in training.</summary>
    public ActionNoiseKind ActionNoise { get; init; }

    /// <summary>σ ≥ 0 of that noise, on actions scaled to [−1, 1].</summary>
    public double ActionNoiseSigma { get; init; } = 0.1;

    /// <summary>Refuses values outside of their ranges.</summary>
    /// <exception cref="OptionException">Names the option, its range and the value.</exception>
    internal virtual void Validate()
    {
        foreach (int width in NetArch)
        {
            Require.AtLeast(1, width, nameof(NetArch));
        }

        Require.AtLeast(0, LearningRate.Start, nameof(LearningRate));
        Require.AtLeast(0, LearningRate.End, nameof(LearningRate));
        Require.AtLeast(1, BufferSize, nameof(BufferSize));
        Require.AtLeast(0, LearningStarts, nameof(LearningStarts));
        Require.AtLeast(1, BatchSize, nameof(BatchSize));
        Require.Share(Tau, nameof(Tau));
        Require.Within(0, 1, Gamma, nameof(Gamma));
        Require.AtLeast(1, TrainFreq, nameof(TrainFreq));
        if (GradientSteps != -1) Require.AtLeast(1, GradientSteps, nameof(GradientSteps));
        Require.AtLeast(1, NSteps, nameof(NSteps));
        Require.AtLeast(0, ActionNoiseSigma, nameof(ActionNoiseSigma));
    }
}
