namespace Bellman.Algorithms;

/// <summary>Options of <see cref="A3c"/>.</summary>
public sealed record A3cOptions
{
    /// <summary>Widths of the hidden layers, of the policy and of the value function each.</summary>
    public IReadOnlyList<int> NetArch { get; init; } = [64, 64];

    /// <summary>What follows each hidden layer.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Tanh;

    /// <summary>Orthogonal initial weights; else PyTorch's default.</summary>
    public bool OrthoInit { get; init; } = true;

    /// <summary>ln σ of a Gaussian policy at first.</summary>
    public double LogStdInit { get; init; }

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

    internal ActorCriticShape Shape => new(NetArch, Activation, OrthoInit, LogStdInit);

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
