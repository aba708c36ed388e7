using Bellman.Neural.Random;
using Bellman.Statistics;

namespace Bellman.Plotting;

/// <summary>Makes lines of curves: one of a run alone, or one with its interval of several runs.</summary>
public static class Bands
{
    /// <summary>Points of a line; more of them could not be seen.</summary>
    private const int MostPoints = 1000;

    /// <summary>The centre of several runs' curves, with its 95 % bootstrap interval; of one run, its curve.</summary>
    /// <param name="name">In the legend.</param>
    /// <param name="color">Place in <see cref="Palette"/>.</param>
    /// <param name="curves">One a run; none of them empty.</param>
    /// <param name="center">Of the runs' values at one place, such as the interquartile mean.</param>
    public static Series Of(string name, int color, IReadOnlyList<Curve> curves, Func<double[], double> center)
    {
        ArgumentNullException.ThrowIfNull(curves);
        if (curves.Count == 1)
        {
            Curve thin = Thin(curves[0]);
            return new Series(name, thin.X, thin.Y) { Color = color };
        }

        double[] places = Curve.CommonPlaces(curves);
        double[][] values = [.. curves.Select(curve => curve.At(places))];
        Estimate[] estimates = new Bootstrap(new Pcg64(seed: 0)).OfCurves(values, center);
        return new Series(name, places, [.. estimates.Select(estimate => estimate.Value)])
        {
            Color = color,
            Low = [.. estimates.Select(estimate => estimate.Interval.Low)],
            High = [.. estimates.Select(estimate => estimate.Interval.High)],
        };
    }

    /// <summary>A curve as it is, pale, behind what is made from it.</summary>
    public static Series Faint(string name, int color, Curve curve)
    {
        Curve thin = Thin(curve);
        return new Series(name, thin.X, thin.Y) { Color = color, IsFaint = true };
    }

    /// <summary>At most so many points that a picture shows them all: the lowest and the highest of each stretch, in their order.</summary>
    internal static Curve Thin(Curve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        if (curve.Length <= MostPoints) return curve;
        int stretch = (int)Math.Ceiling(2.0 * curve.Length / MostPoints);
        List<int> kept = [];
        for (int first = 0; first < curve.Length; first += stretch)
        {
            int lowest = first;
            int highest = first;
            for (int i = first; i < Math.Min(first + stretch, curve.Length); i++)
            {
                if (curve.Y[i] < curve.Y[lowest]) lowest = i;
                if (curve.Y[i] > curve.Y[highest]) highest = i;
            }

            kept.Add(Math.Min(lowest, highest));
            if (lowest != highest) kept.Add(Math.Max(lowest, highest));
        }

        return new Curve([.. kept.Select(i => curve.X[i])], [.. kept.Select(i => curve.Y[i])]);
    }
}
