using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>The four tensors of a recurrent layer, uniform on ±1/√hidden at first as in PyTorch.</summary>
internal readonly record struct RecurrentParameters(Tensor InputWeight, Tensor Weight, Tensor InputBias, Tensor Bias)
{
    /// <summary>Makes them and registers them with <paramref name="add"/>.</summary>
    /// <param name="gates">Gates of a cell: four of an LSTM, three of a GRU.</param>
    /// <param name="suffix">_l0 for the first layer of a sequence, nothing for a cell.</param>
    public static RecurrentParameters Create(
        Func<string, Tensor, Tensor> add, int gates, int inputs, int hidden, string suffix, Pcg64 random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hidden);
        var parameters = new RecurrentParameters(
            add("weight_ih" + suffix, Tensor.Zeros(gates * hidden, inputs)),
            add("weight_hh" + suffix, Tensor.Zeros(gates * hidden, hidden)),
            add("bias_ih" + suffix, Tensor.Zeros(gates * hidden)),
            add("bias_hh" + suffix, Tensor.Zeros(gates * hidden)));
        float bound = 1 / MathF.Sqrt(hidden);
        Initialise.Uniform(parameters.InputWeight, -bound, bound, random);
        Initialise.Uniform(parameters.Weight, -bound, bound, random);
        Initialise.Uniform(parameters.InputBias, -bound, bound, random);
        Initialise.Uniform(parameters.Bias, -bound, bound, random);
        return parameters;
    }

    /// <summary>An LSTM over [time, batch, features]: outputs and the last cell state, [time + 1, batch, hidden].</summary>
    public Tensor Lstm(Tensor input, Tensor output, Tensor cell, Tensor? starts) =>
        LstmSequence.Apply(Tensor.Linear(Sequence(input), InputWeight, InputBias + Bias), Weight, output, cell, starts);

    /// <summary>A GRU over [time, batch, features]: outputs, [time, batch, hidden].</summary>
    public Tensor Gru(Tensor input, Tensor output, Tensor? starts) =>
        GruSequence.Apply(Tensor.Linear(Sequence(input), InputWeight, InputBias), Weight, Bias, output, starts);

    /// <summary>[batch, features] as a sequence of one step.</summary>
    public static Tensor Step(Tensor input) => input.Rank == 2
        ? input.Unsqueeze(0)
        : throw new ArgumentException($"A recurrent cell expects [batch, features]; got {input.Shape}.", nameof(input));

    private Tensor Sequence(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int inputs = InputWeight.Shape[1];
        return input.Rank == 3 && input.Shape[2] == inputs
            ? input
            : throw new ArgumentException($"A recurrent layer expects [time, batch, {inputs}]; got {input.Shape}.", nameof(input));
    }
}
