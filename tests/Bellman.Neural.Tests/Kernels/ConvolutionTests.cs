using Bellman.Neural.Kernels;
using Bellman.Neural.Random;

namespace Bellman.Neural.Tests.Kernels;

/// <summary>The kernels of convolutions against their definition, over sizes that leave rests in every loop, at every width of vectors.</summary>
public sealed class ConvolutionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Shapes_of_any_size_agree_with_the_definition(int seed)
    {
        var random = new Pcg64((ulong)seed);
        for (int i = 0; i < 60; i++)
        {
            Check(Draw(random), seed);
        }
    }

    [Fact]
    public void The_layers_of_the_known_networks_agree_with_the_definition()
    {
        Check(new(2, 16, 18, 43, 32, 5, 5, 2, 0), 1);
        Check(new(3, 32, 7, 20, 32, 5, 5, 2, 0), 2);
        Check(new(2, 4, 84, 84, 32, 8, 8, 4, 0), 3);
        Check(new(2, 32, 20, 20, 64, 4, 4, 2, 0), 4);
        Check(new(2, 64, 9, 9, 64, 3, 3, 1, 0), 5);
        Check(new(2, 16, 21, 21, 16, 3, 3, 1, 1), 6);
    }

    private static ConvolutionShape Draw(Pcg64 random)
    {
        int kernelHeight = 1 + Below(6);
        int kernelWidth = 1 + Below(6);
        return new ConvolutionShape(
            Batch: 1 + Below(11), Channels: 1 + Below(9), Height: kernelHeight + Below(8), Width: kernelWidth + Below(12),
            Outputs: 1 + Below(37), kernelHeight, kernelWidth, Stride: 1 + Below(5), Padding: Below(4));

        int Below(int bound) => (int)(random.NextDouble() * bound);
    }

    private static void Check(ConvolutionShape shape, int seed)
    {
        float[] x = Numbers.Normal(shape.Batch * shape.Image, (ulong)seed + 1);
        float[] weights = Numbers.Normal(shape.Outputs * shape.Patch, (ulong)seed + 2, 0.3);
        float[] bias = Numbers.Normal(shape.Outputs, (ulong)seed + 3);
        float[] dy = Numbers.Normal(shape.Batch * shape.Outputs * shape.Places, (ulong)seed + 4);
        double[] y = new double[dy.Length];
        double[] dx = new double[x.Length];
        double[] dweights = new double[weights.Length];
        double[] dbias = new double[bias.Length];
        Define(in shape, x, weights, bias, dy, y, dx, dweights, dbias);

        float[] actual = new float[y.Length];
        Convolution.Forward(in shape, x, weights, bias, actual, relu: false);
        Near(y, actual, shape, "outputs");
        Convolution.Forward(in shape, x, weights, bias, actual, relu: true);
        Near([.. y.Select(value => Math.Max(value, 0))], actual, shape, "outputs after a ReLU");
        foreach (bool accumulate in new[] { false, true })
        {
            Gradient(dx, shape, "images' gradient", accumulate, (to, add) => Convolution.BackwardInput(in shape, weights, dy, to, add));
            Gradient(dweights, shape, "weights' gradient", accumulate, (to, add) => Convolution.BackwardWeights(in shape, x, dy, to, add));
            Gradient(dbias, shape, "bias' gradient", accumulate, (to, add) => Convolution.BackwardBias(in shape, dy, to, add));
        }

        float[] images = new float[x.Length];
        Convolution.BackwardInput(in shape, weights, dy, images, accumulate: false);
        Numbers.SameBits(images, Images<Simd128>(in shape, weights, dy));
        Numbers.SameBits(images, Images<Simd256>(in shape, weights, dy));
        Numbers.SameBits(images, Images<Simd512>(in shape, weights, dy));
    }

    private delegate void Pass(float[] to, bool accumulate);

    private static void Gradient(double[] expected, ConvolutionShape shape, string what, bool accumulate, Pass pass)
    {
        float[] start = Numbers.Normal(expected.Length, 9);
        float[] actual = [.. start];
        pass(actual, accumulate);
        Near(accumulate ? [.. expected.Zip(start, (gradient, before) => gradient + before)] : expected, actual, shape, what);
    }

    private static unsafe float[] Images<V>(in ConvolutionShape shape, float[] weights, float[] dy)
        where V : struct, ISimd<V>
    {
        float[] dx = new float[shape.Batch * shape.Image];
        fixed (float* pWeights = weights, pOutput = dy, pInput = dx)
        {
            ConvolutionInput<V> work = new(in shape, pWeights, pOutput, pInput, accumulate: false);
            for (int n = 0; n < shape.Batch; n++)
            {
                work.Do(n);
            }
        }

        return dx;
    }

    private static void Define(
        in ConvolutionShape shape, float[] x, float[] weights, float[] bias, float[] dy, double[] y, double[] dx, double[] dweights, double[] dbias)
    {
        for (int i = 0; i < dy.Length; i++)
        {
            int place = i % shape.Places;
            int output = i / shape.Places % shape.Outputs;
            int n = i / (shape.Places * shape.Outputs);
            y[i] = bias[output];
            dbias[output] += dy[i];
            for (int number = 0; number < shape.Patch; number++)
            {
                int channel = number / (shape.KernelHeight * shape.KernelWidth);
                int row = (place / shape.OutputWidth * shape.Stride) + (number / shape.KernelWidth % shape.KernelHeight) - shape.Padding;
                int column = (place % shape.OutputWidth * shape.Stride) + (number % shape.KernelWidth) - shape.Padding;
                if (row < 0 || row >= shape.Height || column < 0 || column >= shape.Width) continue;
                int pixel = (((((n * shape.Channels) + channel) * shape.Height) + row) * shape.Width) + column;
                int weight = (output * shape.Patch) + number;
                y[i] += (double)weights[weight] * x[pixel];
                dx[pixel] += (double)weights[weight] * dy[i];
                dweights[weight] += (double)x[pixel] * dy[i];
            }
        }
    }

    private static void Near(double[] expected, float[] actual, ConvolutionShape shape, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (Math.Abs(expected[i] - actual[i]) <= 1e-4 * (1 + Math.Abs(expected[i]))) continue;
            Assert.Fail($"{what} of {shape}: element {i} is {actual[i]}; expected {expected[i]}.");
        }
    }
}
