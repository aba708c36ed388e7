namespace Bellman.Algorithms;

/// <summary>Options of <see cref="Ppo"/>. Names and defaults are those of Stable-Baselines3 where it has them.</summary>
public record PpoOptions : ActorCriticOptions
{
    /// <summary>α of Adam, ≥ 0; may follow a schedule.</summary>
    public Schedule LearningRate { get; init; } = 3e-4;

    /// <summary>ε of Adam.</summary>
    public double AdamEpsilon { get; init; } = 1e-5;

    /// <summary>T: steps of every environment between two rounds of updates.</summary>
    public int NSteps { get; init; } = 2048;

    /// <summary>M: rows per update.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>K: how often each row is used.</summary>
    public int NEpochs { get; init; } = 10;

    /// <summary>γ in [0, 1].</summary>
    public double Gamma { get; init; } = 0.99;

    /// <summary>λ of generalized advantage estimation, in [0, 1].</summary>
    public double GaeLambda { get; init; } = 0.95;

    /// <summary>ε, greater than 0: how far the probability ratio may leave 1 and still gain; may follow a schedule; none does not clip.</summary>
    public Schedule? ClipRange { get; init; } = 0.2;

    /// <summary>How far a value may leave the old one and still gain; none, the default, does not clip.</summary>
    public Schedule? ClipRangeVf { get; init; }

    /// <summary>Brings the advantages of each batch to mean 0 and deviation 1.</summary>
    public bool NormalizeAdvantage { get; init; } = true;

    /// <summary>c₂ ≥ 0: weight of the entropy bonus. The paper's Atari experiments have 0.01.</summary>
    public double EntCoef { get; init; }

    /// <summary>c₁ ≥ 0: weight of the value function's loss. The paper has 1.</summary>
    public double VfCoef { get; init; } = 0.5;

    /// <summary>Largest Euclidean norm of all gradients; none for no limit.</summary>
    public double? MaxGradNorm { get; init; } = 0.5;

    /// <summary>Ends a round of updates once the estimated divergence from the old policy exceeds 1.5 times this; none never does.</summary>
    public double? TargetKl { get; init; }

    /// <summary>β at first, ≥ 0: weight of the adaptive divergence penalty of the paper's section 4; 0 leaves it out.</summary>
    public double KlCoef { get; init; }

    /// <summary>d_targ, greater than 0: the divergence that β is adapted to reach, where <see cref="KlCoef"/> is not 0.</summary>
    public double KlTarget { get; init; } = 0.01;

    /// <summary>Generalised state-dependent exploration (Raffin et al. 2021) in a Box action space; needs one hidden layer or more.</summary>
    public bool UseSde { get; init; }

    /// <summary>Steps after which that noise is drawn anew; -1 for the start of each rollout only.</summary>
    public int SdeSampleFreq { get; init; } = -1;

    internal override ActorCriticShape Shape => base.Shape with { UseSde = UseSde };

    /// <summary>Refuses values outside of their ranges.</summary>
    /// <exception cref="OptionException">Names the option, its range and the value.</exception>
    internal virtual void Validate()
    {
        Require.Widths(NetArch, nameof(NetArch));
        Require.AtLeast(0, LearningRate, nameof(LearningRate));
        Require.Positive(AdamEpsilon, nameof(AdamEpsilon));
        Require.AtLeast(1, NSteps, nameof(NSteps));
        Require.AtLeast(1, BatchSize, nameof(BatchSize));
        Require.AtLeast(1, NEpochs, nameof(NEpochs));
        if (SdeSampleFreq != -1) Require.AtLeast(1, SdeSampleFreq, nameof(SdeSampleFreq));
        Require.Within(0, 1, Gamma, nameof(Gamma));
        Require.Within(0, 1, GaeLambda, nameof(GaeLambda));
        if (ClipRange is Schedule clip) Require.AtLeast(0, clip, nameof(ClipRange));
        if (ClipRangeVf is Schedule clipValue) Require.AtLeast(0, clipValue, nameof(ClipRangeVf));
        Require.AtLeast(0, EntCoef, nameof(EntCoef));
        Require.AtLeast(0, VfCoef, nameof(VfCoef));
        if (MaxGradNorm is double norm) Require.Positive(norm, nameof(MaxGradNorm));
        if (TargetKl is double kl) Require.Positive(kl, nameof(TargetKl));
        Require.AtLeast(0, KlCoef, nameof(KlCoef));
        Require.Positive(KlTarget, nameof(KlTarget));
    }
}
