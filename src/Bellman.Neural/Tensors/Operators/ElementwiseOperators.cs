using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>y = f(x), element by element.</summary>
internal sealed class Unary<TFunction> : Operator where TFunction : struct, IUnaryOperator
{
    private static readonly Unary<TFunction> Instance = new();

    public static Tensor Apply(Tensor x)
    {
        Tensor y = Tensor.Result(x.Shape, Instance, x);
        Elementwise.Forward<TFunction>(x.Values, y.Values);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Elementwise.Backward<TFunction>(x.Values, y.Values, y.Gradient, x.GradientTarget(out bool accumulate), accumulate);
    }
}

/// <summary>y = f(a, b), element by element, with NumPy's broadcasting.</summary>
/// <remarks>An operand that is a row, a column or one number is spread inside the kernel; any other is expanded first.</remarks>
internal sealed class Binary<TFunction> : Operator where TFunction : struct, IBinaryOperator
{
    private static readonly Binary<TFunction> Instance = new();

    public static Tensor Apply(Tensor a, Tensor b)
    {
        Shape shape = a.Shape;
        Spread spreadA = Spread.Full;
        Spread spreadB = Spread.Full;
        if (a.Shape != b.Shape)
        {
            shape = Broadcast.Common(a.Shape, b.Shape);
            a = Spreadable(a, shape, out spreadA);
            b = Spreadable(b, shape, out spreadB);
        }

        Tensor y = Tensor.Result(shape, Instance, a, b);
        y.Saved.Int0 = (int)spreadA;
        y.Saved.Int1 = (int)spreadB;
        (int rows, int columns) = Matrix(shape);
        ElementwiseBinary.Forward<TFunction>(a.Values, spreadA, b.Values, spreadB, y.Values, rows, columns);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor a = y.Input(0);
        Tensor b = y.Input(1);
        var spreadA = (Spread)y.Saved.Int0;
        var spreadB = (Spread)y.Saved.Int1;
        (int rows, int columns) = Matrix(y.Shape);
        if (a.RequiresGradient)
        {
            Span<float> da = a.GradientTarget(out bool accumulate);
            ElementwiseBinary.BackwardLeft<TFunction>(
                a.Values, spreadA, b.Values, spreadB, y.Values, y.Gradient, da, rows, columns, accumulate);
        }

        if (b.RequiresGradient)
        {
            Span<float> db = b.GradientTarget(out bool accumulate);
            ElementwiseBinary.BackwardRight<TFunction>(
                a.Values, spreadA, b.Values, spreadB, y.Values, y.Gradient, db, rows, columns, accumulate);
        }
    }

    private static (int Rows, int Columns) Matrix(Shape shape)
    {
        int columns = shape.Rank == 0 ? 1 : shape[-1];
        return (columns == 0 ? 0 : shape.Length / columns, columns);
    }

    private static Tensor Spreadable(Tensor x, Shape shape, out Spread spread)
    {
        (int rows, int columns) = Matrix(shape);
        spread = Spread.Full;
        if (x.Shape == shape) return x;
        if (x.Length == 1)
        {
            spread = Spread.Scalar;
        }
        else if (x.Length == columns && x.Shape[-1] == columns)
        {
            spread = Spread.Row;
        }
        else if (x.Length == rows && x.Rank == shape.Rank && x.Shape[-1] == 1)
        {
            spread = Spread.Column;
        }

        return spread == Spread.Full ? Broadcast.Expand(x, shape) : x;
    }
}
