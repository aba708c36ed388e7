using Bellman.Environments.Rendering;
using Bellman.Neural.Tensors;

namespace Bellman.Plotting;

/// <summary>The channels of a convolution side by side in one picture: its filters, or what it answers to an image.</summary>
internal static class TileSheet
{
    private const int Gap = 1;
    private const int SmallestTile = 32;      // pixels of a tile's longer side
    private const byte Ground = 128;

    /// <summary>One tile for each filter. Numbers below zero are blue, above red, zero is white; one scale for all filters.</summary>
    /// <param name="weight">[filters, channels, height, width]. The channels of a filter stand beside each other.</param>
    public static Picture Filters(Tensor weight)
    {
        Shape shape = weight.Shape;
        float largest = Largest(weight);
        var sheet = new Sheet(shape[0], shape[1], shape[2], shape[3]);
        ReadOnlySpan<float> values = weight.Values;
        sheet.Draw(values, value => Diverging(value / largest));
        return sheet.Picture;
    }

    /// <summary>One tile for each channel, black where it is silent, white where it is loudest; one scale for all.</summary>
    /// <param name="map">[1, channels, height, width], not below zero.</param>
    public static Picture Activations(Tensor map)
    {
        Shape shape = map.Shape;
        float largest = Largest(map);
        var sheet = new Sheet(shape[1], strip: 1, shape[2], shape[3]);
        sheet.Draw(map.Values, value => Grey(value / largest));
        return sheet.Picture;
    }

    /// <summary>The channels of an image beside each other in grey, from the lowest number that the space allows to the highest.</summary>
    /// <param name="image">[1, channels, height, width]</param>
    /// <param name="low">Shown black.</param>
    /// <param name="high">Shown white.</param>
    public static Picture Image(Tensor image, float low, float high)
    {
        Shape shape = image.Shape;
        var sheet = new Sheet(tiles: 1, strip: shape[1], shape[2], shape[3]);
        sheet.Draw(image.Values, value => Grey((value - low) / (high - low)));
        return sheet.Picture;
    }

    private static float Largest(Tensor numbers)
    {
        float largest = 0;
        foreach (float number in numbers.Values)
        {
            largest = Math.Max(largest, Math.Abs(number));
        }

        return largest == 0 ? 1 : largest;
    }

    private static Rgb Grey(float share)
    {
        byte level = Level(share);
        return new Rgb(level, level, level);
    }

    private static Rgb Diverging(float share)
    {
        byte rest = Level(1 - Math.Abs(share));
        return share < 0 ? new Rgb(rest, rest, byte.MaxValue) : new Rgb(byte.MaxValue, rest, rest);
    }

    private static byte Level(float share) => (byte)MathF.Round(Math.Clamp(share, 0, 1) * byte.MaxValue);

    /// <summary>A grid of strips of tiles, about as wide as high.</summary>
    private sealed class Sheet
    {
        private readonly int strip;
        private readonly int height;
        private readonly int width;
        private readonly int zoom;
        private readonly int columns;
        private readonly byte[] pixels;
        private readonly int sheetWidth;

        public Sheet(int tiles, int strip, int height, int width)
        {
            this.strip = strip;
            this.height = height;
            this.width = width;
            zoom = Math.Max(1, (SmallestTile + Math.Max(height, width) - 1) / Math.Max(height, width));
            columns = Math.Clamp((int)Math.Round(Math.Sqrt((double)tiles * height / (width * strip))), 1, tiles);
            int rows = (tiles + columns - 1) / columns;
            sheetWidth = (columns * StripWidth) + Gap;
            int sheetHeight = (rows * (RowHeight + Gap)) + Gap;
            pixels = new byte[sheetWidth * sheetHeight * 3];
            pixels.AsSpan().Fill(Ground);
            Picture = new Picture(sheetWidth, sheetHeight, Channels: 3, pixels);
        }

        public Picture Picture { get; }

        private int RowHeight => height * zoom;

        // Two gaps part strips, one the tiles of a strip.
        private int StripWidth => (strip * ((width * zoom) + Gap)) + Gap;

        public void Draw(ReadOnlySpan<float> values, Func<float, Rgb> color)
        {
            int tiles = values.Length / (width * height);
            for (int tile = 0; tile < tiles; tile++)
            {
                (int row, int column) = Math.DivRem(tile / strip, columns);
                int top = Gap + (row * (RowHeight + Gap));
                int left = Gap + (column * StripWidth) + (tile % strip * ((width * zoom) + Gap));
                ReadOnlySpan<float> numbers = values.Slice(tile * width * height, width * height);
                for (int i = 0; i < numbers.Length; i++)
                {
                    (int y, int x) = Math.DivRem(i, width);
                    Square(left + (x * zoom), top + (y * zoom), color(numbers[i]));
                }
            }
        }

        private void Square(int left, int top, Rgb color)
        {
            for (int y = top; y < top + zoom; y++)
            {
                for (int x = left; x < left + zoom; x++)
                {
                    Span<byte> pixel = pixels.AsSpan(((y * sheetWidth) + x) * 3, 3);
                    (pixel[0], pixel[1], pixel[2]) = (color.Red, color.Green, color.Blue);
                }
            }
        }
    }
}
