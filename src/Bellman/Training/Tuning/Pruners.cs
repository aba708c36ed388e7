using Bellman.Statistics;

namespace Bellman.Training.Tuning;

/// <summary>Gives up trials that promise little.</summary>
public interface IPruner
{
    /// <summary>Whether a trial that has just been measured should end; never asked at the last rung.</summary>
    /// <param name="trial">In training.</param>
    /// <param name="others">All others, at whatever state.</param>
    bool ShouldEnd(Trial trial, IReadOnlyList<Trial> others);
}

/// <summary>Lets every trial end.</summary>
public sealed class NoPruner : IPruner
{
    public bool ShouldEnd(Trial trial, IReadOnlyList<Trial> others) => false;
}

/// <summary>The median stopping rule (Golovin et al. 2017): ends what has never been as good as the median of complete trials at the same rung.</summary>
public sealed class MedianPruner : IPruner
{
    /// <summary>Complete trials before the first that may be given up.</summary>
    public int StartupTrials { get; init; } = 5;

    /// <summary>Rungs at the beginning of a trial at which it is left alone.</summary>
    public int WarmUpRungs { get; init; } = 1;

    public bool ShouldEnd(Trial trial, IReadOnlyList<Trial> others)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(others);
        int rung = trial.Rungs - 1;
        if (rung < WarmUpRungs) return false;
        double[] values = [.. others.Where(other => other.State == TrialState.Complete && other.Rungs > rung).Select(other => other.ValueAt(rung))];
        return values.Length >= StartupTrials && trial.BestUntil(rung) < Aggregate.Median(values);
    }
}

/// <summary>Asynchronous successive halving (Li et al. 2018): at every η-th rung only the best 1/η of all trials that came so far go on.</summary>
/// <remarks>Rungs are those after r, rη, rη², … evaluations. While fewer than η trials came to a rung, the best of them goes on.</remarks>
public sealed class HalvingPruner : IPruner
{
    /// <summary>r: evaluations before the first decision.</summary>
    public int FirstRung { get; init; } = 1;

    /// <summary>η, at least 2.</summary>
    public int Reduction { get; init; } = 3;

    public bool ShouldEnd(Trial trial, IReadOnlyList<Trial> others)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(others);
        if (!IsDecision(trial.Rungs)) return false;
        int rung = trial.Rungs - 1;
        double value = trial.ValueAt(rung);
        double[] values = [value, .. others.Where(other => other.Rungs > rung).Select(other => other.ValueAt(rung))];
        int survivors = Math.Max(1, values.Length / Reduction);
        return values.Count(other => other > value) >= survivors;
    }

    private bool IsDecision(int evaluations)
    {
        long rung = FirstRung;
        while (rung < evaluations)
        {
            rung *= Reduction;
        }

        return rung == evaluations;
    }
}
