using System.Globalization;
using Bellman.Neural.Random;

namespace Bellman.Training.Tuning;

/// <summary>An option that is searched, with the values that it may take.</summary>
/// <remarks>
/// Samplers see a value as a coordinate: the index of a choice; a number of a range, or its logarithm where the range is logarithmic.
/// </remarks>
/// <param name="Name">The option, as the algorithm's record calls it.</param>
public abstract record SearchDimension(string Name)
{
    /// <summary>A coordinate, all of them equally likely.</summary>
    public abstract double Draw(Pcg64 random);

    /// <summary>The nearest value, in the form in which it can be given.</summary>
    public abstract string Text(double coordinate);

    /// <summary>The coordinate of a value; NaN for one that is not among them.</summary>
    public abstract double Locate(string text);

    /// <summary>How the dimension is declared, in words.</summary>
    public abstract string Describe();
}

/// <summary>One of several values without an order.</summary>
/// <param name="Name">The option.</param>
/// <param name="Choices">At least one, all different.</param>
public sealed record ChoiceDimension(string Name, IReadOnlyList<string> Choices) : SearchDimension(Name)
{
    public override double Draw(Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return random.Integers(Choices.Count);
    }

    public override string Text(double coordinate) => Choices[(int)coordinate];

    public override double Locate(string text)
    {
        for (int i = 0; i < Choices.Count; i++)
        {
            if (Choices[i] == text) return i;
        }

        return double.NaN;
    }

    public override string Describe() => $"{Name}: one of {string.Join(" | ", Choices)}";
}

/// <summary>A number between two ends, both included.</summary>
public sealed record RangeDimension : SearchDimension
{
    private const int Digits = 4;

    private readonly long steps;

    /// <param name="name">The option.</param>
    /// <param name="low">Greater than 0 where the range is logarithmic.</param>
    /// <param name="high">Not below it.</param>
    /// <param name="isLogarithmic">Whether orders of magnitude are equally likely, not differences.</param>
    /// <param name="step">Values are <paramref name="low"/> and multiples of this above it; 0 for all values.</param>
    /// <exception cref="FormatException">One sentence, without a full stop, on what is wrong.</exception>
    public RangeDimension(string name, double low, double high, bool isLogarithmic = false, double step = 0)
        : base(name)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low > high)
        {
            throw new FormatException(Sentence($"the range of {name} goes from low to high; got {low} to {high}"));
        }

        if (isLogarithmic && low <= 0) throw new FormatException(Sentence($"a logarithmic range begins above 0; that of {name} begins at {low}"));
        if (!double.IsFinite(step) || step < 0) throw new FormatException(Sentence($"the step of {name} is greater than 0; got {step}"));
        Low = low;
        IsLogarithmic = isLogarithmic;
        Step = step;
        steps = step > 0 ? (long)Math.Floor(((high - low) / step) + 1e-9) : 0;
        High = step > 0 ? OnGrid(steps) : high;

        // Half a step more at both ends, so that the first and the last value are as likely as those between.
        double below = low - (step / 2);
        Lower = Coordinate(isLogarithmic && below <= 0 ? low : below);
        Upper = Coordinate(High + (step / 2));
    }

    /// <summary>The lowest value.</summary>
    public double Low { get; }

    /// <summary>The highest value.</summary>
    public double High { get; }

    public bool IsLogarithmic { get; }

    /// <summary>From value to value; 0 where all are allowed.</summary>
    public double Step { get; }

    /// <summary>The lowest coordinate.</summary>
    public double Lower { get; }

    /// <summary>The highest coordinate.</summary>
    public double Upper { get; }

    public override double Draw(Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return random.Uniform(Lower, Upper);
    }

    /// <summary>Without a step, four significant digits: more of them could not be told apart in a training.</summary>
    public override string Text(double coordinate)
    {
        double value = IsLogarithmic ? Math.Exp(coordinate) : coordinate;
        value = Step > 0
            ? OnGrid(Math.Clamp((long)Math.Round((value - Low) / Step), 0, steps))
            : double.Parse(value.ToString($"G{Digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Math.Clamp(value, Low, High).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A value beyond an end is at that end; NaN for what is not a number, such as a schedule.</summary>
    public override double Locate(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? Coordinate(Math.Clamp(value, Low, High))
            : double.NaN;

    public override string Describe() => Sentence($"{Name}: {Low} … {High}") + (IsLogarithmic ? ", logarithmic" : "")
        + (Step > 0 ? Sentence($", step {Step}") : "");

    private static string Sentence(FormattableString text) => FormattableString.Invariant(text);

    // Rounded, since 0.8 + 2 · 0.1 is not the double that is written 1.
    private double OnGrid(long index) => Math.Round(Low + (index * Step), 10);

    private double Coordinate(double value) => IsLogarithmic ? Math.Log(value) : value;
}
