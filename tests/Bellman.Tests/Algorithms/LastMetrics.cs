using Bellman.Telemetry;

namespace Bellman.Tests.Algorithms;

/// <summary>Remembers the latest number of each name.</summary>
internal sealed class LastMetrics : IMetrics
{
    public Dictionary<string, double> Values { get; } = [];

    public long Step => 0;

    public void Record(string name, double value) => Values[name] = value;

    public void Average(string name, double value) => Values[name] = value;
}
