namespace Bellman.Neural.Tensors;

/// <summary>Reverse-mode differentiation: operators record themselves while gradients are on, a backward pass replays them.</summary>
public static class Autograd
{
    /// <summary>True where operators on this thread record themselves.</summary>
    public static bool IsRecording => Execution.Current.IsRecording;

    /// <summary>Switches recording off until the result is disposed, as PyTorch's <c>no_grad</c>.</summary>
    public static PauseScope Pause()
    {
        Execution.Current.Pauses++;
        return default;
    }

    /// <summary>Gradients of <paramref name="root"/> for every tensor that it depends on and that requires them.</summary>
    internal static void Backward(Tensor root)
    {
        Execution execution = Execution.Current;
        List<Tensor> order = execution.Order;
        Sort(execution, root);
        for (int i = order.Count - 1; i >= 0; i--)
        {
            Tensor node = order[i];
            if (node.HasGradient) node.Operator!.Backward(node);
        }

        order.Clear();
    }

    // Depth first, without recursion: a recurrent network over a long sequence is a deep graph.
    private static void Sort(Execution execution, Tensor root)
    {
        int pass = ++execution.Pass;
        List<(Tensor Node, int Next)> stack = execution.Stack;
        root.Pass = pass;
        stack.Add((root, 0));
        while (stack.Count > 0)
        {
            (Tensor node, int next) = stack[^1];
            if (next == node.InputCount)
            {
                execution.Order.Add(node);
                stack.RemoveAt(stack.Count - 1);
                continue;
            }

            stack[^1] = (node, next + 1);
            Tensor input = node.Input(next);
            if (input.Operator is not null && input.Pass != pass)
            {
                input.Pass = pass;
                stack.Add((input, 0));
            }
        }
    }

    /// <summary>Disposing it switches recording on again.</summary>
    public readonly ref struct PauseScope
    {
        public void Dispose() => Execution.Current.Pauses--;
    }
}
