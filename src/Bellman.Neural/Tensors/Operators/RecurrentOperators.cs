using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>What both recurrences share: a state that is zeroed where an episode starts.</summary>
internal static class Recurrence
{
    /// <summary>Checks shapes; every error names what was expected.</summary>
    /// <param name="gates">[time, batch, gates · hidden]</param>
    /// <param name="state">[batch, hidden]</param>
    /// <param name="starts">[time, batch], or null.</param>
    public static (int Time, int Batch, int Hidden) Sizes(Tensor gates, Tensor weight, Tensor state, Tensor? starts)
    {
        int hidden = weight.Shape[1];
        (int time, int batch) = (gates.Shape[0], gates.Shape[1]);
        if (time == 0) throw new ArgumentException($"A sequence of at least one step was expected; got {gates.Shape}.", nameof(gates));
        if (state.Shape != new Shape(batch, hidden))
        {
            throw new ArgumentException($"A recurrent state [{batch}, {hidden}] was expected; got {state.Shape}.", nameof(state));
        }

        if (starts is not null && starts.Shape != new Shape(time, batch))
        {
            throw new ArgumentException($"Starts of episodes [{time}, {batch}] were expected; got {starts.Shape}.", nameof(starts));
        }

        return (time, batch, hidden);
    }

    /// <summary>Zeroes the rows of a state [batch, hidden] whose episode starts at a step.</summary>
    public static void Reset(Span<float> state, Tensor? starts, int step, int batch)
    {
        if (starts is null) return;
        ReadOnlySpan<float> flags = starts.Values.Slice(step * batch, batch);
        int hidden = state.Length / Math.Max(1, batch);
        for (int row = 0; row < batch; row++)
        {
            if (flags[row] != 0) state.Slice(row * hidden, hidden).Clear();
        }
    }
}

/// <summary>
/// An LSTM over a sequence, given the inputs' part of the gates. The result holds the outputs of all steps, then the last cell state:
/// [time + 1, batch, hidden].
/// </summary>
/// <remarks>The gates' memory is taken over: their activations replace the sums.</remarks>
internal sealed class LstmSequence : Operator
{
    private static readonly LstmSequence Instance = new();

    /// <param name="gates">Sums for i, f, g, o from inputs and biases, [time, batch, 4 · hidden].</param>
    /// <param name="weight">[4 · hidden, hidden]</param>
    /// <param name="output">The output before the first step, [batch, hidden].</param>
    /// <param name="cell">The cell state before the first step, [batch, hidden].</param>
    /// <param name="starts">[time, batch]: not zero where the state is forgotten before a step; null for nowhere.</param>
    public static Tensor Apply(Tensor gates, Tensor weight, Tensor output, Tensor cell, Tensor? starts)
    {
        (int time, int batch, int hidden) = Recurrence.Sizes(gates, weight, output, starts);
        _ = Recurrence.Sizes(gates, weight, cell, starts);
        int step = batch * hidden;
        Tensor y = Tensor.Result(new Shape(time + 1, batch, hidden), Instance, [gates, weight, output, cell]);
        Tensor outputs = Tensor.Constant(new Shape(time, batch, hidden));
        Tensor cells = Tensor.Constant(new Shape(time, batch, hidden));
        Tensor squashed = Tensor.Constant(new Shape(time, batch, hidden));
        y.Saved.Tensor0 = outputs;
        y.Saved.Tensor1 = cells;
        y.Saved.Tensor2 = squashed;
        y.Saved.Object = starts;
        output.Values.CopyTo(outputs.Values);
        cell.Values.CopyTo(cells.Values);
        for (int t = 0; t < time; t++)
        {
            Span<float> before = outputs.Values.Slice(t * step, step);
            Span<float> cellBefore = cells.Values.Slice(t * step, step);
            if (t > 0) y.Values.Slice((t - 1) * step, step).CopyTo(before);
            Recurrence.Reset(before, starts, t, batch);
            Recurrence.Reset(cellBefore, starts, t, batch);
            Span<float> sums = gates.Values.Slice(t * 4 * step, 4 * step);
            MatrixProduct.NT(before, weight.Values, sums, batch, hidden, 4 * hidden, accumulate: true);
            Span<float> cellAfter = t + 1 < time ? cells.Values.Slice((t + 1) * step, step) : y.Values[(time * step)..];
            RecurrentCells.Lstm(
                sums, cellBefore, cellAfter, squashed.Values.Slice(t * step, step), y.Values.Slice(t * step, step), batch, hidden);
        }

        return y;
    }

