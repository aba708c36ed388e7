namespace Bellman.Algorithms;

/// <summary>What is subtracted from returns, to lower their variance.</summary>
public enum ReinforceBaseline
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The mean of the batch's returns.</summary>
    Mean,

    /// <summary>A learned V(s).</summary>
    Value,
}

/// <summary>Options of <see cref="Reinforce"/>.</summary>
public sealed record ReinforceOptions : ActorCriticOptions
{
    /// <summary>α of Adam, ≥ 0; may follow a schedule.</summary>
    public Schedule LearningRate { get; init; } = 3e-3;

    /// <summary>n: whole episodes between two updates.</summary>
    public int NTrajectories { get; init; } = 10;

    /// <summary>γ in [0, 1].</summary>
    public double Gamma { get; init; } = 0.99;

    /// <summary>An action is weighted by what came after it; else, as the first form has it, by the return of the whole episode.</summary>
    public bool RewardToGo { get; init; } = true;

    /// <summary>b(s), subtracted from the weights.</summary>
    public ReinforceBaseline Baseline { get; init; } = ReinforceBaseline.Value;

    /// <summary>Scales the weights of each batch to deviation 1.</summary>
    public bool NormalizeAdvantage { get; init; } = true;

    /// <summary>≥ 0: weight of an entropy bonus.</summary>
    public double EntCoef { get; init; }

    /// <summary>≥ 0: weight of the value function's loss.</summary>
    public double VfCoef { get; init; } = 0.5;

    /// <summary>Largest Euclidean norm of all gradients; none for no limit.</summary>
    public double? MaxGradNorm { get; init; }

    /// <summary>Refuses values outside of their ranges.</summary>
    /// <exception cref="OptionException">Names the option, its range and the value.</exception>
    internal void Validate()
    {
        Require.Widths(NetArch, nameof(NetArch));
        Require.AtLeast(0, LearningRate, nameof(LearningRate));
        Require.AtLeast(1, NTrajectories, nameof(NTrajectories));
        Require.Within(0, 1, Gamma, nameof(Gamma));
        Require.AtLeast(0, EntCoef, nameof(EntCoef));
        Require.AtLeast(0, VfCoef, nameof(VfCoef));
        if (MaxGradNorm is double norm) Require.Positive(norm, nameof(MaxGradNorm));
    }
}
