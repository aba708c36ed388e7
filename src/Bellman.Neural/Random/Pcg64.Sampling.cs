using System.Numerics;

namespace Bellman.Neural.Random;

/// <summary>Integers in bulk, permutations and choices, as NumPy's <c>Generator</c> draws them.</summary>
public sealed partial class Pcg64
{
    /// <summary>Fills with uniform integers from [low, high): <c>integers(low, high, size)</c>.</summary>
    public void FillIntegers(Span<long> destination, long low, long high)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = Integers(low, high);
        }
    }

    /// <summary>Fills with uniform integers from [low, high): <c>integers(low, high, size, dtype=int32)</c>.</summary>
    public void FillIntegers(Span<int> destination, int low, int high)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (int)Integers(low, high);
        }
    }

    /// <summary>
    /// Fills with uniform integers from [low, high), high at most 256: <c>integers(low, high, size, dtype=uint8)</c>,
    /// which cuts four draws from each 32 bits and drops the unused ones at the end.
    /// </summary>
    public void FillIntegers(Span<byte> destination, int low, int high)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(low);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(low, high);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(high, 256);
        if (high - low == 1)
        {
            destination.Fill((byte)low);
            return;
        }

        var bytes = new ByteDraws(this);
        uint count = (uint)(high - low);
        uint threshold = 256 % count;
        for (int i = 0; i < destination.Length; i++)
        {
            uint product = bytes.Next() * count;
            while ((byte)product < threshold) product = bytes.Next() * count;
            destination[i] = (byte)((uint)low + (product >> 8));
        }
    }

    /// <summary>Puts the values into random order: NumPy's <c>shuffle</c>.</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = (int)Interval((uint)i);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>The integers from [0, count) in random order: NumPy's <c>permutation(count)</c>.</summary>
    public int[] Permutation(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] result = new int[count];
        Permutation(result);
        return result;
    }

    /// <summary>Fills with the integers from [0, length) in random order.</summary>
    public void Permutation(Span<int> destination)
    {
        FillAscending(destination);
        Shuffle(destination);
    }

    /// <summary>
    /// Indices drawn uniformly from [0, population): NumPy's <c>choice(population, count, replace)</c>.
    /// </summary>
    public int[] Choice(int population, int count, bool replace = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(population);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] result = new int[count];
        if (count == 0) return result;
        RequireEnough(population, count, replace);
        if (replace)
        {
            FillIntegers(result, 0, population);
        }
        else if (population > 10_000 && count > population / 50)
        {
            // Many out of many: the last places of a shuffle that stops there.
            int[] all = new int[population];
            FillAscending(all);
            ShuffleChosen(all, first: Math.Max(population - count, 1));
            all.AsSpan(population - count).CopyTo(result);
        }
        else
        {
            ChooseByFloyd(population, result);
            ShuffleChosen(result, first: 1);
        }

        return result;
    }

    /// <summary>One index drawn with the given probabilities: NumPy's <c>choice(n, p=probabilities)</c>.</summary>
    public int Choice(ReadOnlySpan<double> probabilities)
    {
        RequireProbabilities(probabilities);
        return Pick(probabilities, NextDouble());
    }

    /// <summary>
    /// Indices drawn with the given probabilities: NumPy's <c>choice(n, count, replace, probabilities)</c>.
    /// </summary>
    /// <param name="probabilities">One for each index, not negative, of sum 1.</param>
    public int[] Choice(ReadOnlySpan<double> probabilities, int count, bool replace = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        RequireProbabilities(probabilities);
        RequireEnough(probabilities.Length - probabilities.Count(0.0), count, replace);
        int[] result = new int[count];
        if (!replace)
        {
            ChooseDistinct(probabilities, result);
            return result;
        }

        for (int i = 0; i < count; i++)
        {
            result[i] = Pick(probabilities, NextDouble());
        }

        return result;
    }

    // NumPy shuffles an array by masked rejection, but the indices that it chooses by Lemire's method.
    private uint Interval(uint highest)
    {
        uint mask = uint.MaxValue >> BitOperations.LeadingZeroCount(highest);
        uint value = NextUInt32() & mask;
        while (value > highest) value = NextUInt32() & mask;
        return value;
    }

    // Stopping at first > 1 leaves the places from there on as those of a whole shuffle.
    private void ShuffleChosen(Span<int> values, int first)
    {
        for (int i = values.Length - 1; i >= first; i--)
        {
            int j = (int)Bounded((ulong)i);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    // Floyd (Bentley 1987): for each j a draw from [0, j], or j itself where that was drawn before.
    private void ChooseByFloyd(int population, Span<int> destination)
    {
        var drawn = new HashSet<int>(destination.Length);
        for (int i = 0; i < destination.Length; i++)
        {
            int j = population - destination.Length + i;
            int value = (int)Bounded((ulong)j);
            if (!drawn.Add(value))
            {
                value = j;
                drawn.Add(value);
            }

            destination[i] = value;
        }
    }

    // As many draws as are missing, of which repetitions are dropped; then again without the indices found so far.
    private void ChooseDistinct(ReadOnlySpan<double> probabilities, Span<int> destination)
    {
        double[] left = probabilities.ToArray();
        int found = 0;
        while (found < destination.Length)
        {
            double[] draws = new double[destination.Length - found];
            FillUniform(draws);
            for (int i = 0; i < found; i++)
            {
                left[destination[i]] = 0;
            }

            int known = found;
            foreach (double draw in draws)
            {
                int index = Pick(left, draw);
                if (!destination[known..found].Contains(index)) destination[found++] = index;
            }
        }
    }

    // The first index whose cumulative share exceeds the draw.
    private static int Pick(ReadOnlySpan<double> probabilities, double draw)
    {
        double total = 0;
        foreach (double probability in probabilities)
        {
            total += probability;
        }

        double sum = 0;
        for (int i = 0; i < probabilities.Length - 1; i++)
        {
            sum += probabilities[i];
            if (sum / total > draw) return i;
        }

        return probabilities.Length - 1;
    }

    private static void FillAscending(Span<int> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = i;
        }
    }

    private static void RequireEnough(int population, int count, bool replace)
    {
        if (population == 0 && count > 0) throw new ArgumentException("There is nothing to choose from.");
        if (!replace && count > population)
        {
            throw new ArgumentException($"Without replacement at most {population} can be chosen; got {count}.");
        }
    }

    private static void RequireProbabilities(ReadOnlySpan<double> probabilities)
    {
        double sum = 0;
        foreach (double probability in probabilities)
        {
            if (!(probability >= 0)) throw new ArgumentException($"A probability is not negative; got {probability}.");
            sum += probability;
        }

        if (!(Math.Abs(sum - 1) <= 1.5e-8)) throw new ArgumentException($"Probabilities sum to 1; these sum to {sum}.");
    }

    /// <summary>Bytes cut from 32-bit draws, lowest first.</summary>
    private ref struct ByteDraws(Pcg64 random)
    {
        private uint rest;
        private int left;

        public uint Next()
        {
            if (left == 0)
            {
                rest = random.NextUInt32();
                left = 4;
            }
            else
            {
                rest >>= 8;
            }

            left--;
            return rest & 0xFF;
        }
    }
}
