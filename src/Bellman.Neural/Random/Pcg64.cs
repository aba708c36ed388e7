using System.Numerics;
using Bellman.Neural.State;

namespace Bellman.Neural.Random;

/// <summary>
/// The permuted congruential generator PCG XSL RR 128/64 (O'Neill 2014), equal to NumPy's <c>Generator(PCG64(seed))</c>
/// bit for bit. Every random number of Bellman comes from one; it is always passed in, and its state is part of a
/// checkpoint.
/// </summary>
public sealed partial class Pcg64 : IStateful
{
    private static readonly UInt128 Multiplier = new(2549297995355413924UL, 4865540595714422341UL);

    private readonly SeedSequence seeds;
    private UInt128 state;
    private UInt128 increment;

    // NumPy hands out 32-bit numbers in pairs: the low half of a draw first, the high half at the next call.
    private bool hasHalf;
    private uint half;

    public Pcg64(ulong seed)
        : this(new SeedSequence(seed))
    {
    }

    public Pcg64(SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        this.seeds = seeds;
        Span<ulong> words = stackalloc ulong[4];
        seeds.GenerateState(words);
        increment = (new UInt128(words[2], words[3]) << 1) | UInt128.One;
        state = ((increment + new UInt128(words[0], words[1])) * Multiplier) + increment;
    }

    /// <summary>Independent generators, as NumPy's <c>SeedSequence.spawn</c> derives them.</summary>
    public Pcg64[] Spawn(int count) => Array.ConvertAll(seeds.Spawn(count), child => new Pcg64(child));

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        state = (state * Multiplier) + increment;
        ulong high = (ulong)(state >> 64);
        return BitOperations.RotateRight(high ^ (ulong)state, (int)(high >> 58));
    }

    /// <summary>32 random bits; two calls share one 64-bit draw.</summary>
    public uint NextUInt32()
    {
        if (hasHalf)
        {
            hasHalf = false;
            return half;
        }

        ulong draw = NextUInt64();
        hasHalf = true;
        half = (uint)(draw >> 32);
        return (uint)draw;
    }

    /// <summary>Uniform on [0, 1), 53 bits: NumPy's <c>random()</c>.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / 9007199254740992.0);

    /// <summary>Uniform on [0, 1), 24 bits: NumPy's <c>random(dtype=float32)</c>.</summary>
    public float NextSingle() => (NextUInt32() >> 8) * (1.0f / 16777216.0f);

    /// <summary>Uniform on [low, high).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>A uniform integer from [low, high): NumPy's <c>integers(low, high)</c>.</summary>
    public long Integers(long low, long high)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(low, high);
        ulong range = (ulong)(high - 1) - (ulong)low;
        return (long)((ulong)low + Bounded(range));
    }

    /// <summary>A uniform integer from [0, high).</summary>
    public int Integers(int high) => (int)Integers(0, high);

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value("state", ref this.state);
        state.Value("increment", ref increment);
        state.Value("hasHalf", ref hasHalf);
        state.Value("half", ref half);
        state.Part("seeds", seeds);
    }

    // Lemire 2019: a multiplication instead of a division, with rejection only near the border.
    private ulong Bounded(ulong range)
    {
        if (range == 0) return 0;
        if (range == uint.MaxValue) return NextUInt32();
        if (range == ulong.MaxValue) return NextUInt64();
        if (range < uint.MaxValue)
        {
            uint count = (uint)range + 1;
            ulong product = (ulong)NextUInt32() * count;
            if ((uint)product < count)
            {
                uint threshold = (uint.MaxValue - (uint)range) % count;
                while ((uint)product < threshold) product = (ulong)NextUInt32() * count;
            }

            return product >> 32;
        }

        ulong wideCount = range + 1;
        ulong high = Math.BigMul(NextUInt64(), wideCount, out ulong low);
        if (low < wideCount)
        {
            ulong threshold = (ulong.MaxValue - range) % wideCount;
            while (low < threshold) high = Math.BigMul(NextUInt64(), wideCount, out low);
        }

        return high;
    }
}
