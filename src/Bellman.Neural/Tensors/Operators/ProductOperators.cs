using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>C[m, n] = A[m, k] · B[k, n]</summary>
internal sealed class Product : Operator
{
    private static readonly Product Instance = new();

    public static Tensor Apply(Tensor a, Tensor b)
    {
        if (a.Rank != 2 || b.Rank != 2 || a.Shape[1] != b.Shape[0])
        {
            throw new ArgumentException($"A matrix product takes [m, k] and [k, n]; got {a.Shape} and {b.Shape}.");
        }

        Tensor c = Tensor.Result(new Shape(a.Shape[0], b.Shape[1]), Instance, a, b);
        MatrixProduct.NN(a.Values, b.Values, c.Values, a.Shape[0], a.Shape[1], b.Shape[1]);
        return c;
    }

    public override void Backward(Tensor y)
    {
        Tensor a = y.Input(0);
        Tensor b = y.Input(1);
        (int m, int k, int n) = (a.Shape[0], a.Shape[1], b.Shape[1]);
        if (a.RequiresGradient) MatrixProduct.NT(y.Gradient, b.Values, a.GradientTarget(out bool accumulate), m, n, k, accumulate);
        if (b.RequiresGradient) MatrixProduct.TN(a.Values, y.Gradient, b.GradientTarget(out bool accumulate), k, m, n, accumulate);
    }
}

/// <summary>y = f(x · Wᵀ + b), with f none, ReLU or tanh in the same kernel.</summary>
internal sealed class LinearLayer : Operator
{
    private static readonly LinearLayer Instance = new();

    public static Tensor Apply(Tensor x, Tensor weight, Tensor? bias, Activation activation)
    {
        int inputs = weight.Rank == 2 ? weight.Shape[1] : 0;
        int outputs = weight.Rank == 2 ? weight.Shape[0] : 0;
        if (weight.Rank != 2 || x.Rank == 0 || x.Shape[-1] != inputs)
        {
            throw new ArgumentException($"Linear expects [batch, {inputs}] for a weight of shape {weight.Shape}; got {x.Shape}.");
        }

        if (bias is not null && bias.Length != outputs)
        {
            throw new ArgumentException($"Linear expects a bias of {outputs} elements; got shape {bias.Shape}.");
        }

        Tensor y = Tensor.Result(x.Shape.WithLast(outputs), Instance, x, weight, bias);
        y.Saved.Int0 = (int)activation;
        MatrixProduct.Linear(
            x.Values, weight.Values, bias is null ? default : bias.Values, y.Values, Rows(x), inputs, outputs, activation);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Tensor weight = y.Input(1);
        Tensor? bias = y.InputCount == 3 ? y.Input(2) : null;
        (int batch, int inputs, int outputs) = (Rows(x), weight.Shape[1], weight.Shape[0]);

        Span<float> dx = x.RequiresGradient ? x.GradientTarget(out bool addToInput) : Nothing(out addToInput);
        Span<float> dw = weight.RequiresGradient ? weight.GradientTarget(out bool addToWeight) : Nothing(out addToWeight);
        Span<float> db = bias is { RequiresGradient: true } ? bias.GradientTarget(out bool addToBias) : Nothing(out addToBias);

        // Nothing reads the gradient of y after this, so the kernel may turn it into that of the sum in place.
        MatrixProduct.LinearBackward(
            x.Values, weight.Values, y.Values, y.Gradient, dx, dw, db, batch, inputs, outputs,
            (Activation)y.Saved.Int0, addToInput, addToWeight, addToBias);
    }

    private static Span<float> Nothing(out bool accumulate)
    {
        accumulate = false;
        return default;
    }

    private static int Rows(Tensor x) => x.Length / Math.Max(1, x.Shape[-1]);
}
