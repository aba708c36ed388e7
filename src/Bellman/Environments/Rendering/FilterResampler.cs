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

    public FilterResampler(Frame source, Frame target, Func<double, double> filter, double support)
    {
        this.source = source;
        this.target = target;
        columns = source.Width == target.Width ? null : FindTaps(source.Width, target.Width, filter, support);
        rows = source.Height == target.Height ? null : FindTaps(source.Height, target.Height, filter, support);
        narrowed = columns is null ? [] : new byte[source.Height * target.Stride];
        sums = new int[target.Stride];
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
                Narrow(source.Slice(y * this.source.Stride, this.source.Stride), result.Slice(y * target.Stride, target.Stride));
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
        for (int x = 0; x < target.Width; x++)
        {
            ReadOnlySpan<int> weights = columns!.Weights(x);
            ReadOnlySpan<byte> pixels = row[(columns.First(x) * channels)..];
            for (int channel = 0; channel < channels; channel++)
            {
                int sum = Half;
                int at = channel;
                foreach (int weight in weights)
                {
                    sum += pixels[at] * weight;
                    at += channels;
                }

                destination[x * channels + channel] = ToByte(sum);
            }
        }
    }

    private void Shorten(ReadOnlySpan<byte> wide, int y, Span<byte> destination)
    {
        Array.Fill(sums, Half);
        int at = rows!.First(y) * target.Stride;
        foreach (int weight in rows.Weights(y))
        {
            ReadOnlySpan<byte> row = wide.Slice(at, sums.Length);
            for (int i = 0; i < row.Length; i++)
            {
                sums[i] += row[i] * weight;
            }

            at += target.Stride;
        }

        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = ToByte(sums[i]);
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
