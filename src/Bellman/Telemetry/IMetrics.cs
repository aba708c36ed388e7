namespace Bellman.Telemetry;

/// <summary>Takes the numbers that describe how a run goes, under names such as <c>train/loss</c>.</summary>
/// <remarks>A name that was used before costs no memory.</remarks>
public interface IMetrics
{
    /// <summary>Environment steps taken so far.</summary>
    long Step { get; }

    /// <summary>Sets a value; of several in one row, the latest counts.</summary>
    void Record(string name, double value);

    /// <summary>Adds a value to a mean over all those given since the last row.</summary>
    void Average(string name, double value);
}

/// <summary>One number of a row.</summary>
public readonly record struct Metric(string Name, double Value);

/// <summary>Takes the numbers and forgets them.</summary>
public sealed class NoMetrics : IMetrics
{
    public long Step => 0;

    public void Record(string name, double value)
    {
    }

    public void Average(string name, double value)
    {
    }
}
