namespace Bellman.Algorithms;

/// <summary>Options of <see cref="Trpo"/>. Names and defaults are those of SB3-Contrib.</summary>
public sealed record TrpoOptions : ActorCriticOptions
{
    /// <summary>α of the value function's Adam, ≥ 0; may follow a schedule. The policy's step has no learning rate.</summary>
    public Schedule LearningRate { get; init; } = 1e-3;

    /// <summary>Steps of every environment between two updates.</summary>
    public int NSteps { get; init; } = 2048;

    /// <summary>Rows per update of the value function.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>γ in [0, 1].</summary>
    public double Gamma { get; init; } = 0.99;

    /// <summary>λ of generalized advantage estimation, in [0, 1].</summary>
    public double GaeLambda { get; init; } = 0.95;

    /// <summary>Conjugate gradient iterations. The paper has 10.</summary>
    public int CgMaxSteps { get; init; } = 15;

    /// <summary>≥ 0: this multiple of the identity is added to the Fisher matrix.</summary>
    public double CgDamping { get; init; } = 0.1;

    /// <summary>In (0, 1): each try of the line search is shorter by this factor.</summary>
    public double LineSearchShrinkingFactor { get; init; } = 0.8;

    /// <summary>Tries of the line search before the policy stays as it is.</summary>
    public int LineSearchMaxIter { get; init; } = 10;

    /// <summary>Passes of the value function over each rollout.</summary>
    public int NCriticUpdates { get; init; } = 10;

    /// <summary>Brings the advantages of each rollout to mean 0 and deviation 1.</summary>
    public bool NormalizeAdvantage { get; init; } = true;

    /// <summary>δ, greater than 0: the largest mean divergence of the new policy from the old one.</summary>
    public double TargetKl { get; init; } = 0.01;

    /// <summary>The policy's update uses one of so many rows.</summary>
    public int SubSamplingFactor { get; init; } = 1;

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
        Require.AtLeast(1, BatchSize, nameof(BatchSize));
        Require.Within(0, 1, Gamma, nameof(Gamma));
        Require.Within(0, 1, GaeLambda, nameof(GaeLambda));
        Require.AtLeast(1, CgMaxSteps, nameof(CgMaxSteps));
        Require.AtLeast(0, CgDamping, nameof(CgDamping));
        Require.Share(LineSearchShrinkingFactor, nameof(LineSearchShrinkingFactor));
        Require.AtLeast(1, LineSearchMaxIter, nameof(LineSearchMaxIter));
        Require.AtLeast(1, NCriticUpdates, nameof(NCriticUpdates));
        Require.Positive(TargetKl, nameof(TargetKl));
        Require.AtLeast(1, SubSamplingFactor, nameof(SubSamplingFactor));
        if (SdeSampleFreq != -1) Require.AtLeast(1, SdeSampleFreq, nameof(SdeSampleFreq));
    }
}
