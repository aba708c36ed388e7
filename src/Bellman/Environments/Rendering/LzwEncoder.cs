namespace Bellman.Environments.Rendering;

/// <summary>GIF's Lempel–Ziv–Welch coding of bytes: codes of 9 to 12 bits, in blocks of at most 255 bytes.</summary>
internal sealed class LzwEncoder
{
    private const int SymbolBits = 8;
    private const int ClearCode = 1 << SymbolBits;
    private const int EndCode = ClearCode + 1;
    private const int MaxCodes = 1 << 12;
    private const int Slots = 1 << 14;

    // Open addressing: the key is prefix · 256 + symbol + 1, and 0 is empty.
    private readonly int[] keys = new int[Slots];
    private readonly short[] codes = new short[Slots];
    private readonly byte[] block = new byte[255];
    private int blockLength;
    private uint pending;
    private int pendingBits;

    public void Write(Stream destination, ReadOnlySpan<byte> symbols)
    {
        destination.WriteByte(SymbolBits);
        int bits = SymbolBits + 1;
        int next = EndCode + 1;
        Array.Clear(keys);
        Emit(destination, ClearCode, bits);
        int prefix = symbols[0];
        foreach (byte symbol in symbols[1..])
        {
            int slot = Find(prefix, symbol);
            if (keys[slot] != 0)
            {
                prefix = codes[slot];
                continue;
            }

            Emit(destination, prefix, bits);
            if (next < MaxCodes)
            {
                keys[slot] = Key(prefix, symbol);
                codes[slot] = (short)next;

                // The decoder learns a code one step later, so the width grows when the code just made no longer fits.
                if (next++ == 1 << bits) bits++;
            }
            else
            {
                Emit(destination, ClearCode, bits);
                Array.Clear(keys);
                bits = SymbolBits + 1;
                next = EndCode + 1;
            }

            prefix = symbol;
        }

        Emit(destination, prefix, bits);
        Emit(destination, EndCode, next == 1 << bits && bits < 12 ? bits + 1 : bits);
        Finish(destination);
    }

    private static int Key(int prefix, byte symbol) => (prefix << 8) + symbol + 1;

    private int Find(int prefix, byte symbol)
    {
        int key = Key(prefix, symbol);
        int slot = (int)((uint)key * 2654435769u >> 18);
        while (keys[slot] != 0 && keys[slot] != key) slot = (slot + 1) & (Slots - 1);
        return slot;
    }

    private void Emit(Stream destination, int code, int bits)
    {
        pending |= (uint)code << pendingBits;
        pendingBits += bits;
        while (pendingBits >= 8)
        {
            Put(destination, (byte)pending);
            pending >>= 8;
            pendingBits -= 8;
        }
    }

    private void Put(Stream destination, byte value)
    {
        block[blockLength++] = value;
        if (blockLength == block.Length) Flush(destination);
    }

    private void Flush(Stream destination)
    {
        destination.WriteByte((byte)blockLength);
        destination.Write(block, 0, blockLength);
        blockLength = 0;
    }

    private void Finish(Stream destination)
    {
        if (pendingBits > 0) Put(destination, (byte)pending);
        pending = 0;
        pendingBits = 0;
        if (blockLength > 0) Flush(destination);
        destination.WriteByte(0);
    }
}
