using System.Globalization;

namespace Bellman.Plotting;

/// <summary>A range of numbers with ticks at round ones.</summary>
internal sealed class Axis
{
    private static readonly (double Size, string Letter)[] Units = [(1e9, "G"), (1e6, "M"), (1e3, "k")];

    private Axis(double low, double high, double step)
    {
        Low = low;
        High = high;
        Step = step;
        long first = (long)Math.Ceiling((low / step) - 1e-9);
        long last = (long)Math.Floor((high / step) + 1e-9);
        Ticks = [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => (first + i) * step)];
    }

    public double Low { get; }

    public double High { get; }

    /// <summary>From tick to tick: 1, 2 or 5 times a power of ten.</summary>
    public double Step { get; }

    public double[] Ticks { get; }

    /// <summary>An axis that shows all values.</summary>
    /// <param name="values">Those that are not finite are passed over.</param>
    /// <param name="ticks">About how many.</param>
    /// <param name="isTight">Whether it ends at the values, not at the ticks beyond them.</param>
    public static Axis Of(IEnumerable<double> values, int ticks, bool isTight)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (!double.IsFinite(value)) continue;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (low > high) (low, high) = (0, 1);
        if (high - low <= 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            double room = low == 0 ? 1 : 0.1 * Math.Abs(low);
            (low, high) = (low - room, high + room);
        }

        // A range that almost begins at zero begins there, so that heights can be compared.
        if (low > 0 && low < 0.25 * high) low = 0;
        if (high < 0 && high > 0.25 * low) high = 0;
        double step = Round((high - low) / ticks);
        return isTight
            ? new Axis(low, high, step)
            : new Axis(Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step, step);
    }

    /// <summary>Where a value lies: 0 at the low end, 1 at the high one.</summary>
    public double Place(double value) => (value - Low) / (High - Low);

    /// <summary>The labels of all ticks, in one unit and with as many digits as they need.</summary>
    public string[] Labels()
    {
        double largest = Math.Max(Math.Abs(Low), Math.Abs(High));
        (double size, string letter) = Array.Find(Units, unit => largest >= 10 * unit.Size || (unit.Size > 1e3 && largest >= unit.Size));
        if (size == 0) (size, letter) = (1, "");
        double step = Step / size;
        if (largest < 1e-3 && largest > 0) return Array.ConvertAll(Ticks, Scientific);
        int digits = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        return Array.ConvertAll(Ticks, Label);

        string Label(double tick)
        {
            double value = Math.Round(tick / size, digits);
            if (value == 0) return "0";
            return value.ToString("F" + digits, CultureInfo.InvariantCulture).Replace('-', '−') + letter;
        }

        string Scientific(double tick) =>
            Math.Abs(tick) < Step / 2 ? "0" : tick.ToString("0.#e0", CultureInfo.InvariantCulture).Replace('-', '−');
    }

    /// <summary>The round number nearest above.</summary>
    private static double Round(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        double digit = step / power;
        return power * (digit <= 1 + 1e-9 ? 1 : digit <= 2 + 1e-9 ? 2 : digit <= 5 + 1e-9 ? 5 : 10);
    }
}
