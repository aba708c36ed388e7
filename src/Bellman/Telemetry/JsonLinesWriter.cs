using System.Text.Json;

namespace Bellman.Telemetry;

/// <summary>Writes a JSON object per row: <c>{"step":1000,"wallTime":1767225600.5,"train/loss":0.25}</c>.</summary>
/// <remarks>Numbers that JSON does not know (infinities and NaN) are written as null.</remarks>
public sealed class JsonLinesWriter : IMetricsWriter
{
    private readonly Stream stream;
    private readonly TimeProvider clock;
    private readonly Utf8JsonWriter json;

    /// <param name="stream">Disposed of with this object.</param>
    /// <param name="clock">Gives the wall time of each row, in seconds since 1970.</param>
    public JsonLinesWriter(Stream stream, TimeProvider clock)
    {
        this.stream = stream;
        this.clock = clock;
        json = new Utf8JsonWriter(stream);
    }

    public void Write(long step, ReadOnlySpan<Metric> metrics)
    {
        json.Reset();
        json.WriteStartObject();
        json.WriteNumber("step", step);
        json.WriteNumber("wallTime", (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
        foreach (Metric metric in metrics)
        {
            if (double.IsFinite(metric.Value))
            {
                json.WriteNumber(metric.Name, metric.Value);
            }
            else
            {
                json.WriteNull(metric.Name);
            }
        }

        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
        stream.Flush();
    }

    public void Dispose()
    {
        json.Dispose();
        stream.Dispose();
    }
}
