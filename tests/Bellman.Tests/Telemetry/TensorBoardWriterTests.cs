using System.Buffers.Binary;
using Bellman.Telemetry;
using Bellman.Telemetry.Records;

namespace Bellman.Tests.Telemetry;

public sealed class TensorBoardWriterTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("123456789", 0xe3069283u)]
    public void The_check_sum_is_CRC_32C(string text, uint crc)
    {
        // Check values of the Castagnoli polynomial; the mask is that of TensorFlow's record files.
        uint masked = ((crc >> 15) | (crc << 17)) + 0xa282ead8;
        Assert.Equal(masked, RecordFile.MaskedCrc(System.Text.Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void The_check_sum_of_32_zeros_is_that_of_RFC_3720()
    {
        uint crc = 0x8a9136aa;
        Assert.Equal(((crc >> 15) | (crc << 17)) + 0xa282ead8, RecordFile.MaskedCrc(new byte[32]));
    }

    [Fact]
    public void A_file_follows_the_rules_of_TensorBoards_reader()
    {
        string path = WriteTwoRows();
        List<Event> events = ReadByTheRules(File.ReadAllBytes(path));

        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.StartsWith("events.out.tfevents.1767225600.", Path.GetFileName(path));
        Assert.All(events, entry => Assert.Equal(1767225600.25, entry.WallTime));
        Event first = Assert.Single(events, entry => entry.Step == 100);
        Assert.Equal(["train/loss", "rollout/ep_rew_mean"], first.Summary.Value.Select(value => value.Tag));
        Assert.Equal(0.25f, first.Summary.Value[0].SimpleValue);
        Assert.Equal(21.5f, first.Summary.Value[1].SimpleValue);
        Assert.Equal(0.5f, Assert.Single(events, entry => entry.Step == 200).Summary.Value[0].SimpleValue);
    }

    [Fact]
    public void Text_is_a_string_tensor_of_the_text_plugin()
    {
        string path;
        using (var writer = new TensorBoardWriter(directory, new FixedClock()))
        {
            writer.WriteText("options", "| γ | 0.99 |");
            path = writer.Path;
        }

        Summary.Types.Value value = ReadByTheRules(File.ReadAllBytes(path))[^1].Summary.Value[0];
        Assert.Equal("text", value.Metadata.PluginData.PluginName);
        Assert.Equal(DataType.DtString, value.Tensor.Dtype);
        Assert.Equal("| γ | 0.99 |", value.Tensor.StringVal[0].ToStringUtf8());
    }

    [Fact]
    public void Files_of_one_second_have_different_names_in_order()
    {
        using var first = new TensorBoardWriter(directory, new FixedClock());
        using var second = new TensorBoardWriter(directory, new FixedClock());
        Assert.True(string.CompareOrdinal(first.Path, second.Path) < 0);
    }

    [Fact]
    public void A_record_reads_back_and_an_unfinished_one_ends_the_file()
    {
        using var stream = new MemoryStream();
        RecordFile.Write(stream, [1, 2, 3]);
        RecordFile.Write(stream, [4, 5]);
        stream.SetLength(stream.Length - 1);
        stream.Position = 0;
        Assert.Equal([1, 2, 3], RecordFile.Read(stream));
        Assert.Null(RecordFile.Read(stream));
    }

    [Fact]
    public void A_flipped_bit_is_noticed()
    {
        using var stream = new MemoryStream();
        RecordFile.Write(stream, [1, 2, 3]);
        stream.GetBuffer()[RecordFile.HeaderLength] ^= 1;
        stream.Position = 0;
        Assert.Throws<InvalidDataException>(() => RecordFile.Read(stream));
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private string WriteTwoRows()
    {
        using var writer = new TensorBoardWriter(directory, new FixedClock());
        writer.Write(100, [new Metric("train/loss", 0.25), new Metric("rollout/ep_rew_mean", 21.5)]);
        writer.Write(200, [new Metric("train/loss", 0.5)]);
        return writer.Path;
    }

    // Written without the code under test: a bitwise CRC, and the framing as TensorBoard's reader checks it.
    internal static List<Event> ReadByTheRules(byte[] file)
    {
        List<Event> events = [];
        ReadOnlySpan<byte> rest = file;
        while (rest.Length > 0)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(rest));
            Assert.Equal(Masked(rest[..8]), BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]));
            ReadOnlySpan<byte> data = rest.Slice(12, length);
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]));
            events.Add(Event.Parser.ParseFrom(data));
            rest = rest[(16 + length)..];
        }

        return events;
    }

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        uint crc = 0xffffffff;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
            }
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }
}
