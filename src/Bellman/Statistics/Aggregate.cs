namespace Bellman.Statistics;

/// <summary>One number for many: mean, median, quantiles, interquartile mean, optimality gap.</summary>
/// <remarks>
/// After Agarwal et al. 2021, "Deep Reinforcement Learning at the Edge of the Statistical Precipice". Scores of several
/// tasks are lists of runs, one list a task; tasks may have different numbers of runs.
/// </remarks>
public static class Aggregate
{
    /// <summary>The share cut off at either end by the interquartile mean.</summary>
    private const double Quarter = 0.25;

    /// <exception cref="ArgumentException">There are no values.</exception>
    public static double Mean(ReadOnlySpan<double> values)
    {
        RequireSome(values);
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    /// <summary>Over all values, divided by n.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> values)
    {
        double mean = Mean(values);
        double sum = 0;
        foreach (double value in values)
        {
            sum += (value - mean) * (value - mean);
        }

        return Math.Sqrt(sum / values.Length);
    }

    /// <summary>The middle value; of an even number, the mean of the middle two.</summary>
    public static double Median(ReadOnlySpan<double> values) => Quantile(values, 0.5);

    /// <summary>The value below which a share of the values lies, linear between neighbours as NumPy's <c>quantile</c> is.</summary>
    /// <param name="values">In any order.</param>
    /// <param name="share">0 … 1</param>
    public static double Quantile(ReadOnlySpan<double> values, double share) => QuantileOfSorted(Sorted(values), share);

    /// <summary>The mean of the middle half: robust as the median is, with the smaller error of a mean.</summary>
    public static double InterquartileMean(ReadOnlySpan<double> values) => TrimmedMean(values, Quarter);

    /// <summary>The mean without the lowest and the highest values.</summary>
    /// <param name="values">In any order.</param>
    /// <param name="share">Of the values, cut off at either end: 0 … 0.5, not included. Whole values are cut, their number rounded down, as
    /// <c>scipy.stats.trim_mean</c> does; so fewer than four values have their mean as interquartile mean.</param>
    public static double TrimmedMean(ReadOnlySpan<double> values, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 0.5);
        double[] sorted = Sorted(values);
        int cut = (int)(share * sorted.Length);
        return Mean(sorted.AsSpan(cut, sorted.Length - (2 * cut)));
    }

    /// <summary>By how much runs fall short of a target on average; what lies above it counts as the target.</summary>
    public static double OptimalityGap(ReadOnlySpan<double> values, double target)
    {
        RequireSome(values);
        double sum = 0;
        foreach (double value in values)
        {
            sum += Math.Min(value, target);
        }

        return target - (sum / values.Length);
    }

    /// <summary>The mean over tasks of each task's mean.</summary>
    /// <param name="tasks">[task][run]</param>
    public static double Mean(IReadOnlyList<double[]> tasks) => Mean(TaskMeans(tasks));

    /// <summary>The median over tasks of each task's mean.</summary>
    /// <param name="tasks">[task][run]</param>
    public static double Median(IReadOnlyList<double[]> tasks) => Median(TaskMeans(tasks));

    /// <summary>The interquartile mean over the runs of all tasks together.</summary>
    /// <param name="tasks">[task][run]</param>
    public static double InterquartileMean(IReadOnlyList<double[]> tasks) => InterquartileMean(Pool(tasks));

    /// <summary>The optimality gap over the runs of all tasks together.</summary>
    /// <param name="tasks">[task][run], scores on one scale.</param>
    /// <param name="target">On that scale.</param>
    public static double OptimalityGap(IReadOnlyList<double[]> tasks, double target) => OptimalityGap(Pool(tasks), target);

    internal static double QuantileOfSorted(ReadOnlySpan<double> sorted, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        double low = sorted[below];
        double high = sorted[Math.Min(below + 1, sorted.Length - 1)];

        // From the nearer side, so that equal neighbours give their very value.
        double part = place - below;
        return part < 0.5 ? low + ((high - low) * part) : high - ((high - low) * (1 - part));
    }

    private static double[] TaskMeans(IReadOnlyList<double[]> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return [.. tasks.Select(runs => Mean(runs))];
    }

    private static double[] Pool(IReadOnlyList<double[]> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return [.. tasks.SelectMany(runs => runs)];
    }

    private static double[] Sorted(ReadOnlySpan<double> values)
    {
        RequireSome(values);
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    private static void RequireSome(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) throw new ArgumentException("Expected at least one value; got none.", nameof(values));
    }
}
