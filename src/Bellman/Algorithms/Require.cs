namespace Bellman.Algorithms;

/// <summary>Checks of options' values. Each message names the option, its range and what came.</summary>
internal static class Require
{
    public static void AtLeast(double minimum, double value, string option) =>
        That(value >= minimum && double.IsFinite(value), $"{option} is at least {minimum}; got {value}.");

    public static void Positive(double value, string option) =>
        That(value > 0 && double.IsFinite(value), $"{option} is greater than 0; got {value}.");

    public static void Within(double low, double high, double value, string option) =>
        That(value >= low && value <= high, $"{option} lies in [{low}, {high}]; got {value}.");

    /// <summary>All values that a schedule takes are at least a minimum.</summary>
    public static void AtLeast(double minimum, Schedule schedule, string option)
    {
        AtLeast(minimum, schedule.Start, option);
        AtLeast(minimum, schedule.End, option);
    }

    /// <summary>Layers have one unit or more.</summary>
    public static void Widths(IReadOnlyList<int> widths, string option)
    {
        foreach (int width in widths)
        {
            AtLeast(1, width, option);
        }
    }

    /// <summary>A share lies in (0, 1].</summary>
    public static void Share(double value, string option) =>
        That(value is > 0 and <= 1, $"{option} lies in (0, 1]; got {value}.");

    private static void That(bool condition, string message)
    {
        if (!condition) throw new OptionException(message);
    }
}
