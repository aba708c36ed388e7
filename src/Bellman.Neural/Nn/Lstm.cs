using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>What an LSTM carries from step to step.</summary>
/// <param name="Output">h, [layers, batch, hidden]; of a cell [batch, hidden].</param>
/// <param name="Cell">c, of the same shape.</param>
public readonly record struct LstmState(Tensor Output, Tensor Cell);

/// <summary>Long short-term memory over sequences (Hochreiter &amp; Schmidhuber 1997), with PyTorch's names and order of gates (i, f, g, o).</summary>
public sealed class Lstm : Module
{
    private readonly RecurrentParameters[] layers;

    /// <param name="inputs">Features of an input row.</param>
    /// <param name="hidden">Features of an output row.</param>
    /// <param name="random">Draws the initial parameters.</param>
    /// <param name="layers">Layers on top of each other.</param>
    public Lstm(int inputs, int hidden, Pcg64 random, int layers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        Hidden = hidden;
        this.layers = new RecurrentParameters[layers];
        for (int i = 0; i < layers; i++)
        {
            this.layers[i] = RecurrentParameters.Create(AddParameter, gates: 4, i == 0 ? inputs : hidden, hidden, $"_l{i}", random);
        }
    }

    /// <summary>Features of an output row.</summary>
    public int Hidden { get; }

    public int Layers => layers.Length;

    /// <summary>The state at the start of an episode, on the heap.</summary>
    public LstmState ZeroState(int batch) =>
        new(Tensor.Zeros(layers.Length, batch, Hidden), Tensor.Zeros(layers.Length, batch, Hidden));

    /// <param name="input">[time, batch, inputs], from a zero state.</param>
    /// <returns>[time, batch, hidden]</returns>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var shape = new Shape(layers.Length, input.Rank == 3 ? input.Shape[1] : 0, Hidden);
        return Forward(input, new LstmState(Tensor.ConstantZeros(shape), Tensor.ConstantZeros(shape))).Output;
    }

    /// <param name="input">[time, batch, inputs]</param>
    /// <param name="state">The state before the first step.</param>
    /// <param name="starts">[time, batch]: not zero where an episode starts with a step, so that the state before it is zeroed.</param>
    /// <returns>Outputs [time, batch, hidden] and the state after the last step.</returns>
    public (Tensor Output, LstmState State) Forward(Tensor input, LstmState state, Tensor? starts = null)
    {
        Tensor x = input;
        LstmState after = default;
        for (int i = 0; i < layers.Length; i++)
        {
            Tensor y = layers[i].Lstm(x, state.Output.Select(0, i), state.Cell.Select(0, i), starts);
            int time = y.Shape[0] - 1;
            x = y.Slice(0, 0, time);
            Tensor output = y.Slice(0, time - 1, 1);
            Tensor cell = y.Slice(0, time, 1);
            after = i == 0
                ? new LstmState(output, cell)
                : new LstmState(Tensor.Concatenate(0, after.Output, output), Tensor.Concatenate(0, after.Cell, cell));
        }

        return (x, after);
    }
}

/// <summary>One step of long short-term memory.</summary>
public sealed class LstmCell : Module
{
    private readonly RecurrentParameters parameters;

    /// <param name="inputs">Features of an input row.</param>
    /// <param name="hidden">Features of an output row.</param>
    /// <param name="random">Draws the initial parameters.</param>
    public LstmCell(int inputs, int hidden, Pcg64 random)
    {
        Hidden = hidden;
        parameters = RecurrentParameters.Create(AddParameter, gates: 4, inputs, hidden, suffix: "", random);
    }

    /// <summary>Features of an output row.</summary>
    public int Hidden { get; }

    /// <summary>The state at the start of an episode, on the heap.</summary>
    public LstmState ZeroState(int batch) => new(Tensor.Zeros(batch, Hidden), Tensor.Zeros(batch, Hidden));

    /// <param name="input">[batch, inputs], from a zero state.</param>
    /// <returns>[batch, hidden]</returns>
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var shape = new Shape(input.Rank == 2 ? input.Shape[0] : 0, Hidden);
        return Forward(input, new LstmState(Tensor.ConstantZeros(shape), Tensor.ConstantZeros(shape))).Output;
    }

    /// <param name="input">[batch, inputs]</param>
    public LstmState Forward(Tensor input, LstmState state)
    {
        ArgumentNullException.ThrowIfNull(input);
        Tensor y = parameters.Lstm(RecurrentParameters.Step(input), state.Output, state.Cell, starts: null);
        return new LstmState(y.Select(0, 0), y.Select(0, 1));
    }
}
