using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>Gated recurrent units over sequences (Cho et al. 2014), with PyTorch's names and order of gates (r, z, n).</summary>
public sealed class Gru : Module
{
    private readonly RecurrentParameters[] layers;

    /// <param name="inputs">Features of an input row.</param>
    /// <param name="hidden">Features of an output row.</param>
    /// <param name="random">Draws the initial parameters.</param>
    /// <param name="layers">Layers on top of each other.</param>
    public Gru(int inputs, int hidden, Pcg64 random, int layers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        Hidden = hidden;
        this.layers = new RecurrentParameters[layers];
        for (int i = 0; i < layers; i++)
        {
            this.layers[i] = RecurrentParameters.Create(AddParameter, gates: 3, i == 0 ? inputs : hidden, hidden, $"_l{i}", random);
        }
    }

    /// <summary>Features of an output row.</summary>
    public int Hidden { get; }

    public int Layers => layers.Length;

    /// <summary>The state at the start of an episode, on the heap.</summary>
    public Tensor ZeroState(int batch) => Tensor.Zeros(layers.Length, batch, Hidden);

    /// <param name="input">[time, batch, inputs], from a zero state.</param>
    /// <returns>[time, batch, hidden]</returns>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Forward(input, Tensor.ConstantZeros(new Shape(layers.Length, input.Rank == 3 ? input.Shape[1] : 0, Hidden))).Output;
    }

    /// <param name="input">[time, batch, inputs]</param>
    /// <param name="state">The state before the first step, [layers, batch, hidden].</param>
    /// <param name="starts">[time, batch]: not zero where an episode starts with a step, so that the state before it is zeroed.</param>
    /// <returns>Outputs [time, batch, hidden] and the state after the last step.</returns>
    public (Tensor Output, Tensor State) Forward(Tensor input, Tensor state, Tensor? starts = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        Tensor x = input;
        Tensor? after = null;
        for (int i = 0; i < layers.Length; i++)
        {
            x = layers[i].Gru(x, state.Select(0, i), starts);
            Tensor last = x.Slice(0, x.Shape[0] - 1, 1);
            after = after is null ? last : Tensor.Concatenate(0, after, last);
        }

        return (x, after!);
    }
}

/// <summary>One step of gated recurrent units.</summary>
public sealed class GruCell : Module
{
    private readonly RecurrentParameters parameters;

    /// <param name="inputs">Features of an input row.</param>
    /// <param name="hidden">Features of an output row.</param>
    /// <param name="random">Draws the initial parameters.</param>
    public GruCell(int inputs, int hidden, Pcg64 random)
    {
        Hidden = hidden;
        parameters = RecurrentParameters.Create(AddParameter, gates: 3, inputs, hidden, suffix: "", random);
    }

    /// <summary>Features of an output row.</summary>
    public int Hidden { get; }

    /// <summary>The state at the start of an episode, on the heap.</summary>
    public Tensor ZeroState(int batch) => Tensor.Zeros(batch, Hidden);

    /// <param name="input">[batch, inputs], from a zero state.</param>
    /// <returns>[batch, hidden]</returns>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Forward(input, Tensor.ConstantZeros(new Shape(input.Rank == 2 ? input.Shape[0] : 0, Hidden)));
    }

    /// <param name="input">[batch, inputs]</param>
    /// <param name="state">[batch, hidden]</param>
    /// <returns>The state after the step, which is the output, too: [batch, hidden].</returns>
    public Tensor Forward(Tensor input, Tensor state)
    {
        ArgumentNullException.ThrowIfNull(input);
        return parameters.Gru(RecurrentParameters.Step(input), state, starts: null).Select(0, 0);
    }
}
