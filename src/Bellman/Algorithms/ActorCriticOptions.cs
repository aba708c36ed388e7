namespace Bellman.Algorithms;

/// <summary>How the networks of an <see cref="ActorCritic"/> are built: what the options of all methods with such networks begin with.</summary>
public abstract record ActorCriticOptions
{
    /// <summary>Widths of the hidden layers, of the policy and, where there is one, of the value function each.</summary>
    public IReadOnlyList<int> NetArch { get; init; } = [64, 64];

    /// <summary>What follows each hidden layer.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Tanh;

    /// <summary>Orthogonal initial weights; else PyTorch's default.</summary>
    public bool OrthoInit { get; init; } = true;

    /// <summary>ln σ of a Gaussian policy at first.</summary>
    public double LogStdInit { get; init; }

    internal virtual ActorCriticShape Shape => new(NetArch, Activation, OrthoInit, LogStdInit);
}
