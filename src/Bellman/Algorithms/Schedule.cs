using System.Globalization;

namespace Bellman.Algorithms;

/// <summary>A number that changes with training: constant, linear or exponential.</summary>
/// <remarks>
/// Written as text: <c>0.1</c>; <c>linear:1:0.05:16%</c> (from 1 to 0.05 over the first 16 % of training), <c>linear:1:0.05:5000</c> (over 5000
/// steps), <c>exponential:0.9:0.05:1000</c> (0.05 + 0.85 · e^(−t/1000)); <c>lin_0.001</c>, as the zoo writes it, falls from 0.001 to 0
/// over all of training.
/// </remarks>
public readonly record struct Schedule
{
    private Schedule(Form form, double start, double end, double duration)
    {
        Kind = form;
        Start = start;
        End = end;
        Duration = duration;
    }

    private enum Form
    {
        Constant,
        LinearOverSteps,
        LinearOverFraction,
        Exponential,
    }

    /// <summary>The value at step 0.</summary>
    public double Start { get; }

    /// <summary>The value reached, or approached.</summary>
    public double End { get; }

    /// <summary>Steps, or the fraction of training, or the steps in which an exponential falls by e.</summary>
    public double Duration { get; }

    private Form Kind { get; }

    public static implicit operator Schedule(double value) => Constant(value);

    public static Schedule Constant(double value) => new(Form.Constant, value, value, 1);

    /// <param name="start">The first value.</param>
    /// <param name="end">The value from step <paramref name="steps"/> on.</param>
    /// <param name="steps">Environment steps, at least one.</param>
    public static Schedule Linear(double start, double end, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        return new Schedule(Form.LinearOverSteps, start, end, steps);
    }

    /// <param name="start">The first value.</param>
    /// <param name="end">The value after the fraction.</param>
    /// <param name="fraction">Of all training steps, in (0, 1].</param>
    public static Schedule LinearOver(double start, double end, double fraction)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fraction, 1);
        return new Schedule(Form.LinearOverFraction, start, end, fraction);
    }

    /// <summary>end + (start − end) · e^(−t/decay)</summary>
    /// <param name="start">The first value.</param>
    /// <param name="end">The value approached.</param>
    /// <param name="decay">Environment steps.</param>
    public static Schedule Exponential(double start, double end, double decay)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(decay);
        return new Schedule(Form.Exponential, start, end, decay);
    }

    /// <summary>The value at an environment step.</summary>
    public double At(long step, long totalSteps) => Kind switch
    {
        Form.LinearOverSteps => Between(step / Duration),
        Form.LinearOverFraction => Between(step / (Duration * Math.Max(1, totalSteps))),
        Form.Exponential => End + ((Start - End) * Math.Exp(-step / Duration)),
        _ => Start,
    };

    /// <summary>Reads the text forms listed above.</summary>
    /// <exception cref="FormatException">The text is none of them.</exception>
    public static Schedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Trim().Split(':');
        try
        {
            return parts switch
            {
                [string one] when one.StartsWith("lin_", StringComparison.Ordinal) => LinearOver(Number(one[4..]), 0, 1),
                [string one] => Constant(Number(one)),
                ["linear", string start, string end, string over] when over.EndsWith('%') =>
                    LinearOver(Number(start), Number(end), Number(over[..^1]) / 100),
                ["linear", string start, string end, string over] => Linear(Number(start), Number(end), (long)Number(over)),
                ["exponential", string start, string end, string decay] => Exponential(Number(start), Number(end), Number(decay)),
                _ => throw new FormatException(),
            };
        }
        catch (Exception error) when (error is FormatException or ArgumentOutOfRangeException)
        {
            throw new FormatException(
                $"A schedule is a number, linear:START:END:STEPS (or PERCENT%), exponential:START:END:DECAY or lin_START; got '{text}'.", error);
        }
    }

    public override string ToString() => Kind switch
    {
        Form.LinearOverSteps => string.Create(CultureInfo.InvariantCulture, $"linear:{Start}:{End}:{Duration}"),
        Form.LinearOverFraction => string.Create(CultureInfo.InvariantCulture, $"linear:{Start}:{End}:{Duration * 100}%"),
        Form.Exponential => string.Create(CultureInfo.InvariantCulture, $"exponential:{Start}:{End}:{Duration}"),
        _ => Start.ToString(CultureInfo.InvariantCulture),
    };

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private double Between(double progress) => progress >= 1 ? End : Start + ((End - Start) * progress);
}
