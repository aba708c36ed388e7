namespace Bellman.Algorithms;

/// <summary>Options of <see cref="A2c"/>. Names and defaults are those of Stable-Baselines3.</summary>
public sealed record A2cOptions : ActorCriticOptions
{
    /// <summary>α, ≥ 0; may follow a schedule.</summary>
    public Schedule LearningRate { get; init; } = 7e-4;

    /// <summary>t_max: steps of every environment between two updates. The paper has 5.</summary>
    public int NSteps { get; init; } = 5;

    /// <summary>γ in [0, 1].</summary>
    public double Gamma { get; init; } = 0.99;

    /// <summary>λ of generalized advantage estimation, in [0, 1]; 1 is the paper's n-step advantage.</summary>
    public double GaeLambda { get; init; } = 1;

    /// <summary>β ≥ 0: weight of the entropy bonus. The paper has 0.01.</summary>
    public double EntCoef { get; init; }

    /// <summary>≥ 0: weight of the value function's loss.</summary>
    public double VfCoef { get; init; } = 0.5;

    /// <summary>Largest Euclidean norm of all gradients; none for no limit.</summary>
    public double? MaxGradNorm { get; init; } = 0.5;

    /// <summary>RMSprop as the paper has it; else Adam.</summary>
    public bool UseRmsProp { get; init; } = true;

    /// <summary>ε inside the root and mean squares that start at one, as TensorFlow's RMSprop has them.</summary>
    public bool RmsPropTensorFlow { get; init; }

    /// <summary>ε of RMSprop.</summary>
    public double RmsPropEps { get; init; } = 1e-5;

    /// <summary>Brings the advantages of each update to mean 0 and deviation 1.</summary>
    public bool NormalizeAdvantage { get; init; }

    /// <summary>Generalised state-dependent exploration (Raffin et al. 2021) in a Box action space; needs one hidden layer or more.</summary>
    public bool UseSde { get; init; }

    /// <summary>Steps after which that noise is drawn anew; -1 for the start of each rollout only.</summary>
    public int SdeSampleFreq { get; init; } = -1;

    internal override ActorCriticShape Shape => base.Shape with { UseSde = UseSde };

    /// <summary>Refuses values outside of their ranges.</summary>
    /// <exception cref="OptionException">Names the option, its range and the value.</exception>
    internal void Validate()
    {
        Require.Widths(NetArch, nameof(NetArch));
        Require.AtLeast(0, LearningRate, nameof(LearningRate));
        Require.AtLeast(1, NSteps, nameof(NSteps));
        if (SdeSampleFreq != -1) Require.AtLeast(1, SdeSampleFreq, nameof(SdeSampleFreq));
        Require.Within(0, 1, Gamma, nameof(Gamma));
        Require.Within(0, 1, GaeLambda, nameof(GaeLambda));
        Require.AtLeast(0, EntCoef, nameof(EntCoef));
        Require.AtLeast(0, VfCoef, nameof(VfCoef));
        if (MaxGradNorm is double norm) Require.Positive(norm, nameof(MaxGradNorm));
        Require.Positive(RmsPropEps, nameof(RmsPropEps));
    }
}
