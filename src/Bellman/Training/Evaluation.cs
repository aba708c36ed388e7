namespace Bellman.Training;

/// <summary>What a policy reached in episodes that it did not learn from.</summary>
/// <param name="Returns">The sum of rewards of each episode, in the order of their seeds.</param>
/// <param name="Lengths">The steps of each episode.</param>
public sealed record Evaluation(IReadOnlyList<double> Returns, IReadOnlyList<long> Lengths)
{
    public int Episodes => Returns.Count;

    public double MeanReturn => Returns.Average();

    /// <summary>Of the returns, over all episodes (divided by n).</summary>
    public double StandardDeviation
    {
        get
        {
            double mean = MeanReturn;
            return Math.Sqrt(Returns.Sum(value => (value - mean) * (value - mean)) / Returns.Count);
        }
    }

    /// <summary>Steps.</summary>
    public double MeanLength => Lengths.Average();
}
