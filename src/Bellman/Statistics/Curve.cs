namespace Bellman.Statistics;

/// <summary>A quantity over something that grows: steps, episodes, seconds.</summary>
/// <param name="X">Ascending.</param>
/// <param name="Y">As many; without NaN.</param>
public sealed record Curve(double[] X, double[] Y)
{
    /// <summary>Places at which curves are compared where nothing else is said.</summary>
    public const int DefaultPlaces = 200;

    public int Length => X.Length;

    /// <summary>The mean of each value and those before it.</summary>
    /// <param name="window">Values that the mean is taken over; at the beginning, those that there are.</param>
    public Curve Smooth(int window)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window);
        if (window == 1) return this;
        double[] means = new double[Length];
        for (int i = 0; i < means.Length; i++)
        {
            int first = Math.Max(0, i + 1 - window);
            means[i] = Aggregate.Mean(Y.AsSpan(first, i + 1 - first));
        }

        return new Curve(X, means);
    }

    /// <summary>The curve's values at other places, linear between its own; its first value before it begins, its last after it ends.</summary>
    /// <param name="places">Ascending.</param>
    public double[] At(ReadOnlySpan<double> places)
    {
        if (Length == 0) throw new InvalidOperationException("A curve without a value has none anywhere.");
        double[] values = new double[places.Length];
        int next = 0;
        for (int i = 0; i < values.Length; i++)
        {
            while (next < Length && X[next] < places[i]) next++;
            values[i] = next == 0 ? Y[0] : next == Length ? Y[^1] : Between(next, places[i]);
        }

        return values;
    }

    /// <summary>
    /// Places at which all of some curves can be compared: evenly from where the last of them has begun to where the longest ends.
    /// </summary>
    /// <remarks>A run that ended early, since it had learned its task, counts on with its last value.</remarks>
    public static double[] CommonPlaces(IReadOnlyList<Curve> curves, int count = DefaultPlaces)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        double first = curves.Max(curve => curve.X[0]);
        double last = curves.Max(curve => curve.X[^1]);
        if (count == 1 || last <= first) return [last];
        double[] places = new double[count];
        for (int i = 0; i < count; i++)
        {
            places[i] = first + ((last - first) * i / (count - 1));
        }

        return places;
    }

    private double Between(int next, double place)
    {
        if (X[next] == place) return Y[next];
        double share = (place - X[next - 1]) / (X[next] - X[next - 1]);
        return Y[next - 1] + ((Y[next] - Y[next - 1]) * share);
    }
}
