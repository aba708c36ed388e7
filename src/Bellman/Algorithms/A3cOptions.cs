namespace Bellman.Algorithms;

/// <summary>Options of <see cref="A3c"/>.</summary>
public sealed record A3cOptions : ActorCriticOptions
{
    /// <summary>α, ≥ 0; may follow a schedule.</summary>
    public Schedule LearningRate { get; init; } = 7e-4;

    /// <summary>t_max: steps of a worker between two of its updates, fewer where an episode ends. The paper has 5.</summary>
    public int NSteps { get; init; } = 5;

    /// <summary>γ in [0, 1].</summary>
    public double Gamma { get; init; } = 0.99;

    /// <summary>β ≥ 0: weight of the entropy bonus. The paper has 0.01.</summary>
    public double EntCoef { get; init; } = 0.01;

    /// <summary>≥ 0: weight of the value function's loss.</summary>
    public double VfCoef { get; init; } = 0.5;

    /// <summary>Largest Euclidean norm of all gradients; none for no limit.</summary>
    public double? MaxGradNorm { get; init; } = 0.5;

    /// <summary>ε of RMSprop, whose mean squares the workers share.</summary>
    public double RmsPropEps { get; init; } = 1e-5;

    /// <summary>Refuses values outside of their ranges.</summary>
    /// <exception cref="OptionException">Names the option, its range and the value.</exception>
    internal void Validate()
    {
        Require.Widths(NetArch, nameof(NetArch));
        Require.AtLeast(0, LearningRate, nameof(LearningRate));
        Require.AtLeast(1, NSteps, nameof(NSteps));
        Require.Within(0, 1, Gamma, nameof(Gamma));
        Require.AtLeast(0, EntCoef, nameof(EntCoef));
        Require.AtLeast(0, VfCoef, nameof(VfCoef));
        if (MaxGradNorm is double norm) Require.Positive(norm, nameof(MaxGradNorm));
        Require.Positive(RmsPropEps, nameof(RmsPropEps));
    }
}
