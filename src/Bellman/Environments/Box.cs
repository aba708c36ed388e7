using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Environments;

/// <summary>Arrays of numbers, each between bounds of its own; a bound may be infinite.</summary>
public sealed class Box : Space
{
    private const int MaxPrinted = 32;

    private readonly float[] low;
    private readonly float[] high;

    /// <param name="low">Smallest values, one for each element.</param>
    /// <param name="high">Largest values, one for each element.</param>
    public Box(ReadOnlySpan<float> low, ReadOnlySpan<float> high)
        : this(low, high, new Shape(low.Length))
    {
    }

    /// <param name="low">Smallest values, row-major.</param>
    /// <param name="high">Largest values, row-major.</param>
    /// <param name="shape">Shape of an element of the space.</param>
    /// <param name="isInteger">Only whole numbers.</param>
    public Box(ReadOnlySpan<float> low, ReadOnlySpan<float> high, Shape shape, bool isInteger = false)
    {
        if (low.Length != shape.Length || high.Length != shape.Length)
        {
            throw new ArgumentException($"A box of shape {shape} has {shape.Length} bounds each way; got {low.Length} and {high.Length}.");
        }

        for (int i = 0; i < low.Length; i++)
        {
            if (!(low[i] <= high[i])) throw new ArgumentException($"The bounds of element {i} are out of order: {low[i]} and {high[i]}.");
        }

        this.low = low.ToArray();
        this.high = high.ToArray();
        Shape = shape;
        IsInteger = isInteger;
    }

    /// <summary>The same bounds for every element.</summary>
    public Box(float low, float high, Shape shape)
        : this(Repeat(low, shape), Repeat(high, shape), shape)
    {
    }

    public override Shape Shape { get; }

    public override int FlatSize => low.Length;

    public ReadOnlySpan<float> Low => low;

    public ReadOnlySpan<float> High => high;

    /// <summary>True where elements are whole numbers.</summary>
    public bool IsInteger { get; private init; }

    /// <summary>True for images: bytes of 0 … 255, which memories keep as such.</summary>
    public bool IsImage { get; private init; }

    /// <summary>
    /// How many observations stand side by side along the first axis in the order of time, the newest last; 1 for one alone. At the
    /// beginning of an episode the first one is repeated. So a memory may keep each of them once.
    /// </summary>
    public int StackedFrames { get; private init; } = 1;

    /// <summary>Numbers of one of the stacked observations: the last so many of an element are the newest.</summary>
    public int FrameSize => FlatSize / StackedFrames;

    /// <summary>
    /// Where this is not 0, elements are n / Levels, rounded to single precision, of whole n from −32 767 to 32 767: a memory may keep n
    /// in two bytes.
    /// </summary>
    public int Levels { get; private init; }

    /// <summary>Images: whole numbers 0 … 255.</summary>
    /// <param name="shape">[height, width, channels] or [channels, height, width].</param>
    public static Box Image(Shape shape) => new(0, 255, shape) { IsInteger = true, IsImage = true };

    /// <summary>Brings every number of every row within its bounds.</summary>
    /// <param name="rows">[rows, <see cref="FlatSize"/>]</param>
    public void Clip(Span<float> rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = Math.Clamp(rows[i], low[i % low.Length], high[i % low.Length]);
        }
    }

    /// <summary>Differences of two images in the unit of the brightest pixel: n / 255 with n from −255 to 255.</summary>
    public static Box Differences(Shape shape) => new(-1, 1, shape) { Levels = 255 };

    /// <summary>Several elements in the order of time, as <see cref="StackedFrames"/> says.</summary>
    /// <param name="frames">At least one.</param>
    /// <param name="shape">Of all of them together.</param>
    public Box Stacked(int frames, Shape shape)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frames);
        return new Box(Repeat(low, frames), Repeat(high, frames), shape, IsInteger)
        {
            IsImage = IsImage,
            Levels = Levels,
            StackedFrames = frames,
        };
    }

    public override bool Contains(ReadOnlySpan<float> element)
    {
        if (element.Length != low.Length) return false;
        for (int i = 0; i < low.Length; i++)
        {
            if (!(element[i] >= low[i] && element[i] <= high[i])) return false;
            if (IsInteger && MathF.Floor(element[i]) != element[i]) return false;
            if (Levels > 0 && MathF.Round(element[i] * Levels) / Levels != element[i]) return false;
        }

        return true;
    }

    /// <summary>
    /// Uniform between two bounds, exponential from one, normal without any: in this order of kinds, as Gymnasium draws them.
    /// </summary>
    public override void Sample(Pcg64 random, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(random);
        for (int i = 0; i < low.Length; i++)
        {
            if (!float.IsFinite(low[i]) && !float.IsFinite(high[i])) Set(destination, i, random.StandardNormal());
        }

        for (int i = 0; i < low.Length; i++)
        {
            if (float.IsFinite(low[i]) && !float.IsFinite(high[i])) Set(destination, i, random.StandardExponential() + low[i]);
        }

        // Whole numbers are uniform reals cut off, so their upper bound is one more.
        double one = IsInteger ? 1 : 0;
        for (int i = 0; i < low.Length; i++)
        {
            if (!float.IsFinite(low[i]) && float.IsFinite(high[i])) Set(destination, i, -random.StandardExponential() + (high[i] + one));
        }

        for (int i = 0; i < low.Length; i++)
        {
            if (float.IsFinite(low[i]) && float.IsFinite(high[i])) Set(destination, i, random.Uniform(low[i], high[i] + one));
        }
    }

    /// <summary>As Gymnasium prints it: <c>Box(-1.0, 1.0, (3,), float32)</c>, with lists where the bounds differ.</summary>
    public override string ToString()
    {
        string shape = Shape.Rank == 1 ? $"({Shape[0]},)" : $"({string.Join(", ", Shape.ToArray())})";
        return $"Box({Text(low)}, {Text(high)}, {shape}, {(IsImage ? "uint8" : IsInteger ? "int64" : "float32")})";
    }

    private static float[] Repeat(float value, Shape shape)
    {
        var result = new float[shape.Length];
        result.AsSpan().Fill(value);
        return result;
    }

    private static float[] Repeat(float[] values, int times)
    {
        var result = new float[values.Length * times];
        for (int start = 0; start < result.Length; start += values.Length)
        {
            values.CopyTo(result, start);
        }

        return result;
    }

    private string Text(float[] bounds)
    {
        if (bounds.Length == 0) return "[]";
        if (!bounds.AsSpan().ContainsAnyExcept(bounds[0])) return Number(bounds[0], IsInteger ? "" : ".0");
        IEnumerable<string> numbers = bounds.Select(bound => Number(bound, IsInteger ? "" : "."));
        return bounds.Length <= MaxPrinted
            ? $"[{string.Join(' ', numbers)}]"
            : $"[{string.Join(' ', numbers.Take(3))} ... {string.Join(' ', numbers.TakeLast(3))}]";
    }

    private static string Number(float value, string endOfWhole) => value switch
    {
        float.PositiveInfinity => "inf",
        float.NegativeInfinity => "-inf",
        _ when MathF.Floor(value) == value && MathF.Abs(value) < 1e7f => $"{value:0}{endOfWhole}",
        _ => $"{value}".Replace('E', 'e'),
    };

    private void Set(Span<float> destination, int index, double value) =>
        destination[index] = IsInteger ? (float)Math.Floor(value)
            : Levels > 0 ? MathF.Round((float)value * Levels) / Levels
            : (float)value;
}
