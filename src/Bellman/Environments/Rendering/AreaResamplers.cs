namespace Bellman.Environments.Rendering;

/// <summary>The mean over areas with fractional borders, in single precision in OpenCV's order.</summary>
internal sealed class AreaReducer(Frame source, Frame target) : IResampler
{
    private readonly Taps<float> columns = FindTaps(source.Width, target.Width);
    private readonly Taps<float> rows = FindTaps(source.Height, target.Height);
    private readonly float[] line = new float[target.Stride];
    private readonly float[] sums = new float[target.Stride];

    public void Apply(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int narrowed = -1;
        for (int y = 0; y < target.Height; y++)
        {
            sums.AsSpan().Clear();
            int row = rows.First(y);
            foreach (float weight in rows.Weights(y))
            {
                // Drawings repeat rows, and equal rows have equal means.
                ReadOnlySpan<byte> pixels = source.Slice(row * SourceStride, SourceStride);
                bool isKnown = narrowed >= 0 && pixels.SequenceEqual(source.Slice(narrowed * SourceStride, SourceStride));
                if (!isKnown) Narrow(pixels);
                narrowed = row++;
                for (int i = 0; i < sums.Length; i++)
                {
                    sums[i] += weight * line[i];
                }
            }

            Span<byte> result = destination.Slice(y * target.Stride, target.Stride);
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = (byte)Math.Clamp((int)MathF.Round(sums[i]), 0, 255);
            }
        }
    }

    private int SourceStride => source.Stride;

    private void Narrow(ReadOnlySpan<byte> row)
    {
        int channels = target.Channels;
        for (int x = 0; x < target.Width; x++)
        {
            ReadOnlySpan<float> weights = columns.Weights(x);
            ReadOnlySpan<byte> pixels = row[(columns.First(x) * channels)..];
            for (int channel = 0; channel < channels; channel++)
            {
                float sum = 0;
                int at = channel;
                foreach (float weight in weights)
                {
                    sum += pixels[at] * weight;
                    at += channels;
                }

                line[x * channels + channel] = sum;
            }
        }
    }

    /// <summary>Shares below a thousandth of a pixel at an area's ends are left out.</summary>
    private static Taps<float> FindTaps(int source, int target)
    {
        const double Negligible = 1e-3;
        double scale = 1 / ((double)target / source);
        Taps<float> taps = new(target, (int)Math.Ceiling(scale) + 2);
        for (int i = 0; i < target; i++)
        {
            double start = i * scale;
            double end = start + scale;
            double size = Math.Min(scale, source - start);
            int last = Math.Min((int)Math.Floor(end), source - 1);
            int first = Math.Min((int)Math.Ceiling(start), last);
            bool partialStart = first - start > Negligible;
            bool partialEnd = end - last > Negligible;

            int from = partialStart ? first - 1 : first;
            Span<float> weights = taps.Set(i, from, (partialEnd ? last + 1 : last) - from);
            weights.Fill((float)(1 / size));
            if (partialStart) weights[0] = (float)((first - start) / size);
            if (partialEnd) weights[^1] = (float)(Math.Min(Math.Min(end - last, 1), size) / size);
        }

        return taps;
    }
}

/// <summary>The mean over whole blocks; halves round up in blocks of 2 × 2 and to even in others, as in OpenCV.</summary>
internal sealed class BlockMean(Frame source, Frame target) : IResampler
{
    private readonly int blockWidth = source.Width / target.Width;
    private readonly int blockHeight = source.Height / target.Height;

    public void Apply(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int at = 0;
        for (int y = 0; y < target.Height; y++)
        {
            for (int x = 0; x < target.Width; x++)
            {
                for (int channel = 0; channel < target.Channels; channel++)
                {
                    destination[at++] = Mean(source, y * blockHeight, x * blockWidth * target.Channels + channel);
                }
            }
        }
    }

    private byte Mean(ReadOnlySpan<byte> pixels, int top, int left)
    {
        int sum = 0;
        for (int y = top; y < top + blockHeight; y++)
        {
            int at = y * source.Stride + left;
            for (int x = 0; x < blockWidth; x++)
            {
                sum += pixels[at + x * source.Channels];
            }
        }

        if (blockWidth == 2 && blockHeight == 2) return (byte)((sum + 2) >> 2);
        return (byte)MathF.Round(sum * (1f / (blockWidth * blockHeight)));
    }
}

/// <summary>
/// Enlargement as OpenCV's INTER_AREA does it: a pixel inside an old one keeps its value, one across a border mixes the two, with
/// weights of 11 fractional bits.
/// </summary>
internal sealed class AreaEnlarger(Frame source, Frame target) : IResampler
{
    private const int One = 1 << 11;

    private readonly (int First, int Second, int Weight)[] columns = FindPairs(source.Width, target.Width);
    private readonly (int First, int Second, int Weight)[] rows = FindPairs(source.Height, target.Height);

    public void Apply(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int at = 0;
        foreach ((int first, int second, int weight) in rows)
        {
            ReadOnlySpan<byte> upper = source.Slice(first * SourceStride, SourceStride);
            ReadOnlySpan<byte> lower = source.Slice(second * SourceStride, SourceStride);
            foreach ((int First, int Second, int Weight) column in columns)
            {
                for (int channel = 0; channel < target.Channels; channel++)
                {
                    int above = Across(upper, column, channel) >> 4;
                    int below = Across(lower, column, channel) >> 4;
                    destination[at++] = (byte)(((above * (One - weight) >> 16) + (below * weight >> 16) + 2) >> 2);
                }
            }
        }
    }

    private int SourceStride => source.Stride;

    private int Across(ReadOnlySpan<byte> row, (int First, int Second, int Weight) column, int channel) =>
        row[column.First * target.Channels + channel] * (One - column.Weight)
        + row[column.Second * target.Channels + channel] * column.Weight;

    private static (int First, int Second, int Weight)[] FindPairs(int source, int target)
    {
        (int First, int Second, int Weight)[] pairs = new (int, int, int)[target];
        double growth = (double)target / source;
        double scale = 1 / growth;
        for (int i = 0; i < target; i++)
        {
            int first = Math.Min((int)Math.Floor(i * scale), source - 1);
            float across = (float)(i + 1 - (first + 1) * growth);
            across = across <= 0 || first == source - 1 ? 0 : across - MathF.Floor(across);
            pairs[i] = (first, Math.Min(first + 1, source - 1), (int)MathF.Round(across * One));
        }

        return pairs;
    }
}
