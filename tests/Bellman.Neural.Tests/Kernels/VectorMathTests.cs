using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tests.Kernels;

public sealed class VectorMathTests
{
    private const double Ulp = 1.0 / 8388608;

    [Fact]
    public void The_exponential_is_within_two_units() => Check<Exp>(Math.Exp, -104, 89, 1.5);

    [Fact]
    public void The_exponential_less_one_is_within_two_units() => Check<Expm1>(ExpMinusOne, -20, 89, 2);

    [Fact]
    public void The_exponential_less_one_is_accurate_near_zero() => Check<Expm1>(ExpMinusOne, -1e-3, 1e-3, 2);

    [Fact]
    public void The_logarithm_is_within_two_units() => Check<Log>(Math.Log, 1e-3, 1e3, 2);

    [Fact]
    public void The_logarithm_of_one_plus_is_within_two_units() => Check<Log1p>(LogOnePlus, -0.999, 50, 2);

    [Fact]
    public void The_logarithm_of_one_plus_is_accurate_near_zero() => Check<Log1p>(LogOnePlus, -1e-3, 1e-3, 2);

    [Fact]
    public void The_hyperbolic_tangent_is_within_four_units() => Check<Tanh>(Math.Tanh, -10, 10, 3);

    [Fact]
    public void The_hyperbolic_tangent_is_accurate_near_zero() => Check<Tanh>(Math.Tanh, -1e-3, 1e-3, 3);

    [Fact]
    public void The_sigmoid_is_within_three_units() => Check<Sigmoid>(x => 1 / (1 + Math.Exp(-x)), -80, 80, 2.5);

    [Fact]
    public void Softplus_is_within_three_units() => Check<Softplus>(x => x < 0 ? LogOnePlus(Math.Exp(x)) : x + LogOnePlus(Math.Exp(-x)), -80, 80, 3);

    [Fact]
    public void The_error_function_is_within_two_units() => Check<Error>(ErrorFunction, -3.9, 3.9, 2);

    [Fact]
    public void The_sine_is_near() => CheckAbsolute<Sine>(Math.Sin, -3000, 3000, 1.5 * Ulp);

    [Fact]
    public void The_cosine_is_near() => CheckAbsolute<Cosine>(Math.Cos, -3000, 3000, 1.5 * Ulp);

    [Theory]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(0f, 1f)]
    [InlineData(89f, float.PositiveInfinity)]
    [InlineData(-104f, 0f)]
    public void The_exponential_has_its_limits(float x, float expected) => Assert.Equal(expected, VectorMath.Exp(new Simd1(x)).Value);

    [Theory]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, float.NaN)]
    [InlineData(0f, float.NegativeInfinity)]
    [InlineData(-1e-40f, float.NaN)]
    [InlineData(1f, 0f)]
    public void The_logarithm_has_its_limits(float x, float expected) => Assert.Equal(expected, VectorMath.Log(new Simd1(x)).Value);

    [Theory]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(-1f, float.NegativeInfinity)]
    [InlineData(-1.5f, float.NaN)]
    [InlineData(1e-30f, 1e-30f)]
    [InlineData(float.MaxValue, 88.7228394f)]
    public void The_logarithm_of_one_plus_has_its_limits(float x, float expected) =>
        Assert.Equal(expected, VectorMath.Log1p(new Simd1(x)).Value);

    [Theory]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.NegativeInfinity, -1f)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(0f, 0f)]
    [InlineData(1e-38f, 1e-38f)]
    public void The_hyperbolic_tangent_and_the_error_function_have_their_limits(float x, float expected)
    {
        Assert.Equal(expected, VectorMath.Tanh(new Simd1(x)).Value);
        if (x != 1e-38f) Assert.Equal(expected, VectorMath.Erf(new Simd1(x)).Value);
    }

    [Fact]
    public void Numbers_below_the_normal_range_have_logarithms()
    {
        foreach (float x in new[] { 1e-39f, 1e-42f, float.Epsilon })
        {
            Numbers.Near(Math.Log(x), VectorMath.Log(new Simd1(x)).Value, 1e-6, "ln");
        }
    }

    private static void Check<TOperator>(Func<double, double> reference, double low, double high, double units)
        where TOperator : struct, IUnaryOperator
    {
        double worst = 0;
        float at = 0;
        for (int i = 0; i <= 200_000; i++)
        {
            float x = (float)(low + ((high - low) * i / 200_000));
            double expected = reference(x);
            if (Math.Abs(expected) < 1.2e-38 || Math.Abs(expected) > float.MaxValue) continue;
            double error = Math.Abs(default(TOperator).Forward(new Simd1(x)).Value - expected) / Unit(expected);
            if (error > worst)
            {
                worst = error;
                at = x;
            }
        }

        Assert.True(worst <= units, $"{worst:F2} units in the last place at {at:G9}.");
    }

    private static void CheckAbsolute<TOperator>(Func<double, double> reference, double low, double high, double tolerance)
        where TOperator : struct, IUnaryOperator
    {
        for (int i = 0; i <= 200_000; i++)
        {
            float x = (float)(low + ((high - low) * i / 200_000));
            Assert.Equal(reference(x), default(TOperator).Forward(new Simd1(x)).Value, tolerance);
        }
    }

    private static double Unit(double x) => Math.Max(MathF.BitIncrement(MathF.Abs((float)x)) - MathF.Abs((float)x), 1e-45);

    private static double ExpMinusOne(double x) => Math.Abs(x) < 1e-2 ? x * (1 + (x / 2 * (1 + (x / 3 * (1 + (x / 4 * (1 + (x / 5)))))))) : Math.Exp(x) - 1;

    private static double LogOnePlus(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : Math.Log(u) - ((u - 1 - x) / u);
    }

    private static double ErrorFunction(double x)
    {
        // The Maclaurin series converges everywhere and keeps nine digits up to 4.
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private readonly struct Error : IUnaryOperator
    {
        public V Forward<V>(V x)
            where V : struct, ISimd<V> => VectorMath.Erf(x);

        public V Backward<V>(V x, V y, V dy)
            where V : struct, ISimd<V> => dy;
    }
}
