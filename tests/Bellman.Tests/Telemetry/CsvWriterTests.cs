using Bellman.Telemetry;

namespace Bellman.Tests.Telemetry;

public sealed class CsvWriterTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    [Fact]
    public void A_metric_that_appears_later_gets_a_column_at_the_right()
    {
        using (var writer = new CsvWriter(path))
        {
            writer.Write(100, [new Metric("rollout/ep_rew_mean", 20.5)]);
            writer.Write(200, [new Metric("train/loss", 0.1), new Metric("rollout/ep_rew_mean", 21)]);
            writer.Write(300, [new Metric("train/loss", 1e-9)]);
        }

        Assert.Equal(
            "step,rollout/ep_rew_mean,train/loss\n100,20.5,\n200,21,0.1\n300,,1E-09\n", File.ReadAllText(path));
    }

    [Fact]
    public void The_clock_leaves_no_trace()
    {
        using (var writer = new CsvWriter(path))
        {
            writer.Write(100, [new Metric("time/fps", 12345), new Metric("train/loss", 2)]);
        }

        Assert.Equal("step,train/loss\n100,2\n", File.ReadAllText(path));
    }

    [Fact]
    public void Going_on_cuts_rows_and_columns_of_later_steps()
    {
        using (var writer = new CsvWriter(path))
        {
            writer.Write(100, [new Metric("a", 1)]);
            writer.Write(200, [new Metric("a", 2)]);
            writer.Write(300, [new Metric("a", 3), new Metric("b", 3)]);
        }

        File.AppendAllText(path, "400,4");
        using (var writer = new CsvWriter(path, keepUntil: 200))
        {
            writer.Write(250, [new Metric("a", 2.5)]);
        }

        Assert.Equal("step,a\n100,1\n200,2\n250,2.5\n", File.ReadAllText(path));
    }

    [Fact]
    public void Rows_can_be_read_while_the_run_goes_on()
    {
        using var writer = new CsvWriter(path);
        writer.Write(1, [new Metric("a", 1)]);
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        Assert.Equal("step,a\n1,1\n", reader.ReadToEnd());
    }

    public void Dispose() => File.Delete(path);
}
