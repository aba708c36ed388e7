using Bellman.Neural.Kernels;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Nn;

/// <summary>What a layer's result goes through; its gain keeps the size of signals from layer to layer.</summary>
public enum Nonlinearity
{
    Linear,
    Sigmoid,
    Tanh,
    Relu,
    LeakyRelu,
    Selu,
}

/// <summary>Whether the inputs or the outputs of a weight set its scale.</summary>
public enum Fan
{
    In,
    Out,
}

/// <summary>Initial values of parameters, after torch.nn.init; the numbers come from a <see cref="Pcg64"/>.</summary>
/// <remarks>A weight is [outputs, inputs] or [outputs, inputs, height, width], as in linear and convolutional layers.</remarks>
public static class Initialise
{
    /// <summary>Uniform on [low, high).</summary>
    public static void Uniform(Tensor tensor, float low, float high, Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(random);
        foreach (ref float value in tensor.Values)
        {
            value = (float)random.Uniform(low, high);
        }
    }

    public static void Normal(Tensor tensor, float mean, float deviation, Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(random);
        random.FillNormal(tensor.Values, mean, deviation);
    }

    public static void Constant(Tensor tensor, float value)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.Values.Fill(value);
    }

    /// <summary>Uniform on ±gain · √(3 / fan). He et al. 2015.</summary>
    /// <param name="slope">The negative slope where the nonlinearity is LeakyRelu.</param>
    public static void KaimingUniform(
        Tensor tensor, Pcg64 random, Nonlinearity nonlinearity = Nonlinearity.Relu, Fan fan = Fan.In, float slope = 0.01f)
    {
        double bound = Gain(nonlinearity, slope) * Math.Sqrt(3.0 / Fans(tensor, fan));
        Uniform(tensor, (float)-bound, (float)bound, random);
    }

    /// <summary>Normal with deviation gain / √fan. He et al. 2015.</summary>
    /// <param name="slope">The negative slope where the nonlinearity is LeakyRelu.</param>
    public static void KaimingNormal(
        Tensor tensor, Pcg64 random, Nonlinearity nonlinearity = Nonlinearity.Relu, Fan fan = Fan.In, float slope = 0.01f) =>
        Normal(tensor, 0, (float)(Gain(nonlinearity, slope) / Math.Sqrt(Fans(tensor, fan))), random);

    /// <summary>Uniform on ±gain · √(6 / (inputs + outputs)). Glorot &amp; Bengio 2010.</summary>
    public static void XavierUniform(Tensor tensor, Pcg64 random, float gain = 1)
    {
        double bound = gain * Math.Sqrt(6.0 / (Fans(tensor, Fan.In) + Fans(tensor, Fan.Out)));
        Uniform(tensor, (float)-bound, (float)bound, random);
    }

    /// <summary>Normal with deviation gain · √(2 / (inputs + outputs)). Glorot &amp; Bengio 2010.</summary>
    public static void XavierNormal(Tensor tensor, Pcg64 random, float gain = 1) =>
        Normal(tensor, 0, (float)(gain * Math.Sqrt(2.0 / (Fans(tensor, Fan.In) + Fans(tensor, Fan.Out)))), random);

    /// <summary>Rows, or columns if there are fewer of them, orthogonal to each other and of length gain. Saxe et al. 2014.</summary>
    /// <remarks>
    /// The factor Q of a matrix of normal numbers, with the signs that make R's diagonal positive; that Q is the one which Gram and
    /// Schmidt's method gives. Weights of more than two axes count as [outputs, rest].
    /// </remarks>
    public static void Orthogonal(Tensor tensor, Pcg64 random, float gain = 1)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(random);
        if (tensor.Rank < 2) throw new ArgumentException($"An orthogonal weight has two axes or more; got {tensor.Shape}.", nameof(tensor));
        int rows = tensor.Shape[0];
        int columns = tensor.Length / Math.Max(1, rows);
        bool tall = rows > columns;
        float[] vectors = new float[tensor.Length];
        random.FillNormal(tensor.Values);
        Turn(tensor.Values, vectors, rows, columns, tall);
        Orthonormalise(vectors, Math.Min(rows, columns), Math.Max(rows, columns));
        Turn(vectors, tensor.Values, columns, rows, tall);
        OptimizerKernels.Scale(tensor.Values, gain);
    }

    /// <summary>The factor by which a nonlinearity's inputs should be larger to keep the size of signals; PyTorch's values.</summary>
    /// <param name="slope">The negative slope of LeakyRelu.</param>
    public static float Gain(Nonlinearity nonlinearity, float slope = 0.01f) => nonlinearity switch
    {
        Nonlinearity.Tanh => 5f / 3,
        Nonlinearity.Relu => MathF.Sqrt(2),
        Nonlinearity.LeakyRelu => MathF.Sqrt(2 / (1 + (slope * slope))),
        Nonlinearity.Selu => 0.75f,
        _ => 1,
    };

    private static int Fans(Tensor tensor, Fan fan)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Rank < 2) throw new ArgumentException($"A weight has two axes or more; got {tensor.Shape}.", nameof(tensor));
        return tensor.Length / Math.Max(1, tensor.Shape[fan == Fan.In ? 0 : 1]);
    }

    // Each vector loses its parts along those before it, twice: once leaves rounding errors that the second time removes.
    private static void Orthonormalise(Span<float> vectors, int count, int length)
    {
        for (int i = 0; i < count; i++)
        {
            Span<float> vector = vectors.Slice(i * length, length);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                {
                    ReadOnlySpan<float> other = vectors.Slice(j * length, length);
                    var part = new Affine(-Reductions.Dot(vector, other), 0);
                    Elementwise.Backward(part, other, other, other, vector, accumulate: true);
                }
            }

            OptimizerKernels.Scale(vector, 1 / OptimizerKernels.Norm(vector));
        }
    }

    // [rows, columns] → [columns, rows], or a copy.
    private static void Turn(ReadOnlySpan<float> from, Span<float> to, int rows, int columns, bool transpose)
    {
        if (!transpose)
        {
            from.CopyTo(to);
            return;
        }

        for (int i = 0; i < from.Length; i++)
        {
            to[(i % columns * rows) + (i / columns)] = from[i];
        }
    }
}
