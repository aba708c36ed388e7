using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>
/// Passes some rows of a batch at a time through a module's layers, so that what lies between them stays in the cache, where each row is
/// treated by itself: in evaluation mode, while no gradient is recorded.
/// </summary>
internal static class RowSlices
{
    /// <param name="module">Whose mode decides.</param>
    /// <param name="layers">Its layers, [rows, …] → [rows, …].</param>
    /// <param name="input">[batch, …]</param>
    /// <param name="rows">At a time and thread; 0: all.</param>
    /// <returns>[batch, …]</returns>
    public static Tensor Forward(Module module, Func<Tensor, Tensor> layers, Tensor input, int rows)
    {
        if (rows <= 0 || module.IsTraining || Autograd.IsRecording) return layers(input);

        int batch = input.Shape[0];
        rows = (int)Math.Min(batch, (long)rows * Compute.Threads);
        if (rows == batch) return layers(input);

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
