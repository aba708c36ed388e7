using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Neural.Tests.State;

public sealed class CheckpointFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bellman-").FullName;

    private string Path => System.IO.Path.Combine(folder, "a.bellman");

    [Fact]
    public void Sections_are_read_again_in_any_order_or_alone()
    {
        Save();
        var everything = new Everything();
        var random = new Pcg64(0);
        CheckpointFile.Load(Path, [("random", random), ("all", everything)]);
        Assert.Equal(StateHash.Of(Everything.Filled()), StateHash.Of(everything));
        Assert.Equal(StateHash.Of(Everything.Advanced()), StateHash.Of(random));
        CheckpointFile.Load(Path, [("random", new Pcg64(3))]);
    }

    [Fact]
    public void Sections_and_entries_can_be_listed()
    {
        Save();
        using CheckpointReader reader = CheckpointReader.Open(Path);
        Assert.Equal(["all", "random"], reader.Sections.Select(section => section.Name));
        Assert.Contains(new StateEntry("block", "float32", 5), reader.Entries("all"));
        FileFormatException exception = Assert.Throws<FileFormatException>(() => reader.Load("agent", new Pcg64(0)));
        Assert.Contains("no section 'agent'; it has all, random", exception.Message);
    }

    [Fact]
    public void Any_flipped_bit_is_found()
    {
        Save();
        byte[] bytes = File.ReadAllBytes(Path);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte kept = bytes[i];
            bytes[i] ^= (byte)(1 << (i % 8));
            Refuses(bytes);
            bytes[i] = kept;
        }
    }

    [Fact]
    public void Any_cut_and_any_growth_is_found()
    {
        Save();
        byte[] bytes = File.ReadAllBytes(Path);
        for (int length = 0; length < bytes.Length; length++)
        {
            Refuses(bytes[..length]);
        }

        Refuses([.. bytes, 0]);
    }

    [Fact]
    public void A_failed_save_leaves_the_file_before_it()
    {
        Save();
        byte[] before = File.ReadAllBytes(Path);
        Assert.Throws<InvalidOperationException>(() => CheckpointFile.Save(Path, [("all", new Failing())]));
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_later_version_is_named()
    {
        CheckpointFile.Save(Path, []);
        byte[] bytes = File.ReadAllBytes(Path);
        bytes[8] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(12), Crc32C.Of(bytes.AsSpan(0, 12)));
        Assert.Contains("version 2; this program reads version 1", Refuses(bytes).Message);
        Assert.Contains("not a checkpoint", Refuses([.. "something else"u8]).Message);
    }

    [Fact]
    public void The_checksum_is_that_of_RFC_3720()
    {
        // Appendix B.4.
        byte[] ascending = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(0x46DD794Eu, Crc32C.Of(ascending));
        var parts = new Crc32C();
        parts.Append(ascending.AsSpan(..5));
        parts.Append(ascending.AsSpan(5..));
        Assert.Equal(0x46DD794Eu, parts.Value);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static FileFormatException Refuses(byte[] bytes) =>
        Assert.Throws<FileFormatException>(() => CheckpointReader.Open(new MemoryStream(bytes), "test"));

    private void Save() => CheckpointFile.Save(Path, [("all", Everything.Filled()), ("random", Everything.Advanced())]);

    private sealed class Failing : IStateful
    {
        public void Visit(IStateVisitor state) => throw new InvalidOperationException("disk full");
    }
}
