namespace Bellman.Neural.Random;

/// <summary>The continuous distributions: ziggurats of 256 layers, as NumPy draws them.</summary>
public sealed partial class Pcg64
{
    // Where the tails begin: the width of the outermost layer that lies under the curve.
    private const double NormalTail = 3.6541528853610087963519472518;
    private const double InverseNormalTail = 0.27366123732975827203338247596;
    private const double ExponentialTail = 7.6971174701310497140446280481;

    /// <summary>A normal number of mean 0 and deviation 1: NumPy's <c>standard_normal()</c>.</summary>
    public double StandardNormal()
    {
        while (true)
        {
            // From the lowest bit: 8 bits of layer, a sign, 52 bits of position within the layer.
            ulong draw = NextUInt64();
            int layer = (int)(draw & 0xFF);
            bool isNegative = (draw & 0x100) != 0;
            ulong position = (draw >> 9) & 0xFFFFFFFFFFFFF;
            double x = position * ZigguratTables.NormalWidth[layer];
            if (isNegative) x = -x;
            if (position < ZigguratTables.NormalInside[layer]) return x;
            if (layer == 0) return NormalFromTail(isNegative: (position & 0x100) != 0);
            if (LiesUnder(ZigguratTables.NormalHeight, layer, Math.Exp(-0.5 * x * x))) return x;
        }
    }

    /// <summary>NumPy's <c>normal(mean, deviation)</c>.</summary>
    public double Normal(double mean, double deviation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(deviation);
        return mean + (deviation * StandardNormal());
    }

    /// <summary>An exponential number of mean 1: NumPy's <c>standard_exponential()</c>.</summary>
    public double StandardExponential()
    {
        while (true)
        {
            // From the lowest bit: 3 unused, 8 bits of layer, 53 bits of position within the layer.
            ulong draw = NextUInt64() >> 3;
            int layer = (int)(draw & 0xFF);
            ulong position = draw >> 8;
            double x = position * ZigguratTables.ExponentialWidth[layer];
            if (position < ZigguratTables.ExponentialInside[layer]) return x;
            if (layer == 0) return ExponentialTail - LogOnePlus.Of(-NextDouble());
            if (LiesUnder(ZigguratTables.ExponentialHeight, layer, Math.Exp(-x))) return x;
        }
    }

    /// <summary>NumPy's <c>exponential(scale)</c>; the scale is the mean.</summary>
    public double Exponential(double scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        return scale * StandardExponential();
    }

    /// <summary>Fills with uniform numbers on [low, high), drawn in order.</summary>
    public void FillUniform(Span<double> destination, double low = 0, double high = 1)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = Uniform(low, high);
        }
    }

    /// <summary>
    /// Fills with uniform numbers drawn in double precision and then rounded: <c>uniform(low,
    /// high).astype(float32)</c>.
    /// </summary>
    public void FillUniform(Span<float> destination, double low = 0, double high = 1)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)Uniform(low, high);
        }
    }

    /// <summary>Fills with normal numbers, drawn in order.</summary>
    public void FillNormal(Span<double> destination, double mean = 0, double deviation = 1)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = Normal(mean, deviation);
        }
    }

    /// <summary>
    /// Fills with normal numbers drawn in double precision and then rounded: <c>normal(…).astype(float32)</c>.
    /// </summary>
    public void FillNormal(Span<float> destination, double mean = 0, double deviation = 1)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)Normal(mean, deviation);
        }
    }

    /// <summary>Fills with exponential numbers, drawn in order.</summary>
    public void FillExponential(Span<double> destination, double scale = 1)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = Exponential(scale);
        }
    }

    /// <summary>Fills with exponential numbers drawn in double precision and then rounded.</summary>
    public void FillExponential(Span<float> destination, double scale = 1)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)Exponential(scale);
        }
    }

    // Marsaglia 1964: the tail under an exponential hull.
    private double NormalFromTail(bool isNegative)
    {
        while (true)
        {
            double x = -InverseNormalTail * LogOnePlus.Of(-NextDouble());
            double y = -LogOnePlus.Of(-NextDouble());
            if (y + y > x * x) return isNegative ? -(NormalTail + x) : NormalTail + x;
        }
    }

    // The wedge of a layer: a uniform height between its top and its bottom, against the density.
    private bool LiesUnder(ReadOnlySpan<double> heights, int layer, double density) =>
        ((heights[layer - 1] - heights[layer]) * NextDouble()) + heights[layer] < density;
}
