using System.Globalization;

namespace Bellman.Cli.Commands;

/// <summary>How far two things lie apart.</summary>
/// <param name="Steps">Environment steps; 0 where it is a time.</param>
/// <param name="Time">Null where it is steps.</param>
internal sealed record StepsOrTime(long Steps, TimeSpan? Time)
{
    private static readonly (string Unit, double Seconds)[] Units = [("min", 60), ("s", 1), ("h", 3600)];

    public static bool TryParse(string text, out StepsOrTime? interval)
    {
        interval = null;
        foreach ((string unit, double seconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            bool isNumber = double.TryParse(
                text.AsSpan(..^unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
            double time = number * seconds;
            if (isNumber && time is > 0 and < 1e9) interval = new StepsOrTime(0, TimeSpan.FromSeconds(time));
            return interval is not null;
        }

        if (CommandOptions.Integer(text, minimum: 1) is long steps) interval = new StepsOrTime(steps, null);
        return interval is not null;
    }
}
