using System.Runtime.InteropServices;

namespace Bellman.Environments.Rendering;

/// <summary>
/// At most 255 colours for a picture: its own where they suffice, else the means of boxes that the colour space is cut into at the
/// medians (Heckbert 1982), told apart in 32 steps a channel.
/// </summary>
internal sealed class ColorTable
{
    private const int Capacity = 255;
    private const int Slots = 1 << 11;
    private const int CellCount = 1 << 15;

    // Exact colours by open addressing: the key is the colour + 1, and 0 is empty.
    private readonly int[] keys = new int[Slots];
    private readonly byte[] places = new byte[Slots];
    private readonly Rgb[] palette = new Rgb[Capacity + 1];

    // Median cut.
    private readonly Cell[] cells = new Cell[CellCount];
    private readonly byte[] nearest = new byte[CellCount];
    private readonly int[] order = new int[CellCount];
    private readonly int[] coordinates = new int[CellCount];
    private readonly Box[] boxes = new Box[Capacity];
    private int used;
    private bool isExact;

    /// <summary>256 colours of three bytes; the last is free for the writer's own use.</summary>
    public ReadOnlySpan<byte> Palette => MemoryMarshal.AsBytes(palette.AsSpan());

    public void Build(ReadOnlySpan<Rgb> pixels)
    {
        Array.Clear(palette);
        isExact = TakeAll(pixels);
        if (!isExact) CutAtMedians(pixels);
    }

    /// <summary>The palette entry for a colour of the picture.</summary>
    public byte Find(Rgb color) => isExact ? places[Slot(color)] : nearest[CellOf(color)];

    private bool TakeAll(ReadOnlySpan<Rgb> pixels)
    {
        Array.Clear(keys);
        used = 0;
        Rgb latest = default;
        foreach (Rgb color in pixels)
        {
            if (color == latest && used > 0) continue;
            latest = color;
            int slot = Slot(color);
            if (keys[slot] != 0) continue;
            if (used == Capacity) return false;
            keys[slot] = Key(color);
            places[slot] = (byte)used;
            palette[used++] = color;
        }

        return true;
    }

    private void CutAtMedians(ReadOnlySpan<Rgb> pixels)
    {
        Array.Clear(cells);
        foreach (Rgb color in pixels)
        {
            cells[CellOf(color)].Add(color);
        }

        int count = 0;
        for (int i = 0; i < CellCount; i++)
        {
            if (cells[i].Pixels > 0) order[count++] = i;
        }

        boxes[0] = Measure(0, count);
        used = 1;
        while (used < Capacity && Widest() is int widest && boxes[widest].Priority > 0)
        {
            (boxes[widest], boxes[used]) = Halve(boxes[widest]);
            used++;
        }

        for (int i = 0; i < used; i++)
        {
            Cell sum = default;
            foreach (int cell in order.AsSpan(boxes[i].Start, boxes[i].Count))
            {
                sum.Add(cells[cell]);
                nearest[cell] = (byte)i;
            }

            palette[i] = sum.Mean;
        }
    }

    private int Widest()
    {
        int widest = 0;
        for (int i = 1; i < used; i++)
        {
            if (boxes[i].Priority > boxes[widest].Priority) widest = i;
        }

        return widest;
    }

    /// <summary>Two parts with about as many pixels, apart along the longest side.</summary>
    private (Box Low, Box High) Halve(Box box)
    {
        for (int i = box.Start; i < box.Start + box.Count; i++)
        {
            coordinates[i] = Coordinate(order[i], box.Axis);
        }

        Array.Sort(coordinates, order, box.Start, box.Count);
        int half = box.Pixels / 2;
        int below = cells[order[box.Start]].Pixels;
        int cut = 1;
        while (cut < box.Count - 1 && below + cells[order[box.Start + cut]].Pixels <= half)
        {
            below += cells[order[box.Start + cut++]].Pixels;
        }

        return (Measure(box.Start, cut), Measure(box.Start + cut, box.Count - cut));
    }

    private Box Measure(int start, int count)
    {
        int pixels = 0;
        int longest = 0;
        int axis = 0;
        for (int candidate = 0; candidate < 3; candidate++)
        {
            int low = int.MaxValue;
            int high = 0;
            pixels = 0;
            foreach (int cell in order.AsSpan(start, count))
            {
                low = Math.Min(low, Coordinate(cell, candidate));
                high = Math.Max(high, Coordinate(cell, candidate));
                pixels += cells[cell].Pixels;
            }

            if (high - low <= longest) continue;
            longest = high - low;
            axis = candidate;
        }

        return new Box(start, count, pixels, axis, (long)pixels * longest);
    }

    private int Slot(Rgb color)
    {
        int key = Key(color);
        int slot = (int)((uint)key * 2654435769u >> 21);
        while (keys[slot] != 0 && keys[slot] != key) slot = (slot + 1) & (Slots - 1);
        return slot;
    }

    private static int Key(Rgb color) => (color.Red << 16 | color.Green << 8 | color.Blue) + 1;

    private static int CellOf(Rgb color) => color.Red >> 3 << 10 | color.Green >> 3 << 5 | color.Blue >> 3;

    private static int Coordinate(int cell, int axis) => cell >> (5 * axis) & 31;

    /// <summary>Cells order[start] … that share a palette entry.</summary>
    private readonly record struct Box(int Start, int Count, int Pixels, int Axis, long Priority);

    private struct Cell
    {
        private int red;
        private int green;
        private int blue;

        public int Pixels { get; private set; }

        public readonly Rgb Mean => new((byte)(red / Pixels), (byte)(green / Pixels), (byte)(blue / Pixels));

        public void Add(Rgb color)
        {
            red += color.Red;
            green += color.Green;
            blue += color.Blue;
            Pixels++;
        }

        public void Add(Cell other)
        {
            red += other.red;
            green += other.green;
            blue += other.blue;
            Pixels += other.Pixels;
        }
    }
}
