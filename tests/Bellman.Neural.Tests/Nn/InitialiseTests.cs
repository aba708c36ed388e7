using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Nn;

public sealed class InitialiseTests
{
    [Theory]
    [InlineData(5, 5)]
    [InlineData(3, 40)]
    [InlineData(40, 3)]
    [InlineData(64, 128)]
    public void Orthogonal_vectors_are_orthogonal_and_of_length_gain(int rows, int columns)
    {
        Tensor weight = Tensor.Zeros(rows, columns);
        Initialise.Orthogonal(weight, new Pcg64(1), gain: 2);
        Tensor turned = weight.Transpose(0, 1);
        Tensor products = rows <= columns ? Tensor.MatMul(weight, turned) : Tensor.MatMul(turned, weight);
        int count = Math.Min(rows, columns);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                Assert.Equal(i == j ? 4 : 0, products[i, j], 1e-5);
            }
        }
    }

    [Fact]
    public void An_orthogonal_matrix_keeps_the_direction_of_its_first_random_vector()
    {
        // Only with R's diagonal positive is Q's first row the random one, at length one.
        Tensor random = Tensor.Zeros(4, 4);
        new Pcg64(9).FillNormal(random.Values);
        Tensor weight = Tensor.Zeros(4, 4);
        Initialise.Orthogonal(weight, new Pcg64(9));
        float length = random.Slice(0, 0, 1).Square().Sum().Sqrt().Item();
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(random[0, i] / length, weight[0, i], 1e-6);
        }
    }

    [Fact]
    public void A_convolutional_weight_counts_as_outputs_by_the_rest()
    {
        Tensor weight = Tensor.Zeros(8, 3, 5, 5);
        Initialise.Orthogonal(weight, new Pcg64(1), MathF.Sqrt(2));
        Tensor rows = weight.Reshape(8, -1);
        Assert.Equal(2, Tensor.MatMul(rows, rows.Transpose(0, 1))[3, 3], 1e-5);
    }

    [Fact]
    public void Kaiming_and_Xavier_have_the_widths_of_torch_nn_init()
    {
        // [300, 200]: fan in 200, fan out 300.
        Tensor weight = Tensor.Zeros(300, 200);
        Initialise.KaimingUniform(weight, new Pcg64(1));
        Spread(weight, uniform: true, deviation: Math.Sqrt(2.0 / 200));
        Initialise.KaimingUniform(weight, new Pcg64(1), Nonlinearity.LeakyRelu, Fan.Out, slope: MathF.Sqrt(5));
        Spread(weight, uniform: true, deviation: Math.Sqrt(1.0 / 3 / 300));
        Initialise.KaimingNormal(weight, new Pcg64(1), Nonlinearity.Tanh);
        Spread(weight, uniform: false, deviation: 5.0 / 3 / Math.Sqrt(200));
        Initialise.XavierUniform(weight, new Pcg64(1), gain: 3);
        Spread(weight, uniform: true, deviation: 3 * Math.Sqrt(2.0 / 500));
        Initialise.XavierNormal(weight, new Pcg64(1));
        Spread(weight, uniform: false, deviation: Math.Sqrt(2.0 / 500));
    }

    [Fact]
    public void A_kernels_places_count_for_the_fans()
    {
        // Fan in 4 · 25 = 100.
        Tensor weight = Tensor.Zeros(64, 4, 5, 5);
        Initialise.KaimingNormal(weight, new Pcg64(2), Nonlinearity.Linear);
        Spread(weight, uniform: false, deviation: 0.1);
    }

    [Fact]
    public void A_vector_has_no_fans()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Initialise.XavierNormal(Tensor.Zeros(3), new Pcg64(0)));
        Assert.Contains("[3]", error.Message);
        Assert.Throws<ArgumentException>(() => Initialise.Orthogonal(Tensor.Zeros(3), new Pcg64(0)));
    }

    private static void Spread(Tensor weight, bool uniform, double deviation)
    {
        Assert.Equal(deviation, weight.Std().Item(), 0.02 * deviation);
        float largest = weight.Abs().Max().Item();
        if (uniform) Assert.InRange(largest, 0.999 * deviation * Math.Sqrt(3), deviation * Math.Sqrt(3) * 1.000001);
        else Assert.True(largest > 3 * deviation);
    }
}
