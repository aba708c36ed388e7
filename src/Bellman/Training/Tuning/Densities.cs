using Bellman.Neural.Random;

namespace Bellman.Training.Tuning;

/// <summary>How likely coordinates of one dimension are.</summary>
internal interface IDensity
{
    double Draw(Pcg64 random);

    /// <summary>ln p(x)</summary>
    double LogAt(double x);
}

/// <summary>A Gaussian around each point and a wide one over the whole range, all of one weight and cut off at its ends.</summary>
/// <remarks>
/// As wide as the distance to the farther neighbour (Bergstra et al. 2011, section 4.2), the ends being neighbours too; but between the whole range
/// and its (n + 1)-th part, at most a hundredth.
/// </remarks>
internal sealed class ParzenDensity : IDensity
{
    private readonly double low;
    private readonly double high;
    private readonly double[] centers;
    private readonly double[] widths;
    private readonly double[] logScales;

    public ParzenDensity(double[] points, double low, double high)
    {
        this.low = low;
        this.high = high;
        double range = Math.Max(high - low, double.Epsilon);
        double middle = low + (range / 2);
        centers = [.. points, middle];
        Array.Sort(centers);
        int prior = Array.IndexOf(centers, middle);
        double least = range / Math.Min(100, centers.Length);
        widths = new double[centers.Length];
        logScales = new double[centers.Length];
        for (int i = 0; i < centers.Length; i++)
        {
            double left = centers[i] - (i > 0 ? centers[i - 1] : low);
            double right = (i + 1 < centers.Length ? centers[i + 1] : high) - centers[i];
            widths[i] = i == prior ? range : Math.Clamp(Math.Max(left, right), least, range);
            double inside = NormalCumulative((high - centers[i]) / widths[i]) - NormalCumulative((low - centers[i]) / widths[i]);
            logScales[i] = -Math.Log(centers.Length * inside * widths[i] * Math.Sqrt(2 * Math.PI));
        }
    }

    public double Draw(Pcg64 random)
    {
        if (high <= low) return low;
        int kernel = random.Integers(centers.Length);
        while (true)
        {
            // No kernel is wider than the range, so at least a third of its mass lies inside.
            double x = random.Normal(centers[kernel], widths[kernel]);
            if (x >= low && x <= high) return x;
        }
    }

    public double LogAt(double x)
    {
        double highest = double.NegativeInfinity;
        Span<double> terms = stackalloc double[Math.Min(centers.Length, 256)];
        if (terms.Length < centers.Length) terms = new double[centers.Length];
        for (int i = 0; i < centers.Length; i++)
        {
            double z = (x - centers[i]) / widths[i];
            terms[i] = logScales[i] - (0.5 * z * z);
            highest = Math.Max(highest, terms[i]);
        }

        double sum = 0;
        foreach (double term in terms)
        {
            sum += Math.Exp(term - highest);
        }

        return highest + Math.Log(sum);
    }

    /// <summary>Φ(z), by Zelen and Severo's formula (Abramowitz and Stegun 1964, 26.2.17); off by at most 7.5 · 10⁻⁸.</summary>
    internal static double NormalCumulative(double z)
    {
        double t = 1 / (1 + (0.2316419 * Math.Abs(z)));
        double polynomial = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        double tail = Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI) * polynomial;
        return z >= 0 ? 1 - tail : tail;
    }
}

/// <summary>The share of each choice, as if each had been taken once more.</summary>
internal sealed class CountDensity : IDensity
{
    private readonly double[] shares;

    public CountDensity(double[] points, int choices)
    {
        shares = new double[choices];
        Array.Fill(shares, 1.0 / (points.Length + choices));
        foreach (double point in points)
        {
            shares[(int)point] += 1.0 / (points.Length + choices);
        }
    }

    public double Draw(Pcg64 random)
    {
        double left = random.NextDouble();
        for (int i = 0; i < shares.Length - 1; i++)
        {
            left -= shares[i];
            if (left < 0) return i;
        }

        return shares.Length - 1;
    }

    public double LogAt(double x) => Math.Log(shares[(int)x]);
}
