using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Bellman.Neural.Kernels;
using Bellman.Neural.Random;

namespace Bellman.Neural.Tests.Kernels;

/// <summary>a · b + c in software has the bits of the hardware's instruction or, where there is none, of the C library's function.</summary>
public sealed class FusedMultiplyTests
{
    private const int Length = 1 << 14;
    private const int Rounds = 32;

    // (1 + t)(1 − t) = 1 − 2⁻⁴⁰, which a double next to a float's last bit does not hold.
    private const float T = 1f / (1 << 20);

    /// <summary>Operands of one kind.</summary>
    private delegate (float A, float B, float C) Draw(Pcg64 random);

    private static readonly Dictionary<string, Draw> Kinds = new(StringComparer.Ordinal)
    {
        ["any bits"] = random => (Bits(random), Bits(random), Bits(random)),
        ["ordinary"] = random => (Scaled(random, -8, 8), Scaled(random, -8, 8), Scaled(random, -8, 8)),
        ["cancelling"] = random => Cancelling(Scaled(random, -80, 60), Scaled(random, -60, 60), random),
        ["halfway"] = random => Halfway(Scaled(random, -140, 127), random),
        ["below the normal range"] = random => (Scaled(random, -80, -60), Scaled(random, -80, -60), Scaled(random, -152, -120)),
        ["halfway below the normal range"] = random => Halfway(Scaled(random, -149, -126), random),
        ["huge"] = random => (Scaled(random, 60, 66), Scaled(random, 60, 64), Scaled(random, 120, 127)),
    };

    public static TheoryData<string> KindNames => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(KindNames))]
    public void Software_gives_the_bits_of_hardware(string kind)
    {
        var random = new Pcg64(1);
        float[] a = new float[Length], b = new float[Length], c = new float[Length], expected = new float[Length], actual = new float[Length];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < Length; i++)
            {
                (a[i], b[i], c[i]) = Kinds[kind](random);
            }

            Compute(a, b, c, expected, Vector128.FusedMultiplyAdd);
            Compute(a, b, c, actual, FusedMultiply.Add);
            Same(a, b, c, expected, actual);
            if (round % 8 != 0) continue;
            Compute(a, b, c, actual, FusedMultiply.AddByOdd);
            Same(a, b, c, expected, actual);
        }
    }

    [Fact]
    public void Software_gives_the_bits_of_hardware_for_special_numbers()
    {
        foreach (float a in Numbers.Special)
        {
            foreach (float b in Numbers.Special)
            {
                foreach (float c in Numbers.Special)
                {
                    Same([a], [b], [c], [MathF.FusedMultiplyAdd(a, b, c)], [Software(a, b, c)]);
                }
            }
        }
    }

    /// <summary>Sums a little beside the middle of two floats, computed by hand; rounding to double first ends at the other float.</summary>
    [Fact]
    public void A_sum_beside_the_middle_is_rounded_to_its_own_side()
    {
        const float Ulp = 1f / (1 << 23);
        Assert.Equal(1 + Ulp, Software(Ulp / 2 * (1 + T), 1 - T, 1 + Ulp));
        Assert.Equal(1 + Ulp, Software(-Ulp / 2 * (1 + T), 1 - T, 1 + Ulp));

        // Below the normal range, where the last bit is 2⁻¹⁴⁹ and the middle at 2⁻¹⁵⁰.
        float small = MathF.ScaleB(1, -127);
        float scale = MathF.ScaleB(1, -75);
        Assert.Equal(small + float.Epsilon, Software(scale * (1 + T), scale * (1 - T), small + float.Epsilon));

        // Just short of the middle between the largest float and 2¹²⁸.
        Assert.Equal(float.MaxValue, Software(MathF.ScaleB(1 + T, 103), 1 - T, float.MaxValue));
        Assert.Equal(float.PositiveInfinity, Software(MathF.ScaleB(1 + T, 103), 1, float.MaxValue));
    }

    private static float Software(float a, float b, float c) =>
        FusedMultiply.Add(Vector128.Create(a), Vector128.Create(b), Vector128.Create(c))[0];

    private static void Compute(
        float[] a, float[] b, float[] c, float[] y, Func<Vector128<float>, Vector128<float>, Vector128<float>, Vector128<float>> function)
    {
        for (int i = 0; i < Length; i += Vector128<float>.Count)
        {
            function(Vector128.Create(a, i), Vector128.Create(b, i), Vector128.Create(c, i)).CopyTo(y, i);
        }
    }

    private static void Same(float[] a, float[] b, float[] c, float[] expected, float[] actual)
    {
        if (MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(actual.AsSpan()))) return;
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])
                || (float.IsNaN(expected[i]) && float.IsNaN(actual[i]));
            Assert.True(same, $"{a[i]:G9} · {b[i]:G9} + {c[i]:G9} is {expected[i]:G9}, not {actual[i]:G9}.");
        }
    }

    private static float Bits(Pcg64 random) => BitConverter.UInt32BitsToSingle(random.NextUInt32());

    /// <summary>A random sign and significand, and an exponent from <paramref name="low"/> to <paramref name="high"/>.</summary>
    private static float Scaled(Pcg64 random, int low, int high)
    {
        uint bits = random.NextUInt32();
        float significand = BitConverter.UInt32BitsToSingle((bits & 0x807F_FFFF) | 0x3F80_0000);
        return MathF.ScaleB(significand, low + (int)(((bits >> 23) & 0xFF) % (uint)(high - low + 1)));
    }

    /// <summary>c is the rounded product, less a few units in its last place.</summary>
    private static (float A, float B, float C) Cancelling(float a, float b, Pcg64 random) =>
        (a, b, BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(-(a * b)) + random.Integers(5) - 2));

    /// <summary>The product is half a unit of c's last place, or as much less a little.</summary>
    private static (float A, float B, float C) Halfway(float c, Pcg64 random)
    {
        int half = Math.Max(MathF.ILogB(c), -126) - 24;
        uint choice = random.NextUInt32();
        float t = choice % 4 == 0 ? 0 : MathF.ScaleB(1, -13 - (int)(choice / 4 % 11));
        float a = MathF.ScaleB(1 + t, half / 2);
        return ((choice & 64) == 0 ? a : -a, MathF.ScaleB(1 - t, half - (half / 2)), c);
    }
}
