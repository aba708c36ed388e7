namespace Bellman.Training.Tuning;

/// <summary>How a trial stands.</summary>
public enum TrialState
{
    /// <summary>Begun, or broken off to go on later.</summary>
    Running,

    /// <summary>Trained to the end.</summary>
    Complete,

    /// <summary>Given up by the pruner.</summary>
    Pruned,

    /// <summary>Not possible: options that do not fit together, a loss that is not finite.</summary>
    Failed,
}

/// <summary>One choice of options and what came of it.</summary>
/// <remarks>
/// A seed's training is measured at E evenly spaced evaluations, its rungs; the rungs of all seeds of a trial are numbered through, from 0.
/// </remarks>
public sealed class Trial
{
    private readonly List<double> returns = [];
    private readonly int rungsOfSeed;

    /// <param name="number">From 0.</param>
    /// <param name="values">As text, a value for each dimension of the space.</param>
    /// <param name="coordinates">The same as samplers see them; NaN for a value outside of the space.</param>
    /// <param name="rungsOfSeed">E.</param>
    public Trial(int number, IReadOnlyList<string> values, double[] coordinates, int rungsOfSeed)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(coordinates);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rungsOfSeed);
        Number = number;
        Values = values;
        Coordinates = coordinates;
        this.rungsOfSeed = rungsOfSeed;
    }

    public int Number { get; }

    public IReadOnlyList<string> Values { get; }

    public double[] Coordinates { get; }

    public TrialState State { get; private set; }

    /// <summary>Why it failed; null for all others.</summary>
    public string? Failure { get; private set; }

    /// <summary>Rungs measured so far.</summary>
    public int Rungs => returns.Count;

    /// <summary>What it reached: <see cref="ValueAt"/> of the last rung; NaN before the first.</summary>
    public double Value => returns.Count > 0 ? ValueAt(returns.Count - 1) : double.NaN;

    public bool HasEnded => State != TrialState.Running;

    /// <summary>The trial's score as far as a rung tells it: the mean of the seeds trained before and of the one in training.</summary>
    public double ValueAt(int rung)
    {
        int seed = rung / rungsOfSeed;
        double sum = returns[rung];
        for (int before = 0; before < seed; before++)
        {
            sum += returns[((before + 1) * rungsOfSeed) - 1];
        }

        return sum / (seed + 1);
    }

    /// <summary>The highest value of all rungs up to one.</summary>
    public double BestUntil(int rung)
    {
        double best = double.NegativeInfinity;
        for (int i = 0; i <= rung; i++)
        {
            best = Math.Max(best, ValueAt(i));
        }

        return best;
    }

    /// <summary>Keeps a measurement; one that was there already, from before an interruption, is replaced by its equal.</summary>
    public void Measure(int rung, double meanReturn)
    {
        if (rung < returns.Count) returns.RemoveRange(rung, returns.Count - rung);

        // Many copies stepped together may pass two rungs in one step.
        while (returns.Count <= rung)
        {
            returns.Add(meanReturn);
        }
    }

    public void End(TrialState state, string? failure = null)
    {
        State = state;
        Failure = failure;
    }

    /// <summary>
    /// The better first: complete trials by value, then pruned ones, those that went further first, then by value; failed ones last; of equal ones
    /// the earlier.
    /// </summary>
    public static int Compare(Trial x, Trial y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (Rank(x) != Rank(y)) return Rank(x).CompareTo(Rank(y));
        if (x.State == TrialState.Pruned && x.Rungs != y.Rungs) return y.Rungs.CompareTo(x.Rungs);
        int byValue = x.State == TrialState.Failed ? 0 : y.Value.CompareTo(x.Value);
        return byValue != 0 ? byValue : x.Number.CompareTo(y.Number);
    }

    private static int Rank(Trial trial) => trial.State switch
    {
        TrialState.Complete => 0,
        TrialState.Pruned => 1,
        TrialState.Failed => 2,
        _ => 3,
    };
}
