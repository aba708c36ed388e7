using System.Runtime.InteropServices;

namespace Bellman.Environments.Rendering;

/// <summary>
/// Draws on a frame that the caller owns: RGB bytes, [height, width, 3]. Everything outside is cut off; nothing is allocated.
/// </summary>
/// <remarks>
/// <para>Gymnasium draws with two libraries that round differently, and both are reproduced to the pixel. The methods named
/// <c>Filled…</c> and <c>Smooth…</c> follow SDL_gfx (pygame.gfxdraw): whole-pixel corners, blending in 1/256. <see cref="Polygon"/>,
/// <see cref="Circle"/>, <see cref="Line"/> and <see cref="FineLine"/> follow pygame.draw 2.1.2.</para>
/// <para>A smooth shape is its filled form over its smooth outline, drawn in this order.</para>
/// </remarks>
public readonly ref partial struct Canvas
{
    private readonly Span<Rgb> pixels;
    private readonly int width;
    private readonly int height;
    private readonly int left;
    private readonly int firstRow;
    private readonly bool upwards;

    /// <param name="pixels">[height, width, 3], rows from the top.</param>
    /// <param name="upwards">Whether y = 0 is the lowest row, and y grows upwards.</param>
    /// <param name="left">The x of the first visible column: lines are cut at x = 0 as on a wider frame that is scrolled.</param>
    /// <param name="first">The y of the first visible row, the lowest one where y grows upwards; lines are cut at y = 0 likewise.</param>
    public Canvas(Span<byte> pixels, int width, int height, bool upwards = false, int left = 0, int first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        if (pixels.Length != width * height * 3)
        {
            throw new ArgumentException(
                $"A frame of {width} × {height} pixels takes {width * height * 3} bytes; got {pixels.Length}.", nameof(pixels));
        }

        this.pixels = MemoryMarshal.Cast<byte, Rgb>(pixels);
        this.width = width;
        this.height = height;
        this.left = left;
        firstRow = first;
        this.upwards = upwards;
    }

    /// <summary>The last column, in the coordinates of the drawing.</summary>
    private int Right => left + width - 1;

    /// <summary>The last row, in the coordinates of the drawing.</summary>
    private int Bottom => firstRow + height - 1;

    /// <summary>Paints everything.</summary>
    public void Fill(Rgb color) => Fill(pixels, color);

    /// <summary>Paints the pixels x, x + 1 … x + width - 1 of the rows y … y + height - 1.</summary>
    public void FilledRectangle(int x, int y, int width, int height, Rgb color)
    {
        for (int row = Math.Max(y, firstRow); row < Math.Min(y + height, firstRow + this.height); row++)
        {
            HorizontalLine(x, x + width - 1, row, color);
        }
    }

    /// <summary>Mixes a colour into a rectangle.</summary>
    /// <param name="opacity">0 … 1</param>
    public void BlendedRectangle(int x, int y, int width, int height, Rgb color, float opacity)
    {
        for (int row = y; row < y + height; row++)
        {
            for (int column = x; column < x + width; column++)
            {
                Blend(column, row, color, opacity);
            }
        }
    }

    /// <summary>One pixel wide, both ends included, in either order.</summary>
    public void HorizontalLine(int x1, int x2, int y, Rgb color)
    {
        if ((uint)(y - firstRow) >= (uint)height) return;
        int from = Math.Max(Math.Min(x1, x2), left);
        int to = Math.Min(Math.Max(x1, x2), Right);
        if (from <= to) Fill(pixels.Slice(Index(from, y), to - from + 1), color);
    }

    /// <summary>One pixel wide, both ends included, in either order.</summary>
    public void VerticalLine(int x, int y1, int y2, Rgb color)
    {
        if (x < left || x > Right) return;
        int last = Math.Min(Math.Max(y1, y2), Bottom);
        for (int y = Math.Max(Math.Min(y1, y2), firstRow); y <= last; y++)
        {
            pixels[Index(x, y)] = color;
        }
    }

    /// <summary>Mixes a colour into one pixel.</summary>
    /// <param name="opacity">0 … 1</param>
    public void Blend(int x, int y, Rgb color, float opacity)
    {
        if (!Contains(x, y)) return;
        ref Rgb pixel = ref pixels[Index(x, y)];
        pixel = pixel.Blend(color, opacity);
    }

    private void Set(int x, int y, Rgb color)
    {
        if (Contains(x, y)) pixels[Index(x, y)] = color;
    }

    /// <summary>SDL_gfx's weighting: full weight is 255 and, scaled once more, leaves 254/256 of the colour.</summary>
    private void Weigh(int x, int y, Rgb color, int weight)
    {
        if (!Contains(x, y)) return;
        ref Rgb pixel = ref pixels[Index(x, y)];
        pixel = pixel.Blend(color, 255 * weight >> 8);
    }

    private bool Contains(int x, int y) => (uint)(x - left) < (uint)width && (uint)(y - firstRow) < (uint)height;

    private int Index(int x, int y) => (upwards ? height - 1 - (y - firstRow) : y - firstRow) * width + x - left;

    private static void Fill(Span<Rgb> run, Rgb color)
    {
        const int Seed = 32;
        if (color.Red == color.Green && color.Green == color.Blue)
        {
            MemoryMarshal.AsBytes(run).Fill(color.Red);
            return;
        }

        if (run.Length <= Seed)
        {
            run.Fill(color);
            return;
        }

        // Three-byte pixels have no vector fill; copying what is there already, doubled each time, is as fast.
        run[..Seed].Fill(color);
        for (int done = Seed; done < run.Length; done *= 2)
        {
            run[..Math.Min(done, run.Length - done)].CopyTo(run[done..]);
        }
    }
}
