namespace Bellman.Statistics;

/// <summary>How probably one algorithm beats another (Agarwal et al. 2021, section 4.3).</summary>
public static class Improvement
{
    /// <summary>
    /// The probability that a run of X scores higher than a run of Y, equal scores counting half: the Mann-Whitney U statistic divided by the
    /// number of pairs.
    /// </summary>
    /// <param name="x">Runs of the one algorithm.</param>
    /// <param name="y">Runs of the other on the same task.</param>
    /// <returns>0 … 1; 0.5 where neither is better.</returns>
    public static double Probability(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.IsEmpty || y.IsEmpty) throw new ArgumentException($"Expected at least one run of each; got {x.Length} and {y.Length}.");
        double wins = 0;
        foreach (double a in x)
        {
            foreach (double b in y)
            {
                wins += a > b ? 1 : a == b ? 0.5 : 0;
            }
        }

        return wins / x.Length / y.Length;
    }

    /// <summary>The mean over tasks of the probability that a run of X scores higher than one of Y.</summary>
    /// <param name="x">[task][run]</param>
    /// <param name="y">[task][run], the same tasks in the same order.</param>
    public static double Probability(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y)
    {
        RequireSameTasks(x, y);
        double sum = 0;
        for (int task = 0; task < x.Count; task++)
        {
            sum += Probability(x[task], y[task]);
        }

        return sum / x.Count;
    }

    /// <summary>The same with an interval: the runs of both algorithms are drawn anew, task by task.</summary>
    public static Estimate Probability(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, Bootstrap bootstrap)
    {
        RequireSameTasks(x, y);
        ArgumentNullException.ThrowIfNull(bootstrap);
        return bootstrap.Of([.. x, .. y], Split);

        double Split(IReadOnlyList<double[]> tasks)
        {
            double sum = 0;
            for (int task = 0; task < x.Count; task++)
            {
                sum += Probability(tasks[task], tasks[task + x.Count]);
            }

            return sum / x.Count;
        }
    }

    private static void RequireSameTasks(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count == y.Count && x.Count > 0) return;
        throw new ArgumentException($"Expected the same tasks of both algorithms; got {x.Count} and {y.Count}.");
    }
}
