using System.Runtime.InteropServices;
using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tests.Kernels;

public sealed class ElementwiseTests
{
    [Fact]
    public void Every_one_argument_function_has_the_same_bits_at_every_width()
    {
        Widths(default(Relu));
        Widths(new LeakyRelu(0.01f));
        Widths(default(Tanh));
        Widths(default(Sigmoid));
        Widths(new Elu(1f));
        Widths(default(Silu));
        Widths(default(Gelu));
        Widths(default(GeluTanh));
        Widths(default(Softplus));
        Widths(default(Exp));
        Widths(default(Log));
        Widths(default(Log1p));
        Widths(default(Expm1));
        Widths(default(Sqrt));
        Widths(default(Square));
        Widths(default(Abs));
        Widths(default(Negate));
        Widths(default(Sine));
        Widths(default(Cosine));
        Widths(new Clamp(-0.5f, 0.75f));
        Widths(new Affine(2f, 1f));
        Widths(new DivideNumber(3f));
        Widths(new DivideByNumber(3f));
    }

    [Fact]
    public void Every_two_argument_function_has_the_same_bits_at_every_width()
    {
        Widths<Add>();
        Widths<Subtract>();
        Widths<Multiply>();
        Widths<Divide>();
        Widths<Minimum>();
        Widths<Maximum>();
    }

    [Fact]
    public void Every_derivative_agrees_with_differences()
    {
        Derivative(default(Relu));
        Derivative(new LeakyRelu(0.2f));
        Derivative(default(Tanh));
        Derivative(default(Sigmoid));
        Derivative(new Elu(1.5f));
        Derivative(default(Silu));
        Derivative(default(Gelu));
        Derivative(default(GeluTanh));
        Derivative(default(Softplus));
        Derivative(default(Exp));
        Derivative(default(Expm1));
        Derivative(default(Square));
        Derivative(default(Abs));
        Derivative(default(Negate));
        Derivative(default(Sine));
        Derivative(default(Cosine));
        Derivative(new Clamp(-0.5f, 0.75f));
        Derivative(new Affine(2f, 1f));
        Derivative(new DivideByNumber(3f));
    }

    [Fact]
    public void Not_a_number_passes_through()
    {
        Assert.True(float.IsNaN(default(Relu).Forward(new Simd1(float.NaN)).Value));
        Assert.True(float.IsNaN(new Clamp(0, 1).Forward(new Simd1(float.NaN)).Value));
        Assert.True(float.IsNaN(default(Maximum).Forward(new Simd1(float.NaN), new Simd1(1)).Value));
        Assert.True(float.IsNaN(default(Maximum).Forward(new Simd1(1), new Simd1(float.NaN)).Value));
        Assert.True(float.IsNaN(default(Minimum).Forward(new Simd1(float.NaN), new Simd1(1)).Value));
        Assert.True(float.IsNaN(default(Minimum).Forward(new Simd1(1), new Simd1(float.NaN)).Value));
        Assert.True(float.IsNaN(default(Softplus).Forward(new Simd1(float.NaN)).Value));
        Assert.True(float.IsNaN(default(Elu).Forward(new Simd1(float.NaN)).Value));
    }

    [Fact]
    public void Equal_arguments_of_a_maximum_share_the_gradient()
    {
        float[] left = new float[3];
        float[] right = new float[3];
        ElementwiseBinary.BackwardLeft<Maximum>([1, 2, 3], [1, 3, 2], [1, 3, 3], [10, 10, 10], left, accumulate: false);
        ElementwiseBinary.BackwardRight<Maximum>([1, 2, 3], [1, 3, 2], [1, 3, 3], [10, 10, 10], right, accumulate: false);
        Assert.Equal([5, 0, 10], left);
        Assert.Equal([5, 10, 0], right);
    }

    [Theory]
    [InlineData(nameof(Spread.Full))]
    [InlineData(nameof(Spread.Row))]
    [InlineData(nameof(Spread.Column))]
    [InlineData(nameof(Spread.Scalar))]
    public void A_spread_operand_acts_as_if_written_out(string name)
    {
        Spread spread = Enum.Parse<Spread>(name);
        foreach ((int rows, int columns) in new[] { (1, 1), (3, 5), (4, 16), (2, 37), (7, 33) })
        {
            float[] a = Numbers.Normal(rows * columns, 1);
            float[] b = Numbers.Normal(rows * columns, 2);
            float[] dy = Numbers.Normal(rows * columns, 3);
            float[] y = new float[rows * columns];
            float[] db = new float[rows * columns];
            ElementwiseBinary.Forward<Divide>(a, Spread.Full, b, spread, y, rows, columns);
            ElementwiseBinary.BackwardRight<Divide>(a, Spread.Full, b, spread, y, dy, db, rows, columns, accumulate: false);
            double[] expected = new double[rows * columns];
            for (int i = 0; i < a.Length; i++)
            {
                int at = spread switch { Spread.Full => i, Spread.Row => i % columns, Spread.Column => i / columns, _ => 0 };
                Assert.Equal(a[i] / b[at], y[i]);
                expected[at] -= dy[i] * a[i] / ((double)b[at] * b[at]);
            }

            for (int i = 0; i < a.Length; i++)
            {
                Assert.Equal(expected[i], db[i], 1e-4 * (1 + Math.Abs(expected[i])));
            }
        }
    }

