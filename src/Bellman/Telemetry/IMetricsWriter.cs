namespace Bellman.Telemetry;

/// <summary>Where rows of metrics go.</summary>
public interface IMetricsWriter : IDisposable
{
    /// <summary>Writes one row, so that it survives the end of the process.</summary>
    /// <param name="step">Environment steps; ascending from row to row.</param>
    /// <param name="metrics">Those that got a value since the last row, in the order of their first appearance.</param>
    void Write(long step, ReadOnlySpan<Metric> metrics);
}
