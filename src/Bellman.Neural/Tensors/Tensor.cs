using System.Globalization;
using System.Runtime.CompilerServices;
using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>
/// A dense, row-major block of 32-bit floats with a shape. Operators follow PyTorch in name and meaning; while gradients are on,
/// their results remember how they came about, and <see cref="Backward()"/> fills the gradients of what they depend on.
/// </summary>
/// <remarks>
/// Tensors made by <see cref="Zeros(Shape)"/>, <see cref="From(ReadOnlySpan{float}, Shape)"/> and their like live as long as they are referenced. Results of operators do
/// too, unless they are made inside a <see cref="Workspace"/> scope, which takes them back at its end. Byte tensors hold images: they
/// are inputs of convolutions and of <see cref="ToFloat"/>, and have no gradient.
/// </remarks>
public sealed partial class Tensor
{
    private Shape shape;
    private float[]? array;
    private int start;
    private byte[]? bytes;
    private float[]? gradient;
    private int gradientStart;
    private Tensor? input0;
    private Tensor? input1;
    private Tensor? input2;
    private Tensor[]? inputs;
    private bool isListed;

    internal Tensor()
    {
    }

    public Shape Shape => shape;

    /// <summary>The number of elements.</summary>
    public int Length => shape.Length;

    /// <summary>The number of axes.</summary>
    public int Rank => shape.Rank;

    /// <summary>The elements in row-major order; writing into them is not recorded.</summary>
    public Span<float> Values =>
        array is not null ? new Span<float>(array, start, shape.Length) : throw NoValues();

    /// <summary>The elements of a byte tensor.</summary>
    public Span<byte> Bytes =>
        bytes is not null
            ? new Span<byte>(bytes, start, shape.Length)
            : throw new InvalidOperationException($"A byte tensor was expected; got floats of shape {shape}.");

    /// <summary>True for a tensor of bytes, 0 … 255.</summary>
    public bool IsByte => bytes is not null;

    /// <summary>True where a backward pass computes a gradient: for parameters, and for results that depend on one.</summary>
    public bool RequiresGradient { get; private set; }

    /// <summary>The gradient left by backward passes since it was last cleared: zeros if there was none.</summary>
    /// <remarks>It stays in parameters and other tensors that were not computed; a result's memory may go on to its inputs' gradients.</remarks>
    public Span<float> Gradient
    {
        get
        {
            if (!RequiresGradient) throw new InvalidOperationException("This tensor does not require a gradient.");
            Span<float> result = GradientMemory();
            if (!HasGradient) result.Clear();
            return result;
        }
    }

    /// <summary>True once a backward pass has written the gradient.</summary>
    internal bool HasGradient { get; private set; }

    internal Operator? Operator { get; private set; }

    internal int InputCount { get; private set; }

    internal int Pass { get; set; }

    /// <summary>What the operator keeps for its gradient.</summary>
    internal ref Saved Saved => ref saved;

    private Saved saved;

    [IndexerName("Element")]
    public float this[int i]
    {
        get => Values[i];
        set => Values[i] = value;
    }

    [IndexerName("Element")]
    public float this[int i, int j]
    {
        get => Values[(i * shape[1]) + j];
        set => Values[(i * shape[1]) + j] = value;
    }

    /// <summary>The elements at an index of the first axis.</summary>
    public Span<float> Row(int index)
    {
        int size = Length / shape[0];
        return Values.Slice(index * size, size);
    }

    public static Tensor Zeros(Shape shape)
    {
        float[] memory = AlignedMemory.Allocate(AlignedMemory.RoundUp(shape.Length), out int start);
        var tensor = new Tensor();
        tensor.Assign(shape, memory, start);
        return tensor;
    }

    public static Tensor Zeros(params ReadOnlySpan<int> sizes) => Zeros(new Shape(sizes));

    public static Tensor Full(Shape shape, float value)
    {
        Tensor tensor = Zeros(shape);
        tensor.Values.Fill(value);
        return tensor;
    }

