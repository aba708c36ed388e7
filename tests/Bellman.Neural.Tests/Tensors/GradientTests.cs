using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Tensors;

/// <summary>Gradients of every operator against central differences, which double precision sums up.</summary>
public sealed class GradientTests
{
    // Small enough for the curvature of these functions, large enough for the rounding of their floats.
    private const float Step = 1 / 128f;

    public static TheoryData<string> Operators { get; } = [.. OperatorCatalogue.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Gradients_agree_with_differences(string name)
    {
        OperatorCase operation = OperatorCatalogue.All.Single(entry => entry.Name == name);
        Tensor[] inputs = operation.Inputs();
        Tensor y = operation.Apply(inputs);
        float[] weights = Weights(y.Length);
        y.Backward(weights);
        float[][] gradients = [.. inputs.Select(input => input.Gradient.ToArray())];
        for (int i = 0; i < inputs.Length; i++)
        {
            double[] expected = Differences(operation, inputs, inputs[i], weights);
            double scale = 1 + expected.Max(Math.Abs);
            for (int j = 0; j < expected.Length; j++)
            {
                Assert.True(
                    Math.Abs(expected[j] - gradients[i][j]) <= 1.5e-3 * scale,
                    $"{name}, input {i}, element {j}: the gradient is {gradients[i][j]:G6}; differences give {expected[j]:G6}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Gradients_add_up_where_inputs_are_used_twice(string name)
    {
        OperatorCase operation = OperatorCatalogue.All.Single(entry => entry.Name == name);
        Tensor[] inputs = operation.Inputs();
        Tensor y = operation.Apply(inputs);
        float[] weights = Weights(y.Length);
        y.Backward(weights);
        float[][] once = [.. inputs.Select(input => input.Gradient.ToArray())];
        foreach (Tensor input in inputs)
        {
            input.ZeroGradient();
        }

        // Half of each: every rule adds to a gradient that is there already.
        ((operation.Apply(inputs) + operation.Apply(inputs)) * 0.5f).Backward(weights);
        for (int i = 0; i < inputs.Length; i++)
        {
            double scale = once[i].Max(Math.Abs);
            for (int j = 0; j < once[i].Length; j++)
            {
                Assert.Equal(once[i][j], inputs[i].Gradient[j], 1e-5 * scale);
            }
        }
    }

    private static double[] Differences(OperatorCase operation, Tensor[] inputs, Tensor input, float[] weights)
    {
        double[] differences = new double[input.Length];
        for (int j = 0; j < input.Length; j++)
        {
            float value = input[j];
            input[j] = value + Step;
            double above = Weighted(operation, inputs, weights);
            float width = input[j];
            input[j] = value - Step;
            double below = Weighted(operation, inputs, weights);
            differences[j] = (above - below) / ((double)width - input[j]);
            input[j] = value;
        }

        return differences;
    }

    private static double Weighted(OperatorCase operation, Tensor[] inputs, float[] weights)
    {
        using Autograd.PauseScope pause = Autograd.Pause();
        Tensor y = operation.Apply(inputs);
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += (double)weights[i] * y[i];
        }

        return sum;
    }

    private static float[] Weights(int length)
    {
        var random = new Pcg64(11);
        float[] weights = new float[length];
        for (int i = 0; i < length; i++)
        {
            weights[i] = (float)random.Uniform(-1, 1);
        }

        return weights;
    }
}
