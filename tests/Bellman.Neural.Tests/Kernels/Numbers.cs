using Bellman.Neural.Random;

namespace Bellman.Neural.Tests.Kernels;

/// <summary>Inputs and comparisons that the kernels' tests share.</summary>
internal static class Numbers
{
    /// <summary>Zeros, ones, infinities, not-a-number, the ends of the normal range and below it.</summary>
    public static readonly float[] Special =
    [
        0f, -0f, 1f, -1f, 0.5f, -0.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue,
        1.17549435e-38f, -1.17549435e-38f, 1e-40f, -1e-40f, float.Epsilon, 1e-20f, -1e-20f, 1e20f, -1e20f, 88.7f, 88.8f, -87.3f,
        -88f, -103.9f, -104.1f, 16777216f, -16777217f, 127f, 128f, 0.99999994f, 1.0000001f,
    ];

    /// <summary>Numbers of a normal distribution.</summary>
    public static float[] Normal(int length, ulong seed, double scale = 1)
    {
        var random = new Pcg64(seed);
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++)
        {
            numbers[i] = (float)(scale * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5));
        }

        return numbers;
    }

    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            // Which of the many not-a-numbers came out is no part of the promise.
            if (float.IsNaN(expected[i]) && float.IsNaN(actual[i])) continue;
            if (BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])) continue;
            Assert.Fail($"Element {i} of {expected.Length} is {actual[i]:G9}; expected {expected[i]:G9}.");
        }
    }

    public static void Near(double expected, float actual, double relative, string what)
    {
        if (double.IsNaN(expected) && float.IsNaN(actual)) return;
        if ((float)expected == actual) return;
        bool near = Math.Abs(expected - actual) <= (relative * Math.Abs(expected)) + 1.5e-45;
        Assert.True(near, $"{what} is {actual:G9}; expected {expected:G12}.");
    }
}
