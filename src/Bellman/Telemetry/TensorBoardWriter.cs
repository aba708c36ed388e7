using Bellman.Telemetry.Records;
using Google.Protobuf;

namespace Bellman.Telemetry;

/// <summary>Writes an event file that TensorBoard reads: <c>events.out.tfevents.SECONDS.HOST.bellman</c>.</summary>
public sealed partial class TensorBoardWriter : IMetricsWriter
{
    private readonly FileStream stream;
    private readonly TimeProvider clock;
    private readonly MemoryStream message = new();
    private readonly MemoryStream record = new();

    /// <param name="directory">Made if it is not there. TensorBoard takes it for one run.</param>
    /// <param name="clock">Gives the wall time of each record.</param>
    public TensorBoardWriter(string directory, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        Directory.CreateDirectory(directory);
        this.clock = clock;
        Path = NewPath(directory, clock);
        stream = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        Write(new Event { FileVersion = "brain.Event:2" });
        Write(new Event { SourceMetadata = new SourceMetadata { Writer = "bellman" } });
    }

    /// <summary>The event file.</summary>
    public string Path { get; }

    /// <summary>
    /// Cuts the event files of a directory back, so that a run that goes on from an earlier step shows no point twice.
    /// </summary>
    /// <param name="directory">Of one run.</param>
    /// <param name="keepUntil">Records of later steps are dropped.</param>
    public static void CutBack(string directory, long keepUntil)
    {
        if (!Directory.Exists(directory)) return;
        foreach (string path in Directory.EnumerateFiles(directory, "events.out.tfevents.*"))
        {
            using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
            file.SetLength(KeptLength(file, keepUntil));
        }
    }

    /// <summary>Up to the first record of a later step, or that is damaged: after a power cut the last ones may be.</summary>
    private static long KeptLength(FileStream file, long keepUntil)
    {
        long end = 0;
        try
        {
            while (RecordFile.Read(file) is byte[] data && Event.Parser.ParseFrom(data).Step <= keepUntil)
            {
                end = file.Position;
            }
        }
        catch (Exception error) when (error is InvalidDataException or InvalidProtocolBufferException)
        {
            return end;
        }

        return end;
    }

    public void Write(long step, ReadOnlySpan<Metric> metrics)
    {
        var summary = new Summary();
        foreach (Metric metric in metrics)
        {
            summary.Value.Add(new Summary.Types.Value { Tag = metric.Name, SimpleValue = (float)metric.Value });
        }

        Write(step, summary);
    }

    /// <summary>Writes Markdown that TensorBoard shows under the heading TEXT.</summary>
    public void WriteText(string tag, string markdown, long step = 0)
    {
        var tensor = new TensorProto { Dtype = DataType.DtString, TensorShape = new TensorShapeProto() };
        tensor.TensorShape.Dim.Add(new TensorShapeProto.Types.Dim { Size = 1 });
        tensor.StringVal.Add(ByteString.CopyFromUtf8(markdown));
        Write(step, tag, tensor, "text", ByteString.Empty);
    }

    public void Dispose()
    {
        stream.Dispose();
        message.Dispose();
        record.Dispose();
    }

    private void Write(long step, string tag, TensorProto tensor, string plugin, ByteString content)
    {
        var data = new SummaryMetadata.Types.PluginData { PluginName = plugin, Content = content };
        var metadata = new SummaryMetadata { PluginData = data, DataClass = DataClass.Tensor };
        Write(step, new Summary.Types.Value { Tag = tag, Tensor = tensor, Metadata = metadata });
    }

    private void Write(long step, Summary.Types.Value value)
    {
        var summary = new Summary();
        summary.Value.Add(value);
        Write(step, summary);
    }

    private void Write(long step, Summary summary) => Write(new Event { Step = step, Summary = summary });

    private double Now => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private void Write(Event entry)
    {
        entry.WallTime = Now;
        message.SetLength(0);
        entry.WriteTo(message);
        record.SetLength(0);
        RecordFile.Write(record, message.GetBuffer().AsSpan(0, (int)message.Length));

        // At once and without a buffer: nothing is left to write when a file on a full disk is closed.
        stream.Write(record.GetBuffer(), 0, (int)record.Length);
    }

    // TensorBoard reads the files of a run in the order of their names, so a second file of one second gets a larger
    // number.
    private static string NewPath(string directory, TimeProvider clock)
    {
        long seconds = clock.GetUtcNow().ToUnixTimeSeconds();
        for (int number = 0; ; number++)
        {
            string path = System.IO.Path.Combine(
                directory, $"events.out.tfevents.{seconds:0000000000}.{Environment.MachineName}.{number}.bellman");
            if (!File.Exists(path)) return path;
        }
    }
}
