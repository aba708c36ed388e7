using Bellman.Neural.Random;

namespace Bellman.Statistics;

/// <summary>A range that holds a quantity with a certain confidence.</summary>
public readonly record struct Interval(double Low, double High);

/// <summary>A quantity as the runs at hand give it, and how far other runs might have moved it.</summary>
/// <param name="Value">Of the runs at hand.</param>
/// <param name="Interval">Of the bootstrap.</param>
public readonly record struct Estimate(double Value, Interval Interval);

/// <summary>
/// Confidence intervals by the stratified bootstrap: the runs of each task are drawn anew, with replacement and as many as there were, the
/// quantity is computed of what was drawn, and the interval reaches between percentiles of many such values (Agarwal et al. 2021, section 4.1).
/// </summary>
/// <remarks>The generator decides everything: one seed, one interval.</remarks>
public sealed class Bootstrap
{
    /// <summary>Draws where nothing else is said.</summary>
    public const int DefaultResamples = 2000;

    private readonly Pcg64 random;
    private readonly int resamples;
    private readonly double tail;

    /// <param name="random">Draws the runs.</param>
    /// <param name="resamples">How often all runs are drawn anew.</param>
    /// <param name="confidence">0 … 1, neither included.</param>
    public Bootstrap(Pcg64 random, int resamples = DefaultResamples, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resamples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(confidence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        this.random = random;
        this.resamples = resamples;
        tail = (1 - confidence) / 2;
    }

    /// <summary>The quantity of the runs of one task.</summary>
    /// <param name="runs">A score each.</param>
    /// <param name="quantity">Of so many runs.</param>
    public Estimate Of(double[] runs, Func<double[], double> quantity)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(quantity);
        return Of([runs], tasks => quantity(tasks[0]));
    }

    /// <summary>The quantity of the runs of several tasks, such as <see cref="Aggregate.InterquartileMean(IReadOnlyList{double[]})"/>.</summary>
    /// <param name="tasks">[task][run]</param>
    /// <param name="quantity">Is handed an array that is used again for the next draw.</param>
    public Estimate Of(IReadOnlyList<double[]> tasks, Func<IReadOnlyList<double[]>, double> quantity)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(quantity);
        double[][] drawn = [.. tasks.Select(runs => new double[runs.Length])];
        double[] values = new double[resamples];
        for (int i = 0; i < resamples; i++)
        {
            for (int task = 0; task < drawn.Length; task++)
            {
                Draw(tasks[task], drawn[task]);
            }

            values[i] = quantity(drawn);
        }

        return new Estimate(quantity(tasks), Between(values));
    }

    /// <summary>
    /// The quantity at each place of several curves. A draw takes whole curves, so that the places of one run stay together.
    /// </summary>
    /// <param name="curves">[run][place]; all of one length.</param>
    /// <param name="quantity">Of the runs' values at one place; is handed an array that is used again.</param>
    public Estimate[] OfCurves(IReadOnlyList<double[]> curves, Func<double[], double> quantity)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentNullException.ThrowIfNull(quantity);
        int[] order = new int[curves.Count];
        double[] column = new double[curves.Count];
        double[][] values = [.. Enumerable.Range(0, curves[0].Length).Select(_ => new double[resamples])];
        for (int i = 0; i < resamples; i++)
        {
            for (int run = 0; run < order.Length; run++)
            {
                order[run] = random.Integers(order.Length);
            }

            for (int place = 0; place < values.Length; place++)
            {
                values[place][i] = quantity(Column(place));
            }
        }

        order = [.. Enumerable.Range(0, curves.Count)];
        return [.. values.Select((drawn, place) => new Estimate(quantity(Column(place)), Between(drawn)))];

        double[] Column(int place)
        {
            for (int run = 0; run < column.Length; run++)
            {
                column[run] = curves[order[run]][place];
            }

            return column;
        }
    }

    private void Draw(double[] runs, double[] drawn)
    {
        for (int i = 0; i < drawn.Length; i++)
        {
            drawn[i] = runs[random.Integers(runs.Length)];
        }
    }

    private Interval Between(double[] values)
    {
        Array.Sort(values);
        return new Interval(Aggregate.QuantileOfSorted(values, tail), Aggregate.QuantileOfSorted(values, 1 - tail));
    }
}
