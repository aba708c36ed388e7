using Bellman.Neural.Random;

namespace Bellman.Training.Tuning;

/// <summary>How much of the difference between trials each option explains by itself: a functional analysis of variance (Hutter et al. 2014).</summary>
/// <remarks>
/// A forest of regression trees is fitted to the trials. A tree is constant on boxes of the space, so the mean over all other dimensions, as a function
/// of one, is an exact sum over its leaves; the variance of that function, by the tree's own variance over the whole space, is the share of the
/// dimension. What several options explain only together is in no share, so they add up to 1 at most. Every value of a dimension counts
/// the same, orders of magnitude where the range is logarithmic. Complete trials count with their score, pruned ones with what they had reached.
/// </remarks>
public static class OptionImportance
{
    /// <summary>Trials below which nothing can be said.</summary>
    public const int FewestTrials = 4;

    private const int Trees = 64;

    /// <summary>The shares, in the order of the dimensions, each in [0, 1]; null where there are too few trials or all are alike.</summary>
    /// <param name="space">Where the trials lie.</param>
    /// <param name="trials">Failed ones, and those with values outside of the space, are left out.</param>
    /// <param name="random">Draws the trials of each tree.</param>
    public static double[]? Of(SearchSpace space, IReadOnlyList<Trial> trials, Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(trials);
        ArgumentNullException.ThrowIfNull(random);
        Trial[] used =
        [
            .. trials.Where(trial => trial.State is TrialState.Complete or TrialState.Pruned && double.IsFinite(trial.Value)
                && !trial.Coordinates.Any(double.IsNaN)),
        ];
        if (used.Length < FewestTrials) return null;
        double[][] points = Array.ConvertAll(used, trial => Unit(space, trial.Coordinates));
        double[] values = Array.ConvertAll(used, trial => trial.Value);
        int[] choices = [.. space.Dimensions.Select(dimension => dimension is ChoiceDimension choice ? choice.Choices.Count : 0)];
        double[] sums = new double[choices.Length];
        int counted = 0;
        for (int i = 0; i < Trees; i++)
        {
            int[] rows = new int[used.Length];
            for (int j = 0; j < rows.Length; j++)
            {
                rows[j] = random.Integers(rows.Length);
            }

            if (RegressionTree.Grow(points, values, rows, choices).Shares() is not double[] shares) continue;
            counted++;
            for (int j = 0; j < sums.Length; j++)
            {
                sums[j] += shares[j];
            }
        }

        return counted == 0 ? null : Array.ConvertAll(sums, sum => sum / counted);
    }

    /// <summary>Ranges on [0, 1]; choices stay indices.</summary>
    private static double[] Unit(SearchSpace space, double[] coordinates) =>
    [
        .. space.Dimensions.Select((dimension, i) => dimension is RangeDimension range
            ? range.Upper > range.Lower ? (coordinates[i] - range.Lower) / (range.Upper - range.Lower) : 0
            : coordinates[i]),
    ];
}
