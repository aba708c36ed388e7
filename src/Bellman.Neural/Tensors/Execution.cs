namespace Bellman.Neural.Tensors;

/// <summary>What operators need to know of the thread they run on: where results go and whether gradients are recorded.</summary>
internal sealed class Execution
{
    [ThreadStatic]
    private static Execution? current;

    public static Execution Current => current ??= new Execution();

    /// <summary>Where results come from; null for the heap.</summary>
    public Workspace? Workspace { get; set; }

    /// <summary>How many pauses of recording are open.</summary>
    public int Pauses { get; set; }

    public bool IsRecording => Pauses == 0;

    /// <summary>The nodes of the present backward pass, inputs before results.</summary>
    public List<Tensor> Order { get; } = [];

    public List<(Tensor Node, int Next)> Stack { get; } = [];

    /// <summary>Numbers the backward passes, to know which nodes have been seen in the present one.</summary>
    public int Pass { get; set; }

    /// <summary>A tensor for a result, its values not yet set.</summary>
    public Tensor Allocate(Shape shape)
    {
        if (Workspace is not null) return Workspace.Rent(shape);
        var tensor = new Tensor();
        tensor.Assign(shape, new float[shape.Length], 0);
        return tensor;
    }

    /// <summary>A tensor object that is given memory of another.</summary>
    public Tensor AllocateEmpty() => Workspace is not null ? Workspace.RentEmpty() : new Tensor();

    /// <summary>Memory for a gradient or an intermediate value, not set.</summary>
    public float[] AllocateMemory(int length, out int start)
    {
        if (Workspace is not null) return Workspace.RentMemory(length, out start);
        start = 0;
        return new float[length];
    }
}
