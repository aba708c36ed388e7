using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Neural.Tests.State;

public sealed class CheckpointSeriesTests : IDisposable
{
    private const int Size = 400_000;

    private readonly string folder = Directory.CreateTempSubdirectory("bellman-").FullName;
    private readonly Memory memory = new(Size);

    [Fact]
    public void Only_what_has_changed_since_the_one_before_the_last_is_written_and_all_of_it_is_read()
    {
        var series = new CheckpointSeries(folder);
        long[] written = new long[4];
        for (int i = 0; i < written.Length; i++)
        {
            memory.Values[1000 * i] = i + 1;
            long before = Bytes();
            Save(series, i);
            written[i] = Bytes() - before;
        }

        // Two full ones, then those with the one piece of 2¹⁸ bytes that has changed.
        Assert.InRange(written[0], 4 * Size, (4 * Size) + 4096);
        Assert.InRange(written[1], 4 * Size, (4 * Size) + 4096);
        Assert.InRange(written[2], Piece.MaxLength, Piece.MaxLength + 4096);
        Assert.InRange(written[3], Piece.MaxLength, Piece.MaxLength + 4096);
        Assert.Equal(StateHash.Of(memory), StateHash.Of(Loaded(3)));
        memory.Values[3000] = 0;
        Assert.Equal(StateHash.Of(memory), StateHash.Of(Loaded(2)));
    }

    [Fact]
    public void Two_checkpoints_in_a_row_share_no_file()
    {
        var series = new CheckpointSeries(folder);
        for (int i = 0; i < 6; i++)
        {
            memory.Values[i] = i + 1;
            Save(series, i);
            if (i > 0) Assert.Empty(Segments(i).Intersect(Segments(i - 1)));

            // The last one once more, as at a Ctrl-C just after it.
            Save(series, i);
            if (i > 0) Assert.Empty(Segments(i).Intersect(Segments(i - 1)));
        }
    }

    [Fact]
    public void A_file_is_deleted_once_neither_of_the_last_two_needs_it()
    {
        var series = new CheckpointSeries(folder);
        for (int i = 0; i < 12; i++)
        {
            memory.Values.AsSpan(i * 30_000, 60_000).Fill(i + 1);
            Save(series, i);
            if (i > 1) File.Delete(PathOf(i - 2));
            series.DeleteUnused();
            Assert.Equal(StateHash.Of(memory), StateHash.Of(Loaded(i)));
            if (i > 0) Loaded(i - 1);

            // What is needed twice over, and at most as much again in files of which half is needed.
            Assert.True(Bytes() < 4.5 * 4 * Size);
        }
    }

    [Fact]
    public void A_series_goes_on_from_its_files()
    {
        var first = new CheckpointSeries(folder);
        Save(first, 0);
        Save(first, 1);
        var second = new CheckpointSeries(folder);
        var loaded = new Memory(Size);
        second.Load(PathOf(1), PathOf(0), [("memory", loaded)]);
        long before = Bytes();
        Save(second, 2);
        Assert.InRange(Bytes() - before, 0, 4096);
        Assert.Equal(Segments(0), Segments(2));
    }

    [Fact]
    public void A_disk_that_is_full_at_any_write_leaves_the_checkpoints_before_it_and_nothing_else()
    {
        var series = new CheckpointSeries(folder);
        Save(series, 0);
        Save(series, 1);
        string[] files = Directory.GetFiles(folder);
        memory.Values[5] = 7;
        int writes = 0;
        while (!IsSaved(room: writes))
        {
            Assert.Equal(files.Order(), Directory.GetFiles(folder).Order());
            writes++;
        }

        Assert.InRange(writes, 10, 100);
        File.Delete(PathOf(2));

        Loaded(0);
        Loaded(1);

        bool IsSaved(int room)
        {
            var failing = new CheckpointSeries(folder) { Through = stream => new Filling(stream, () => --room >= 0) };
            failing.Load(PathOf(1), PathOf(0), [("memory", new Memory(Size))]);
            try
            {
                Save(failing, 2);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    [Fact]
    public void Any_flipped_bit_spoils_one_checkpoint_and_not_the_other()
    {
        var series = new CheckpointSeries(folder);
        Save(series, 0);
        Save(series, 1);
        memory.Values[70_000] = 3;
        Save(series, 2);
        var random = new Pcg64(1);
        string[] needed = [PathOf(2), .. Segments(2).Select(number => SegmentFile.PathOf(folder, number))];
        for (int i = 0; i < 100; i++)
        {
            string path = needed[i % needed.Length];
            (long position, byte mask) = (random.Integers((int)new FileInfo(path).Length), (byte)(1 << (int)random.Integers(8)));
            bool isUsed = i % needed.Length == 0 || IsUsed(path, position);
            Flip(path, position, mask);
            if (isUsed) Assert.Throws<FileFormatException>(() => Loaded(2));
            Loaded(1);
            Flip(path, position, mask);
        }

        Loaded(2);

        bool IsUsed(string path, long position)
        {
            using CheckpointReader reader = CheckpointReader.Open(PathOf(2));
            return reader.Pieces.Values.Any(piece => SegmentFile.PathOf(folder, piece.Segment) == path
                && position >= piece.Offset && position < piece.Offset + piece.Length);
        }
    }

    [Fact]
    public void A_missing_segment_file_is_named()
    {
        var series = new CheckpointSeries(folder);
        Save(series, 0);
        string segment = SegmentFile.PathOf(folder, 1);
        File.Delete(segment);
        Assert.Contains($"The file {segment} is missing.", Assert.Throws<FileFormatException>(() => Loaded(0)).Message);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void Flip(string path, long position, byte mask)
    {
        using FileStream file = File.Open(path, FileMode.Open);
        file.Position = position;
        int value = file.ReadByte();
        file.Position = position;
        file.WriteByte((byte)(value ^ mask));
    }

    private string PathOf(int number) => Path.Combine(folder, $"{number}.bellman");

    private void Save(CheckpointSeries series, int number) => series.Save(PathOf(number), [("memory", memory)]);

    private Memory Loaded(int number)
    {
        var loaded = new Memory(Size);
        CheckpointFile.Load(PathOf(number), [("memory", loaded)]);
        return loaded;
    }

    private HashSet<int> Segments(int number)
    {
        using CheckpointReader reader = CheckpointReader.Open(PathOf(number));
        return [.. reader.Pieces.Values.Select(piece => piece.Segment)];
    }

    private long Bytes() => Directory.GetFiles(folder).Sum(file => new FileInfo(file).Length);

    private sealed class Memory(int size) : IStateful
    {
        private int step = 3;

        public float[] Values { get; } = new float[size];

        public void Visit(IStateVisitor state)
        {
            state.Value(nameof(step), ref step);
            state.Settled(nameof(Values), Values.AsSpan());
            state.Value("end", ref step);
        }
    }

    /// <summary>A disk that takes half of one write and then no more.</summary>
    private sealed class Filling(Stream target, Func<bool> fits) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => target.Length;

        public override long Position
        {
            get => target.Position;
            set => target.Position = value;
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            bool isWhole = fits();
            target.Write(isWhole ? buffer : buffer[..(buffer.Length / 2)]);
            if (!isWhole) throw new IOException("No space left on device");
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
