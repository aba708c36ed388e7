using Bellman.Neural.Kernels;

namespace Bellman.Neural.Tests.Kernels;

public sealed class MatrixProductTests
{
    public static TheoryData<int, int, int> Shapes { get; } = new()
    {
        { 1, 1, 1 }, { 1, 4, 64 }, { 1, 64, 64 }, { 1, 64, 4 }, { 2, 3, 5 }, { 3, 17, 2 }, { 5, 5, 31 }, { 4, 8, 33 }, { 7, 64, 65 },
        { 32, 4, 64 }, { 32, 64, 64 }, { 32, 64, 2 }, { 64, 8, 256 }, { 13, 100, 47 }, { 64, 64, 64 }, { 100, 31, 50 }, { 37, 300, 97 },
        { 128, 128, 128 }, { 1, 3136, 512 }, { 130, 513, 70 }, { 6, 1, 6 }, { 25, 2, 1 }, { 1, 1, 40 }, { 16, 1000, 16 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void All_three_layouts_agree_with_the_definition(int m, int k, int n)
    {
        float[] a = Numbers.Normal(m * k, 1);
        float[] b = Numbers.Normal(k * n, 2);
        float[] start = Numbers.Normal(m * n, 3);
        foreach (bool accumulate in new[] { false, true })
        {
            double[] expected = Naive(a, b, accumulate ? start : new float[m * n], m, k, n);
            float[] c = [.. start];
            MatrixProduct.NN(a, b, c, m, k, n, accumulate);
            Near(expected, c, k);

            c = [.. start];
            MatrixProduct.NT(a, Transposed(b, k, n), c, m, k, n, accumulate);
            Near(expected, c, k);

            c = [.. start];
            MatrixProduct.TN(Transposed(a, m, k), b, c, m, k, n, accumulate);
            Near(expected, c, k);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_linear_layer_adds_its_bias_and_applies_its_activation(int batch, int inputs, int outputs)
    {
        float[] x = Numbers.Normal(batch * inputs, 1);
        float[] weight = Numbers.Normal(inputs * outputs, 2, 0.2);
        float[] bias = Numbers.Normal(outputs, 3);
        float[] start = new float[batch * outputs];
        for (int i = 0; i < start.Length; i++)
        {
            start[i] = bias[i % outputs];
        }

        double[] expected = Naive(x, Transposed(weight, outputs, inputs), start, batch, inputs, outputs);
        float[] y = new float[batch * outputs];
        MatrixProduct.Linear(x, weight, bias, y, batch, inputs, outputs, Activation.None);
        Near(expected, y, inputs);
        MatrixProduct.Linear(x, weight, bias, y, batch, inputs, outputs, Activation.Relu);
        Near([.. expected.Select(value => Math.Max(value, 0))], y, inputs);
        MatrixProduct.Linear(x, weight, bias, y, batch, inputs, outputs, Activation.Tanh);
        Near([.. expected.Select(Math.Tanh)], y, inputs);
        MatrixProduct.Linear(x, weight, default, y, batch, inputs, outputs, Activation.None);
        Near(Naive(x, Transposed(weight, outputs, inputs), new float[batch * outputs], batch, inputs, outputs), y, inputs);
    }

    private static double[] Naive(float[] a, float[] b, float[] start, int m, int k, int n)
    {
        double[] c = new double[m * n];
        for (int i = 0; i < m * n; i++)
        {
            c[i] = start[i];
            for (int p = 0; p < k; p++)
            {
                c[i] += (double)a[(i / n * k) + p] * b[(p * n) + (i % n)];
            }
        }

        return c;
    }

    private static float[] Transposed(float[] x, int rows, int columns)
    {
        float[] y = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            y[(i % columns * rows) + (i / columns)] = x[i];
        }

        return y;
    }

    private static void Near(double[] expected, float[] actual, int k)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 2e-7 * Math.Sqrt(k) * (1 + Math.Sqrt(k)));
        }
    }
}
