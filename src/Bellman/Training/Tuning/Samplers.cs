using Bellman.Neural.Random;

namespace Bellman.Training.Tuning;

/// <summary>Chooses what the next trial tries.</summary>
public interface ISampler
{
    /// <summary>A coordinate for each dimension.</summary>
    /// <param name="space">Where to search.</param>
    /// <param name="ended">Trials that came to an end, in the order of their numbers.</param>
    /// <param name="random">The trial's own.</param>
    double[] Sample(SearchSpace space, IReadOnlyList<Trial> ended, Pcg64 random);
}

/// <summary>Draws every value from its whole range, whatever came before (Bergstra and Bengio 2012).</summary>
public sealed class RandomSampler : ISampler
{
    public double[] Sample(SearchSpace space, IReadOnlyList<Trial> ended, Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(space);
        return [.. space.Dimensions.Select(dimension => dimension.Draw(random))];
    }
}

/// <summary>The tree-structured Parzen estimator (Bergstra et al. 2011), each dimension by itself.</summary>
/// <remarks>
/// Trials are split into the good ones, a share γ of all, and the rest. Of each dimension, l(x) is the density of the good ones' values and g(x)
/// that of the others; from a number of draws from l the sampler takes the one of the highest l(x) / g(x), which is where the expected
/// improvement is highest (section 4.1). Pruned trials rank below complete ones, failed ones last.
/// </remarks>
public sealed class TpeSampler : ISampler
{
    /// <summary>Trials drawn at random before the first that learns from others.</summary>
    public int StartupTrials { get; init; } = 10;

    /// <summary>γ in (0, 1): the share of trials that count as good.</summary>
    public double GoodShare { get; init; } = 0.15;

    /// <summary>Draws of which the best is taken.</summary>
    public int Candidates { get; init; } = 24;

    public double[] Sample(SearchSpace space, IReadOnlyList<Trial> ended, Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(ended);
        ArgumentNullException.ThrowIfNull(random);
        if (ended.Count < StartupTrials) return new RandomSampler().Sample(space, ended, random);
        Trial[] ranked = [.. ended];
        Array.Sort(ranked, Trial.Compare);
        int good = (int)Math.Ceiling(GoodShare * ranked.Length);
        double[] point = new double[space.Dimensions.Count];
        for (int i = 0; i < point.Length; i++)
        {
            IDensity l = Density(space.Dimensions[i], Known(ranked.AsSpan(0, good), i));
            IDensity g = Density(space.Dimensions[i], Known(ranked.AsSpan(good), i));
            point[i] = Best(l, g, random);
        }

        return point;
    }

    private double Best(IDensity l, IDensity g, Pcg64 random)
    {
        double best = double.NaN;
        double highest = double.NegativeInfinity;
        for (int i = 0; i < Candidates; i++)
        {
            double x = l.Draw(random);
            double ratio = l.LogAt(x) - g.LogAt(x);
            if (ratio > highest) (best, highest) = (x, ratio);
        }

        return best;
    }

    private static IDensity Density(SearchDimension dimension, double[] points) => dimension switch
    {
        RangeDimension range => new ParzenDensity(points, range.Lower, range.Upper),
        ChoiceDimension choice => new CountDensity(points, choice.Choices.Count),
        _ => throw new NotSupportedException($"{dimension.GetType().Name} has no density."),
    };

    private static double[] Known(ReadOnlySpan<Trial> trials, int dimension)
    {
        List<double> known = [];
        foreach (Trial trial in trials)
        {
            if (!double.IsNaN(trial.Coordinates[dimension])) known.Add(trial.Coordinates[dimension]);
        }

        return [.. known];
    }
}
