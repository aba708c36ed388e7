using System.Numerics;

namespace Bellman.Environments.Rendering;

/// <summary>
/// Convolution with a filter that widens where the picture shrinks, rows first and then columns, each rounded to bytes, with weights
/// of 22 fractional bits: Pillow 9.4's arithmetic for pictures of bytes.
/// </summary>
internal sealed class FilterResampler : IResampler
{
    private const int Precision = 32 - 8 - 2;
    private const int Half = 1 << (Precision - 1);

    private readonly Frame source;
    private readonly Frame target;
    private readonly Taps<int>? columns;
    private readonly Taps<int>? rows;
    private readonly byte[] narrowed;
    private readonly int[] sums;
    private readonly int[] weightSums;
    private readonly byte[] plain;
    private readonly byte[] plainColor;

    public FilterResampler(Frame source, Frame target, Func<double, double> filter, double support)
    {
        this.source = source;
        this.target = target;
        columns = source.Width == target.Width ? null : FindTaps(source.Width, target.Width, filter, support);
        rows = source.Height == target.Height ? null : FindTaps(source.Height, target.Height, filter, support);
        narrowed = columns is null ? [] : new byte[source.Height * target.Stride];
        sums = new int[target.Stride];

        // Black stays black, whatever the weights: the zeros of both arrays belong together.
        plain = new byte[target.Stride];
        plainColor = new byte[target.Channels];
        weightSums = new int[columns is null ? 0 : target.Width];
        for (int x = 0; x < weightSums.Length; x++)
        {
            foreach (int weight in columns!.Weights(x))
            {
                weightSums[x] += weight;
            }
        }
    }

    /// <summary>1 − |x|</summary>
    public static double Tent(double x) => Math.Max(1 - Math.Abs(x), 0);

    /// <summary>Keys 1981, with a = −1/2.</summary>
    public static double Cubic(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }

    public void Apply(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ReadOnlySpan<byte> wide = source;
        if (columns is not null)
        {
            Span<byte> result = rows is null ? destination : narrowed;
            for (int y = 0; y < this.source.Height; y++)
            {
                ReadOnlySpan<byte> row = source.Slice(y * this.source.Stride, this.source.Stride);
                Span<byte> narrow = result.Slice(y * target.Stride, target.Stride);

                // Drawings repeat rows, and equal rows have equal results.
                if (y > 0 && row.SequenceEqual(source.Slice((y - 1) * this.source.Stride, this.source.Stride)))
                {
                    result.Slice((y - 1) * target.Stride, target.Stride).CopyTo(narrow);
                }
                else
                {
                    Narrow(row, narrow);
                }
            }

            wide = result;
        }

        if (rows is not null)
        {
            for (int y = 0; y < target.Height; y++)
            {
                Shorten(wide, y, destination.Slice(y * target.Stride, target.Stride));
            }
        }
        else if (columns is null)
        {
            source.CopyTo(destination);
        }
    }

    private void Narrow(ReadOnlySpan<byte> row, Span<byte> destination)
    {
        int channels = target.Channels;
        int plainBefore = (row.CommonPrefixLength(row[channels..]) / channels) + 1;
        int plainFrom = PlainEnd(row, channels);
        if (!row[..channels].SequenceEqual(row[^channels..])) plainFrom = source.Width;
        FillPlain(row[..channels], destination);
        for (int x = 0; x < target.Width; x++)
        {
            int first = columns!.First(x);
            ReadOnlySpan<int> weights = columns.Weights(x);
            if (first >= plainFrom || first + weights.Length <= plainBefore) continue;
            Span<byte> pixel = destination.Slice(x * channels, channels);
            if (channels == 3)
            {
                Weigh(row.Slice(first * 3, weights.Length * 3), weights, pixel);
            }
            else
            {
                Weigh(row[(first * channels)..], weights, pixel, channels);
            }
        }
    }

    /// <summary>
    /// What a row of one colour becomes. All its products have one factor, which is taken out: the integers are the same.
    /// </summary>
    private void FillPlain(ReadOnlySpan<byte> color, Span<byte> destination)
    {
        int channels = color.Length;
        if (!color.SequenceEqual(plainColor))
        {
            color.CopyTo(plainColor);
            for (int i = 0; i < plain.Length; i++)
            {
                plain[i] = ToByte(Half + (color[i % channels] * weightSums[i / channels]));
            }
        }

        plain.CopyTo(destination);
    }

