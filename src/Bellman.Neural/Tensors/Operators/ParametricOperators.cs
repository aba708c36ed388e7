using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tensors;

/// <summary>Makes a function from the one or two numbers that are its parameters.</summary>
internal interface IFunctionOf<TFunction> where TFunction : struct, IUnaryOperator
{
    static abstract TFunction Create(float first, float second);
}

/// <summary>y = f(x; parameters), element by element.</summary>
internal sealed class Parametric<TFunction, TOf> : Operator
    where TFunction : struct, IUnaryOperator
    where TOf : struct, IFunctionOf<TFunction>
{
    private static readonly Parametric<TFunction, TOf> Instance = new();

    public static Tensor Apply(Tensor x, float first, float second = 0)
    {
        Tensor y = Tensor.Result(x.Shape, Instance, x);
        y.Saved.Float0 = first;
        y.Saved.Float1 = second;
        Elementwise.Forward(TOf.Create(first, second), x.Values, y.Values);
        return y;
    }

    public override void Backward(Tensor y)
    {
        Tensor x = y.Input(0);
        Span<float> dx = x.GradientTarget(out bool accumulate);
        Elementwise.Backward(TOf.Create(y.Saved.Float0, y.Saved.Float1), x.Values, y.Values, y.Gradient, dx, accumulate);
    }
}

internal readonly struct AffineOf : IFunctionOf<Affine>
{
    public static Affine Create(float first, float second) => new(first, second);
}

internal readonly struct DivisorOf : IFunctionOf<DivideByNumber>
{
    public static DivideByNumber Create(float first, float second) => new(first);
}

internal readonly struct NumeratorOf : IFunctionOf<DivideNumber>
{
    public static DivideNumber Create(float first, float second) => new(first);
}

internal readonly struct LeakyReluOf : IFunctionOf<LeakyRelu>
{
    public static LeakyRelu Create(float first, float second) => new(first);
}

internal readonly struct EluOf : IFunctionOf<Elu>
{
    public static Elu Create(float first, float second) => new(first);
}

internal readonly struct ClampOf : IFunctionOf<Clamp>
{
    public static Clamp Create(float first, float second) => new(first, second);
}
