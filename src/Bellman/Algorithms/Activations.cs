using Bellman.Neural.Nn;

namespace Bellman.Algorithms;

/// <summary>What follows each hidden layer.</summary>
public enum ActivationKind
{
    Tanh,
    Relu,
    Elu,
    LeakyRelu,
}

/// <summary>Makes the activations that options name.</summary>
internal static class Activations
{
    public static Module Create(ActivationKind kind) => kind switch
    {
        ActivationKind.Tanh => new Tanh(),
        ActivationKind.Relu => new Relu(),
        ActivationKind.Elu => new Elu(),
        ActivationKind.LeakyRelu => new LeakyRelu(),
        _ => throw new OptionException($"There is no activation {kind}."),
    };
}
