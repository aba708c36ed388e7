using Bellman.Neural.State;

namespace Bellman.Neural.Random;

/// <summary>
/// Spreads a seed over as many well-mixed words as are asked for, and grows independent children. Equal to NumPy's
/// <c>SeedSequence</c> (O'Neill's seed_seq_fe with a pool of four words).
/// </summary>
public sealed class SeedSequence : IStateful
{
    private const int PoolSize = 4;
    private const uint InitA = 0x43b0d7e5;
    private const uint MultiplierA = 0x931e8875;
    private const uint InitB = 0x8b51f9dd;
    private const uint MultiplierB = 0x58f38ded;
    private const uint MixLeft = 0xca01f9dd;
    private const uint MixRight = 0x4973f715;

    private const int MaxDepth = 1024;

    private readonly uint[] pool = new uint[PoolSize];
    private ulong entropy;
    private uint[] spawnKey;
    private uint children;

    public SeedSequence(ulong entropy)
        : this(entropy, [])
    {
    }

    private SeedSequence(ulong entropy, uint[] spawnKey)
    {
        this.entropy = entropy;
        this.spawnKey = spawnKey;
        MixEntropy(Assemble());
    }

    /// <summary>The next <paramref name="count"/> children; a later call continues the numbering.</summary>
    public SeedSequence[] Spawn(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var result = new SeedSequence[count];
        for (int i = 0; i < count; i++)
        {
            result[i] = new SeedSequence(entropy, [.. spawnKey, children++]);
        }

        return result;
    }

    /// <summary>Fills <paramref name="destination"/> with words derived from the pool.</summary>
    public void GenerateState(Span<ulong> destination)
    {
        uint constant = InitB;
        int source = 0;
        for (int i = 0; i < destination.Length; i++)
        {
            uint low = Next(ref constant, ref source);
            uint high = Next(ref constant, ref source);
            destination[i] = ((ulong)high << 32) | low;
        }
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        int depth = spawnKey.Length;
        state.Value("entropy", ref entropy);
        state.Count("depth", ref depth, MaxDepth);
        if (depth != spawnKey.Length) spawnKey = new uint[depth];
        state.Values("spawnKey", spawnKey.AsSpan());
        state.Value("children", ref children);
        if (state.IsLoading) MixEntropy(Assemble());
    }

    private uint Next(ref uint constant, ref int source)
    {
        uint value = pool[source] ^ constant;
        source = (source + 1) % PoolSize;
        constant *= MultiplierB;
        value *= constant;
        return value ^ (value >> 16);
    }

    private uint[] Assemble()
    {
        uint low = (uint)entropy;
        uint high = (uint)(entropy >> 32);
        uint[] words = high == 0 ? [low] : [low, high];
        if (spawnKey.Length == 0) return words;

        // A spawned sequence pads its entropy, so that a short seed with a key differs from a long seed without one.
        Array.Resize(ref words, PoolSize);
        return [.. words, .. spawnKey];
    }

    private void MixEntropy(uint[] words)
    {
        uint constant = InitA;
        for (int i = 0; i < PoolSize; i++)
        {
            pool[i] = HashMix(i < words.Length ? words[i] : 0, ref constant);
        }

        for (int i = 0; i < PoolSize; i++)
        {
            for (int j = 0; j < PoolSize; j++)
            {
                if (i != j) pool[j] = Mix(pool[j], HashMix(pool[i], ref constant));
            }
        }

        for (int i = PoolSize; i < words.Length; i++)
        {
            for (int j = 0; j < PoolSize; j++)
            {
                pool[j] = Mix(pool[j], HashMix(words[i], ref constant));
            }
        }
    }

    private static uint HashMix(uint value, ref uint constant)
    {
        value ^= constant;
        constant *= MultiplierA;
        value *= constant;
        return value ^ (value >> 16);
    }

    private static uint Mix(uint x, uint y)
    {
        uint result = (MixLeft * x) - (MixRight * y);
        return result ^ (result >> 16);
    }
}