    private static void Widths<TOperator>(TOperator function)
        where TOperator : struct, IUnaryOperator
    {
        for (int length = 0; length <= 49; length++)
        {
            Widths(function, Numbers.Normal(length, 7, 3), Numbers.Normal(length, 8));
        }

        Widths(function, Numbers.Special, Numbers.Normal(Numbers.Special.Length, 9));
        Widths(function, Numbers.Normal(1000, 5, 40), Numbers.Normal(1000, 6));
    }

    private static void Widths<TOperator>(TOperator function, float[] x, float[] dy)
        where TOperator : struct, IUnaryOperator
    {
        float[] y = Forward<TOperator, Simd1>(function, x);
        Numbers.SameBits(y, Forward<TOperator, Simd128>(function, x));
        Numbers.SameBits(y, Forward<TOperator, Simd256>(function, x));
        Numbers.SameBits(y, Forward<TOperator, Simd512>(function, x));
        float[] dx = Backward<TOperator, Simd1>(function, x, y, dy);
        Numbers.SameBits(dx, Backward<TOperator, Simd128>(function, x, y, dy));
        Numbers.SameBits(dx, Backward<TOperator, Simd256>(function, x, y, dy));
        Numbers.SameBits(dx, Backward<TOperator, Simd512>(function, x, y, dy));
    }

    private static float[] Forward<TOperator, V>(TOperator function, float[] x)
        where TOperator : struct, IUnaryOperator
        where V : struct, ISimd<V>
    {
        float[] y = new float[x.Length];
        Elementwise.Forward<TOperator, V>(
            function, ref MemoryMarshal.GetArrayDataReference(x), ref MemoryMarshal.GetArrayDataReference(y), (nuint)x.Length);
        return y;
    }

    private static float[] Backward<TOperator, V>(TOperator function, float[] x, float[] y, float[] dy)
        where TOperator : struct, IUnaryOperator
        where V : struct, ISimd<V>
    {
        float[] dx = Numbers.Normal(x.Length, 10);
        Elementwise.Backward<TOperator, V>(function, x, y, dy, dx, accumulate: true);
        return dx;
    }

    private static void Widths<TOperator>()
        where TOperator : struct, IBinaryOperator
    {
        float[] a = [.. Numbers.Special, .. Numbers.Normal(50, 1)];
        float[] b = [.. Numbers.Special.Reverse(), .. Numbers.Normal(50, 2)];
        float[] y = Forward<TOperator, Simd1>(a, b);
        Numbers.SameBits(y, Forward<TOperator, Simd128>(a, b));
        Numbers.SameBits(y, Forward<TOperator, Simd256>(a, b));
        Numbers.SameBits(y, Forward<TOperator, Simd512>(a, b));
    }

    private static float[] Forward<TOperator, V>(float[] a, float[] b)
        where TOperator : struct, IBinaryOperator
        where V : struct, ISimd<V>
    {
        float[] y = new float[a.Length];
        ElementwiseBinary.Forward<TOperator, V>(a, Spread.Full, b, Spread.Full, y, 1, y.Length);
        return y;
    }

    private static void Derivative<TOperator>(TOperator function)
        where TOperator : struct, IUnaryOperator
    {
        const float Step = 1 / 512f;
        foreach (float x in new[] { -3.1f, -1.3f, -0.6f, -0.2f, 0.15f, 0.7f, 1.9f, 4.2f })
        {
            float y = function.Forward(new Simd1(x)).Value;
            double above = function.Forward(new Simd1(x + Step)).Value;
            double below = function.Forward(new Simd1(x - Step)).Value;
            double width = (double)(x + Step) - (x - Step);
            double expected = (above - below) / width;
            float actual = function.Backward(new Simd1(x), new Simd1(y), new Simd1(1)).Value;
            Assert.Equal(expected, actual, 2e-4 * (1 + Math.Abs(expected)));
        }
    }
}
