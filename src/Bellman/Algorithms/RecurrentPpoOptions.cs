namespace Bellman.Algorithms;

/// <summary>Options of <see cref="RecurrentPpo"/>: those of PPO, and of the memory. Names and defaults are those of SB3-Contrib.</summary>
public sealed record RecurrentPpoOptions : PpoOptions
{
    public RecurrentPpoOptions()
    {
        NSteps = 128;
        BatchSize = 128;
    }

    /// <summary>Numbers that a layer of the memory carries from step to step.</summary>
    public int LstmHiddenSize { get; init; } = 256;

    /// <summary>Layers of the memory on top of each other.</summary>
    public int NLstmLayers { get; init; } = 1;

    /// <summary>The value function reads the policy's memory, without training it; else it has a memory of its own.</summary>
    public bool SharedLstm { get; init; }

    internal override void Validate()
    {
        base.Validate();
        Require.AtLeast(1, LstmHiddenSize, nameof(LstmHiddenSize));
        Require.AtLeast(1, NLstmLayers, nameof(NLstmLayers));
    }
}