    /// <summary>A copy of the values in the given shape.</summary>
    public static Tensor From(ReadOnlySpan<float> values, Shape shape)
    {
        if (values.Length != shape.Length)
        {
            throw new ArgumentException($"Shape {shape} takes {shape.Length} values; got {values.Length}.", nameof(values));
        }

        Tensor tensor = Zeros(shape);
        values.CopyTo(tensor.Values);
        return tensor;
    }

    /// <summary>A copy of the values in the given shape.</summary>
    public static Tensor From(ReadOnlySpan<float> values, params ReadOnlySpan<int> sizes) => From(values, new Shape(sizes));

    /// <summary>One number, of shape [].</summary>
    public static Tensor Scalar(float value) => Full(default, value);

    /// <summary>Bytes, zero at first: images of 0 … 255.</summary>
    public static Tensor ZeroBytes(Shape shape)
    {
        var tensor = new Tensor();
        tensor.shape = shape;
        tensor.bytes = new byte[shape.Length];
        return tensor;
    }

    /// <summary>Makes this a tensor whose gradient backward passes compute.</summary>
    /// <returns>This tensor.</returns>
    public Tensor RequireGradient(bool required = true)
    {
        if (Operator is not null) throw new InvalidOperationException("Only a tensor that no operator made can be told to require a gradient.");
        RequiresGradient = required;
        return this;
    }

    /// <summary>Forgets the gradient; the next backward pass starts from zero.</summary>
    public void ZeroGradient() => HasGradient = false;

    /// <summary>The only element.</summary>
    public float Item() =>
        Length == 1 ? Values[0] : throw new InvalidOperationException($"One element was expected; shape {shape} has {Length}.");

    public float[] ToArray() => Values.ToArray();

    /// <summary>A copy on the heap, without history.</summary>
    public Tensor Clone() => From(Values, shape);

    /// <summary>Computes the gradients of this one number for all that it depends on, adding to what they hold.</summary>
    public void Backward()
    {
        if (Length != 1) throw new InvalidOperationException($"Backward starts from one number; got shape {shape}.");
        Backward([1]);
    }

    /// <param name="outputGradient">The gradient of some number with respect to each element of this tensor.</param>
    public void Backward(ReadOnlySpan<float> outputGradient)
    {
        if (Operator is null)
        {
            throw new InvalidOperationException("Nothing was recorded for this tensor: no input requires a gradient, or recording was paused.");
        }

        if (outputGradient.Length != Length)
        {
            throw new ArgumentException($"Expected {Length} gradients for shape {shape}; got {outputGradient.Length}.", nameof(outputGradient));
        }

        outputGradient.CopyTo(GradientMemory());
        HasGradient = true;
        Autograd.Backward(this);
    }

    public override string ToString() => Length == 1 && !IsByte
        ? Values[0].ToString(CultureInfo.InvariantCulture)
        : $"Tensor{shape}";

    /// <summary>A result of an operator: shape, memory not yet set, and its place in the graph where gradients are recorded.</summary>
    internal static Tensor Result(Shape shape, Operator operation, Tensor a, Tensor? b = null, Tensor? c = null)
    {
        Execution execution = Execution.Current;
        Tensor y = execution.Allocate(shape);
        bool required = a.RequiresGradient || (b is not null && b.RequiresGradient) || (c is not null && c.RequiresGradient);
        if (required && execution.IsRecording)
        {
            y.RequiresGradient = true;
            y.Operator = operation;
            y.input0 = a;
            y.input1 = b;
            y.input2 = c;
            y.InputCount = c is not null ? 3 : b is not null ? 2 : 1;
        }

        return y;
    }

    /// <summary>A result of an operator with any number of inputs.</summary>
    internal static Tensor Result(Shape shape, Operator operation, ReadOnlySpan<Tensor> inputs)
    {
        Execution execution = Execution.Current;
        Tensor y = execution.Allocate(shape);
        bool required = false;
        foreach (Tensor input in inputs)
        {
            required |= input.RequiresGradient;
        }

        if (required && execution.IsRecording)
        {
            y.RequiresGradient = true;
            y.Operator = operation;

            // The list stays with the object, which a workspace hands out again.
            if (y.inputs is null || y.inputs.Length < inputs.Length) y.inputs = new Tensor[inputs.Length];
            inputs.CopyTo(y.inputs);
            y.InputCount = inputs.Length;
            y.isListed = true;
        }

        return y;
    }

