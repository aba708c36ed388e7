using System.Text;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors.Files;
using Bellman.Neural.Tests.State;

namespace Bellman.Neural.Tests.Tensors.Files;

/// <summary>
/// Mutated files through the readers: each is read or refused by a <see cref="FileFormatException"/>, with memory in
/// proportion to its size. <c>BELLMAN_FUZZ=100000</c> in the environment sets the number of files per reader, which is
/// small otherwise, and <c>BELLMAN_FUZZ_SEED</c> the seed.
/// </summary>
public sealed class FuzzTests
{
    private const int MaxBytes = 1 << 24;

    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "golden");

    private static int Count => int.Parse(Environment.GetEnvironmentVariable("BELLMAN_FUZZ") ?? "2500");

    private static ulong Seed => ulong.Parse(Environment.GetEnvironmentVariable("BELLMAN_FUZZ_SEED") ?? "1");

    [Fact]
    public void Mutated_safetensors_are_read_or_refused() => Fuzz([Safetensors()], ReadTensors);

    [Fact]
    public void Mutated_pt_files_are_read_or_refused() => Fuzz(
        [Recorded("torch", "varied.pt"), Recorded("torch", "mlp-8-64-64-4.pt"), Recorded("sb3", "dqn-CartPole-v1.zip")],
        ReadTensors);

    [Fact]
    public void Mutated_pickles_in_sound_archives_are_read_or_refused() => Fuzz(
        [Pickle("varied.pt"), Pickle("mlp-8-64-64-4.pt"), Pickle("refused.pt")],
        pickle => ReadTensors(Archive(pickle)));

    [Fact]
    public void Mutated_checkpoints_are_read_or_refused() => Fuzz([Checkpoint()], ReadCheckpoint);

    [Fact]
    public void Mutated_state_with_sound_checksums_is_read_or_refused() => Fuzz([State()], ReadState);

    [Fact]
    public void Containers_that_contain_each_other_are_refused()
    {
        // Each list holds the one before it twice: 2³⁰ ways through 31 lists.
        List<byte> pickle = [0x80, 2, .. "]q\0"u8];
        for (byte i = 1; i <= 30; i++)
        {
            byte before = (byte)(i - 1);
            pickle.AddRange([.. "]q"u8, i, .. "(h"u8, before, .. "h"u8, before, .. "e"u8]);
        }

        Refuses([.. pickle, .. "."u8], "values");
        Refuses([0x80, 2, .. "]q\0h\0a."u8], "nested too deeply");
    }

    [Fact]
    public void One_number_does_not_become_a_large_tensor()
    {
        // A view of 2³⁰ elements with stride 0 on a storage of one.
        byte[] pickle =
        [
            0x80, 2, .. "ctorch._utils\n_rebuild_tensor_v2\n(("u8,
            .. Text("storage"), .. "ctorch\nFloatStorage\n"u8, .. Text("0"), .. Text("cpu"), .. "K\x01tQK\0"u8,
            .. "J\0\0\0\x40"u8, 0x85, .. "K\0"u8, 0x85, 0x89, .. "}tR."u8,
        ];
        Refuses(pickle, "fewer numbers");
    }

    private static void Refuses(byte[] pickle, string reason)
    {
        FileFormatException exception = Assert.Throws<FileFormatException>(() => ReadTensors(Archive(pickle)));
        Assert.Contains(reason, exception.Message);
    }

    private static void Fuzz(byte[][] files, Action<byte[]> read)
    {
        var mutation = new Mutation(new Pcg64(Seed));
        int refused = 0;
        for (int i = 0; i < Count; i++)
        {
            byte[] file = mutation.Of(files[i % files.Length]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(file);
            }
            catch (FileFormatException)
            {
                refused++;
            }
            catch (Exception exception)
            {
                Assert.Fail($"File {i} of seed {Seed} gave {exception}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MaxBytes, $"File {i} of seed {Seed} took {allocated} bytes.");
        }

        Assert.InRange(refused, Count / 20, Count);
    }

    private static void ReadTensors(byte[] file) => TensorFile.Load(new MemoryStream(file), "fuzz");

    private static void ReadCheckpoint(byte[] file)
    {
        using CheckpointReader reader = CheckpointReader.Open(new MemoryStream(file), "fuzz");
        foreach (CheckpointSection section in reader.Sections)
        {
            reader.Entries(section.Name);
            reader.Load(section.Name, new Everything());
        }
    }

    private static void ReadState(byte[] bytes)
    {
        StateReader.List(new MemoryStream(bytes), bytes.Length);
        new Everything().Visit(new StateReader(new MemoryStream(bytes), bytes.Length));
    }

    private static byte[] Recorded(string folder, string name) => File.ReadAllBytes(Path.Combine(Golden, folder, name));

    private static byte[] Safetensors()
    {
        using var stream = new MemoryStream();
        StateDict state = TensorFile.Load(Path.Combine(Golden, "torch", "varied.pt"));
        state.Metadata["format"] = "pt";
        SafetensorsFile.Save(stream, state);
        return stream.ToArray();
    }

    private static byte[] State()
    {
        var stream = new MemoryStream();
        Everything.Filled().Visit(new StateWriter(stream));
        return stream.ToArray();
    }

    private static byte[] Checkpoint()
    {
        string path = Path.GetTempFileName();
        CheckpointFile.Save(path, [("all", Everything.Filled()), ("more", new Everything())]);
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }

    private static byte[] Pickle(string name)
    {
        using var stream = new MemoryStream(Recorded("torch", name));
        ZipEntry entry = PyTorchFile.FindPickle(ZipReader.Entries(stream))!;
        return stream.BytesAt(entry.Start, entry.Length);
    }

    private static byte[] Archive(byte[] pickle)
    {
        using var stream = new MemoryStream();
        var zip = new ZipWriter(stream);
        zip.Add("archive/data.pkl", pickle);
        for (int key = 0; key < 20; key++)
        {
            zip.Add($"archive/data/{key}", new byte[key == 0 ? 4 : 256]);
        }

        zip.Finish();
        return stream.ToArray();
    }

    private static byte[] Text(string text) =>
        [.. "X"u8, (byte)text.Length, 0, 0, 0, .. Encoding.ASCII.GetBytes(text)];
}
