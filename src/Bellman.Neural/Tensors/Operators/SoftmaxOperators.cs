using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>eˣ / Σ eˣ along the last axis.</summary>
internal sealed class SoftmaxOfRows : Operator
{
    private static readonly SoftmaxOfRows Instance = new();

    public static Tensor Apply(Tensor x)
    {
        (int rows, int columns, _) = AxisView.Of(x.Shape, -1);
        Tensor y = Tensor.Result(x.Shape, Instance, x);
        Softmax.Forward(x.Values, y.Values, rows, columns);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        (int rows, int columns, _) = AxisView.Of(x.Shape, -1);
        Softmax.Backward(y.Values, y.Gradient, x.GradientTarget(out bool accumulate), rows, columns, accumulate);
    }
}

/// <summary>x − ln Σ eˣ along the last axis.</summary>
internal sealed class LogSoftmaxOfRows : Operator
{
    private static readonly LogSoftmaxOfRows Instance = new();

    public static Tensor Apply(Tensor x)
    {
        (int rows, int columns, _) = AxisView.Of(x.Shape, -1);
        Tensor y = Tensor.Result(x.Shape, Instance, x);
        Softmax.LogForward(x.Values, y.Values, rows, columns);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        (int rows, int columns, _) = AxisView.Of(x.Shape, -1);
        Softmax.LogBackward(y.Values, y.Gradient, x.GradientTarget(out bool accumulate), rows, columns, accumulate);
    }
}

/// <summary>ln Σ eˣ along the last axis.</summary>
internal sealed class LogSumExpOfRows : Operator
{
    private static readonly LogSumExpOfRows Instance = new();

    public static Tensor Apply(Tensor x, bool keep)
    {
        (int rows, int columns, _) = AxisView.Of(x.Shape, -1);
        Tensor y = Tensor.Result(Shapes.Reduced(x.Shape, -1, keep), Instance, x);
        Softmax.LogSumExp(x.Values, y.Values, Tensor.Constant(new Shape(columns)).Values, rows, columns);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        (int rows, int columns, _) = AxisView.Of(x.Shape, -1);
        Softmax.LogSumExpBackward(
            x.Values, y.Values, y.Gradient, x.GradientTarget(out bool accumulate), rows, columns, accumulate);
    }
}
