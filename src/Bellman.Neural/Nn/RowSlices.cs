using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>Passes some rows of a batch at a time through layers that treat each row by itself, so that what lies between them stays in the cache.</summary>
internal static class RowSlices
{
    /// <param name="layers">[rows, …] → [rows, …], the same for a row whatever the others are.</param>
    /// <param name="input">[batch, …]</param>
    /// <param name="rows">At a time and thread.</param>
    /// <returns>[batch, …], without history.</returns>
    public static Tensor Forward(Func<Tensor, Tensor> layers, Tensor input, int rows)
    {
        int batch = input.Shape[0];
        rows *= Compute.Threads;
        if (batch <= rows) return layers(input);

        Execution execution = Execution.Current;
        Tensor first = layers(input.Slice(0, 0, rows));
        Tensor result = execution.Allocate(Shapes.With(first.Shape, 0, batch));
        first.Values.CopyTo(result.Values);
        for (int row = rows; row < batch; row += rows)
        {
            Span<float> target = result.Values[(row * (first.Length / rows))..];
            Tensor slice = input.Slice(0, row, Math.Min(rows, batch - row));
            if (execution.Workspace is Workspace workspace)
            {
                using Workspace.Scope scope = workspace.Begin();
                layers(slice).Values.CopyTo(target);
            }
            else
            {
                layers(slice).Values.CopyTo(target);
            }
        }

        return result;
    }
}
