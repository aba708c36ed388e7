using Bellman.Neural.Random;

namespace Bellman.Benchmarks;

/// <summary>Inputs that the benchmarks share.</summary>
internal static class Numbers
{
    /// <summary>Numbers of the standard normal distribution, always the same.</summary>
    public static float[] Normal(int length)
    {
        float[] numbers = new float[length];
        new Pcg64(1).FillNormal(numbers);
        return numbers;
    }
}