    /// <summary>The first column from which on all pixels are alike.</summary>
    private static int PlainEnd(ReadOnlySpan<byte> row, int channels)
    {
        ReadOnlySpan<byte> last = row[^channels..];
        if (!last.ContainsAnyExcept(last[0])) return (row.LastIndexOfAnyExcept(last[0]) / channels) + 1;
        int end = row.Length - channels;
        while (end > 0 && row.Slice(end - channels, channels).SequenceEqual(last))
        {
            end -= channels;
        }

        return end / channels;
    }

    private static void Weigh(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> weights, Span<byte> destination)
    {
        int red = Half;
        int green = Half;
        int blue = Half;
        for (int i = 0, at = 0; i < weights.Length && at + 2 < pixels.Length; i++, at += 3)
        {
            int weight = weights[i];
            red += pixels[at] * weight;
            green += pixels[at + 1] * weight;
            blue += pixels[at + 2] * weight;
        }

        destination[0] = ToByte(red);
        destination[1] = ToByte(green);
        destination[2] = ToByte(blue);
    }

    private static void Weigh(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> weights, Span<byte> destination, int channels)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            int sum = Half;
            int at = channel;
            foreach (int weight in weights)
            {
                sum += pixels[at] * weight;
                at += channels;
            }

            destination[channel] = ToByte(sum);
        }
    }

    private void Shorten(ReadOnlySpan<byte> wide, int y, Span<byte> destination)
    {
        Array.Fill(sums, Half);
        int at = rows!.First(y) * target.Stride;
        foreach (int weight in rows.Weights(y))
        {
            Accumulate(wide.Slice(at, sums.Length), weight, sums);
            at += target.Stride;
        }

        ToBytes(sums, destination);
    }

    private static void ToBytes(ReadOnlySpan<int> totals, Span<byte> destination)
    {
        int i = 0;
        int lanes = Vector<int>.Count;
        for (; i + Vector<byte>.Count <= destination.Length; i += Vector<byte>.Count)
        {
            Vector<ushort> low = Vector.Narrow(Load(totals[i..]), Load(totals[(i + lanes)..]));
            Vector<ushort> high = Vector.Narrow(Load(totals[(i + (2 * lanes))..]), Load(totals[(i + (3 * lanes))..]));
            Vector.Narrow(low, high).CopyTo(destination[i..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = ToByte(totals[i]);
        }

        static Vector<uint> Load(ReadOnlySpan<int> totals)
        {
            Vector<int> value = Vector.ShiftRightArithmetic(new Vector<int>(totals), Precision);
            return Vector.AsVectorUInt32(Vector.Min(Vector.Max(value, Vector<int>.Zero), new Vector<int>(255)));
        }
    }

    private static void Accumulate(ReadOnlySpan<byte> row, int weight, Span<int> totals)
    {
        int i = 0;
        int lanes = Vector<int>.Count;
        for (; i + Vector<byte>.Count <= row.Length; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[i..]), out Vector<ushort> low, out Vector<ushort> high);
            Add(low, weight, totals[i..]);
            Add(high, weight, totals[(i + (2 * lanes))..]);
        }

        for (; i < row.Length; i++)
        {
            totals[i] += row[i] * weight;
        }

        static void Add(Vector<ushort> pixels, int weight, Span<int> totals)
        {
            Vector.Widen(pixels, out Vector<uint> low, out Vector<uint> high);
            (new Vector<int>(totals) + (Vector.AsVectorInt32(low) * weight)).CopyTo(totals);
            Span<int> upper = totals[Vector<int>.Count..];
            (new Vector<int>(upper) + (Vector.AsVectorInt32(high) * weight)).CopyTo(upper);
        }
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> Precision, 0, 255);

    private static Taps<int> FindTaps(int source, int target, Func<double, double> filter, double support)
    {
        double scale = (double)source / target;
        double stretch = Math.Max(scale, 1);
        double reach = support * stretch;
        int width = (int)Math.Ceiling(reach) * 2 + 1;
        Taps<int> taps = new(target, width);
        double[] weights = new double[width];
        for (int i = 0; i < target; i++)
        {
            double center = (i + 0.5) * scale;
            int first = Math.Max((int)(center - reach + 0.5), 0);
            int count = Math.Min((int)(center + reach + 0.5), source) - first;
            double total = 0;
            for (int k = 0; k < count; k++)
            {
                weights[k] = filter((k + first - center + 0.5) * (1 / stretch));
                total += weights[k];
            }

            Span<int> rounded = taps.Set(i, first, count);
            for (int k = 0; k < count; k++)
            {
                double weight = total != 0 ? weights[k] / total : weights[k];
                rounded[k] = (int)(weight * (1 << Precision) + (weight < 0 ? -0.5 : 0.5));
            }
        }

        return taps;
    }
}
