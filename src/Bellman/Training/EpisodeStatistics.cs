using Bellman.Environments;
using Bellman.Neural.State;

namespace Bellman.Training;

/// <summary>Returns and lengths of the episodes that ended last.</summary>
public sealed class EpisodeStatistics : IStateful
{
    private readonly double[] returns;
    private readonly long[] lengths;
    private long count;

    /// <param name="capacity">Episodes that the means are taken over.</param>
    public EpisodeStatistics(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        returns = new double[capacity];
        lengths = new long[capacity];
    }

    /// <summary>Episodes ended so far.</summary>
    public long Count => count;

    /// <summary>Episodes that the means are taken over.</summary>
    public int Window => (int)Math.Min(count, returns.Length);

    /// <summary>True once the means are taken over as many episodes as there is room for.</summary>
    public bool IsFull => count >= returns.Length;

    /// <summary>NaN before the first episode has ended.</summary>
    public double MeanReturn
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Window; i++)
            {
                sum += returns[i];
            }

            return sum / Window;
        }
    }

    /// <summary>Steps; NaN before the first episode has ended.</summary>
    public double MeanLength
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Window; i++)
            {
                sum += lengths[i];
            }

            return sum / Window;
        }
    }

    /// <summary>Notes the episodes that ended with the step just taken.</summary>
    public void Observe(VectorEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        for (int i = 0; i < environments.Count; i++)
        {
            if (environments.Terminated[i] || environments.Truncated[i])
            {
                Add(environments.EpisodeReturns[i], environments.EpisodeLengths[i]);
            }
        }
    }

    /// <summary>Notes an episode.</summary>
    public void Add(double episodeReturn, long length)
    {
        int index = (int)(count++ % returns.Length);
        returns[index] = episodeReturn;
        lengths[index] = length;
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(count), ref count);
        state.Values(nameof(returns), returns.AsSpan());
        state.Values(nameof(lengths), lengths.AsSpan());
    }
}