    /// <summary>A result whose elements are a stretch of those of <paramref name="x"/>, in the same memory.</summary>
    /// <param name="first">Where the stretch begins.</param>
    internal static Tensor View(Tensor x, Shape shape, int first, Operator operation)
    {
        Execution execution = Execution.Current;
        Tensor y = execution.AllocateEmpty();
        y.shape = shape;
        y.array = x.array;
        y.bytes = x.bytes;
        y.start = x.start + first;
        if (x.RequiresGradient && execution.IsRecording)
        {
            y.RequiresGradient = true;
            y.Operator = operation;
            y.input0 = x;
            y.InputCount = 1;
            y.Saved.Int0 = first;
        }

        return y;
    }

    /// <summary>A result outside the graph.</summary>
    internal static Tensor Constant(Shape shape) => Execution.Current.Allocate(shape);

    /// <summary>Zeros outside the graph, in the memory of results.</summary>
    internal static Tensor ConstantZeros(Shape shape)
    {
        Tensor tensor = Execution.Current.Allocate(shape);
        tensor.Values.Clear();
        return tensor;
    }

    internal Tensor Input(int index) => isListed ? inputs![index] : index switch
    {
        0 => input0!,
        1 => input1!,
        _ => input2!,
    };

    /// <summary>Where the gradient goes during a backward pass.</summary>
    /// <param name="accumulate">True where there is one already, to be added to; false where the memory is not set.</param>
    internal Span<float> GradientTarget(out bool accumulate)
    {
        accumulate = HasGradient;
        HasGradient = true;
        return GradientMemory();
    }

    /// <summary>
    /// The same for an operator that, once it has written an element here, no longer reads that element of its result's gradient: an
    /// intermediate result without a gradient takes over the memory, which is in the cache.
    /// </summary>
    internal Span<float> GradientTarget(Tensor result, out bool accumulate)
    {
        if (gradient is null && Operator is not null && result.Length == Length)
        {
            gradient = result.gradient;
            gradientStart = result.gradientStart;
        }

        return GradientTarget(out accumulate);
    }

    /// <summary>Gives the tensor its memory, forgetting what it was.</summary>
    internal void Assign(Shape newShape, float[] memory, int memoryStart)
    {
        shape = newShape;
        array = memory;
        start = memoryStart;
    }

    /// <summary>Moves values and gradient to other memory; the values are copied, the gradient is forgotten.</summary>
    internal void Move(float[] values, float[] gradients, int position, int gradientPosition)
    {
        Values.CopyTo(values.AsSpan(position));
        Assign(shape, values, position);
        gradient = gradients;
        gradientStart = gradientPosition;
        HasGradient = false;
    }

    /// <summary>True where the values start at this place of this array.</summary>
    internal bool IsAt(float[] memory, int position) => ReferenceEquals(array, memory) && start == position;

    /// <summary>Where values and gradient lie.</summary>
    internal (float[] Values, int Start, float[] Gradients, int GradientStart) Place()
    {
        _ = GradientMemory();
        return (array!, start, gradient!, gradientStart);
    }

    /// <summary>The end of the tensor's time in a workspace: it can be handed out again.</summary>
    internal void Expire()
    {
        array = null;
        bytes = null;
        gradient = null;
        RequiresGradient = false;
        HasGradient = false;
        saved = default;
        if (Operator is null) return;
        Operator = null;
        input0 = input1 = input2 = null;
        if (isListed) Array.Clear(inputs!, 0, InputCount);
        isListed = false;
        InputCount = 0;
    }

    private Span<float> GradientMemory()
    {
        gradient ??= Operator is null ? new float[Length] : Execution.Current.AllocateMemory(Length, out gradientStart);
        return new Span<float>(gradient, gradientStart, Length);
    }

    private InvalidOperationException NoValues() => bytes is not null
        ? new InvalidOperationException($"Floats were expected; got a byte tensor of shape {shape}. Use ToFloat().")
        : new InvalidOperationException("This tensor belonged to a workspace scope that has ended; copy out what must stay.");
}
