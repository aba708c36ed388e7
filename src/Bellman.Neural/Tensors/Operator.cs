namespace Bellman.Neural.Tensors;

/// <summary>
/// The gradient rule of one operator. Instances hold no state: what a rule needs of its forward pass stands in the result
/// (<see cref="Tensor.Saved"/>).
/// </summary>
internal abstract class Operator
{
    /// <summary>Adds to the gradients of the inputs of <paramref name="y"/> what its own gradient says.</summary>
    public abstract void Backward(Tensor y);
}

/// <summary>What an operator keeps from its forward pass for its gradient.</summary>
internal struct Saved
{
    public Tensor? Tensor0;
    public Tensor? Tensor1;
    public Tensor? Tensor2;
    public int Int0;
    public int Int1;
    public int Int2;
    public int Int3;
    public float Float0;
    public float Float1;
    public object? Object;
}