    public override void Backward(Tensor y)
    {
        (Tensor gates, Tensor weight, Tensor output, Tensor cell) = (y.Input(0), y.Input(1), y.Input(2), y.Input(3));
        Tensor outputs = y.Saved.Tensor0!;
        var starts = (Tensor?)y.Saved.Object;
        (int time, int batch, int hidden) = (outputs.Shape[0], outputs.Shape[1], outputs.Shape[2]);
        int step = batch * hidden;
        Tensor allGates = Tensor.Constant(gates.Shape);
        Span<float> dGates = allGates.Values;
        Span<float> dOutput = Tensor.Constant(output.Shape).Values;
        Span<float> dCell = Tensor.Constant(cell.Shape).Values;
        dOutput.Clear();
        y.Gradient[(time * step)..].CopyTo(dCell);
        for (int t = time - 1; t >= 0; t--)
        {
            Shapes.Pass(y.Gradient.Slice(t * step, step), dOutput, accumulate: true);
            Span<float> dSums = dGates.Slice(t * 4 * step, 4 * step);
            RecurrentCells.LstmBackward(
                gates.Values.Slice(t * 4 * step, 4 * step), y.Saved.Tensor1!.Values.Slice(t * step, step),
                y.Saved.Tensor2!.Values.Slice(t * step, step), dOutput, dCell, dSums, batch, hidden);
            MatrixProduct.NN(dSums, weight.Values, dOutput, batch, 4 * hidden, hidden);
            Recurrence.Reset(dOutput, starts, t, batch);
            Recurrence.Reset(dCell, starts, t, batch);
        }

        if (gates.RequiresGradient) Shapes.Pass(dGates, gates.GradientTarget(out bool addToGates), addToGates);
        if (output.RequiresGradient) Shapes.Pass(dOutput, output.GradientTarget(out bool addToOutput), addToOutput);
        if (cell.RequiresGradient) Shapes.Pass(dCell, cell.GradientTarget(out bool addToCell), addToCell);
        if (weight.RequiresGradient)
        {
            Span<float> dWeight = weight.GradientTarget(out bool addToWeight);
            MatrixProduct.TN(dGates, outputs.Values, dWeight, 4 * hidden, time * batch, hidden, addToWeight);
        }
    }
}

/// <summary>A GRU over a sequence, given the inputs' part of the gates: the outputs of all steps, [time, batch, hidden].</summary>
/// <remarks>The gates' memory is taken over: their activations replace the sums.</remarks>
internal sealed class GruSequence : Operator
{
    private static readonly GruSequence Instance = new();

    /// <param name="gates">Sums for r, z, n from inputs and their bias, [time, batch, 3 · hidden].</param>
    /// <param name="weight">[3 · hidden, hidden]</param>
    /// <param name="bias">[3 · hidden]</param>
    /// <param name="output">The output before the first step, [batch, hidden].</param>
    /// <param name="starts">[time, batch]: not zero where the state is forgotten before a step; null for nowhere.</param>
    public static Tensor Apply(Tensor gates, Tensor weight, Tensor bias, Tensor output, Tensor? starts)
    {
        (int time, int batch, int hidden) = Recurrence.Sizes(gates, weight, output, starts);
        int step = batch * hidden;
        Tensor y = Tensor.Result(new Shape(time, batch, hidden), Instance, [gates, weight, bias, output]);
        Tensor outputs = Tensor.Constant(new Shape(time, batch, hidden));
        Tensor recurrent = Tensor.Constant(gates.Shape);
        y.Saved.Tensor0 = outputs;
        y.Saved.Tensor1 = recurrent;
        y.Saved.Object = starts;
        output.Values.CopyTo(outputs.Values);
        for (int t = 0; t < time; t++)
        {
            Span<float> before = outputs.Values.Slice(t * step, step);
            if (t > 0) y.Values.Slice((t - 1) * step, step).CopyTo(before);
            Recurrence.Reset(before, starts, t, batch);
            Span<float> sums = recurrent.Values.Slice(t * 3 * step, 3 * step);
            MatrixProduct.Linear(before, weight.Values, bias.Values, sums, batch, hidden, 3 * hidden, Activation.None);
            RecurrentCells.Gru(gates.Values.Slice(t * 3 * step, 3 * step), sums, before, y.Values.Slice(t * step, step), batch, hidden);
        }

        return y;
    }

    public override void Backward(Tensor y)
    {
        (Tensor gates, Tensor weight, Tensor bias, Tensor output) = (y.Input(0), y.Input(1), y.Input(2), y.Input(3));
        Tensor outputs = y.Saved.Tensor0!;
        var starts = (Tensor?)y.Saved.Object;
        (int time, int batch, int hidden) = (outputs.Shape[0], outputs.Shape[1], outputs.Shape[2]);
        int step = batch * hidden;
        Tensor allGates = Tensor.Constant(gates.Shape);
        Tensor allRecurrent = Tensor.Constant(gates.Shape);
        Span<float> dGates = allGates.Values;
        Span<float> dRecurrent = allRecurrent.Values;
        Span<float> dOutput = Tensor.Constant(output.Shape).Values;
        dOutput.Clear();
        for (int t = time - 1; t >= 0; t--)
        {
            Shapes.Pass(y.Gradient.Slice(t * step, step), dOutput, accumulate: true);
            Span<float> dSums = dRecurrent.Slice(t * 3 * step, 3 * step);
            RecurrentCells.GruBackward(
                gates.Values.Slice(t * 3 * step, 3 * step), y.Saved.Tensor1!.Values.Slice(t * 3 * step, 3 * step),
                outputs.Values.Slice(t * step, step), dOutput, dGates.Slice(t * 3 * step, 3 * step), dSums, batch, hidden);
            MatrixProduct.NN(dSums, weight.Values, dOutput, batch, 3 * hidden, hidden, accumulate: true);
            Recurrence.Reset(dOutput, starts, t, batch);
        }

        if (gates.RequiresGradient) Shapes.Pass(dGates, gates.GradientTarget(out bool addToGates), addToGates);
        if (output.RequiresGradient) Shapes.Pass(dOutput, output.GradientTarget(out bool addToOutput), addToOutput);
        if (bias.RequiresGradient)
        {
            Reductions.SumOfColumns(dRecurrent, bias.GradientTarget(out bool addToBias), time * batch, 3 * hidden, addToBias);
        }

        if (weight.RequiresGradient)
        {
            Span<float> dWeight = weight.GradientTarget(out bool addToWeight);
            MatrixProduct.TN(dRecurrent, outputs.Values, dWeight, 3 * hidden, time * batch, hidden, addToWeight);
        }
    }
}
