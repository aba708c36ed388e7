using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>
/// Memory that one training step leaves to the next. Inside a scope (<c>using (workspace.Begin())</c>) every result of an operator,
/// every gradient and every intermediate value comes from here, so that after the first steps nothing is allocated.
/// </summary>
/// <remarks>
/// A tensor made inside a scope ends with it: copy out what must stay. Outside any scope results live on the heap like every other
/// object, so code that does not care about allocation can ignore this class. A workspace serves one thread at a time; scopes nest.
/// </remarks>
public sealed class Workspace
{
    private const int BlockLength = 1 << 18;

    private readonly List<(float[] Array, int Start, int Length)> blocks = [];
    private Tensor[] tensors = new Tensor[64];
    private int count;
    private int block;
    private int used;

    /// <summary>Opens a scope on this thread; disposing it takes back everything made inside.</summary>
    public Scope Begin()
    {
        Execution execution = Execution.Current;
        var scope = new Scope(this, execution.Workspace);
        execution.Workspace = this;
        return scope;
    }

    /// <summary>An empty tensor object with room for <paramref name="shape"/>, its values not yet set.</summary>
    internal Tensor Rent(Shape shape)
    {
        Tensor tensor = RentEmpty();
        float[] array = RentMemory(shape.Length, out int start);
        tensor.Assign(shape, array, start);
        return tensor;
    }

    /// <summary>A tensor object without memory.</summary>
    internal Tensor RentEmpty()
    {
        if (count == tensors.Length) Array.Resize(ref tensors, 2 * count);
        return tensors[count++] ??= new Tensor();
    }

    /// <summary>Room for floats, aligned, not set.</summary>
    internal float[] RentMemory(int length, out int start)
    {
        int rounded = AlignedMemory.RoundUp(length);
        while (block < blocks.Count && used + rounded > blocks[block].Length)
        {
            block++;
            used = 0;
        }

        if (block == blocks.Count)
        {
            int size = Math.Max(BlockLength, rounded);
            blocks.Add((AlignedMemory.Allocate(size, out int first), first, size));
        }

        start = blocks[block].Start + used;
        used += rounded;
        return blocks[block].Array;
    }

    /// <summary>A stretch of a thread's work whose tensors are taken back at its end.</summary>
    public readonly ref struct Scope
    {
        private readonly Workspace workspace;
        private readonly Workspace? outer;
        private readonly int count;
        private readonly int block;
        private readonly int used;

        internal Scope(Workspace workspace, Workspace? outer)
        {
            this.workspace = workspace;
            this.outer = outer;
            count = workspace.count;
            block = workspace.block;
            used = workspace.used;
        }

        public void Dispose()
        {
            for (int i = count; i < workspace.count; i++)
            {
                workspace.tensors[i].Expire();
            }

            workspace.count = count;
            workspace.block = block;
            workspace.used = used;
            Execution.Current.Workspace = outer;
        }
    }
}
