using System.Text;
using Bellman.Neural.Tests;
using Bellman.Telemetry;

namespace Bellman.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public void A_row_holds_the_latest_value_or_the_mean_since_the_last_row()
    {
        var rows = new RowCollector();
        using var metrics = new Metrics(rows);
        metrics.Step = 10;
        metrics.Record("train/n_updates", 1);
        metrics.Record("train/n_updates", 2);
        metrics.Average("train/loss", 1);
        metrics.Average("train/loss", 2);
        metrics.Write();
        metrics.Step = 20;
        metrics.Average("train/loss", 4);
        metrics.Write();
        metrics.Write();

        Assert.Equal(["10: train/n_updates=2 train/loss=1.5", "20: train/loss=4"], rows.Rows);
        Assert.Equal(4, metrics.Latest("train/loss"));
        Assert.Null(metrics.Latest("train/entropy"));
    }

    [Fact]
    public void A_known_name_allocates_nothing()
    {
        using var metrics = new Metrics();
        metrics.Record("train/loss", 1);
        metrics.Average("train/value", 1);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                metrics.Record("train/loss", i);
                metrics.Average("train/value", i);
            }
        }));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_not_finite_stops_the_run_naming_step_and_metric(double value)
    {
        using var metrics = new Metrics { Step = 1234 };
        NonFiniteMetricException error =
            Assert.Throws<NonFiniteMetricException>(() => metrics.Record("train/loss", value));
        Assert.Contains("train/loss became", error.Message);
        Assert.Contains("step 1234", error.Message);
    }

    [Fact]
    public void Json_lines_hold_step_time_and_values()
    {
        using var stream = new MemoryStream();
        using var writer = new JsonLinesWriter(stream, new FixedClock());
        writer.Write(5, [new Metric("a", 0.1), new Metric("b", double.NaN)]);
        string line = Encoding.UTF8.GetString(stream.ToArray());
        Assert.Equal("""{"step":5,"wallTime":1767225600.25,"a":0.1,"b":null}""" + "\n", line);
    }

    private sealed class RowCollector : IMetricsWriter
    {
        public List<string> Rows { get; } = [];

        public void Write(long step, ReadOnlySpan<Metric> metrics) =>
            Rows.Add(
                $"{step}: " + string.Join(' ', metrics.ToArray().Select(metric => $"{metric.Name}={metric.Value}")));

        public void Dispose()
        {
        }
    }
}
