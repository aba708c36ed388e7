using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Neural.Tensors.Files;

namespace Bellman.Neural.Tests.Tensors.Files;

/// <summary>Against PyTorch 1.13: tests/golden/torch/record-state-dicts.py.</summary>
public sealed class TensorFileTests : IDisposable
{
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "golden");

    private readonly string folder = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Theory]
    [InlineData("torch", "varied.pt")]
    [InlineData("torch", "mlp-8-64-64-4.pt")]
    [InlineData("torch", "visual-cartpole.pt")]
    [InlineData("sb3", "a2c-Pendulum-v1.zip")]
    [InlineData("sb3", "dqn-CartPole-v1.zip")]
    [InlineData("sb3", "ppo-CartPole-v1.zip")]
    [InlineData("sb3", "sac-Pendulum-v1.zip")]
    public void PyTorchs_tensors_are_read(string place, string name)
    {
        string path = Path.Combine(Golden, place, name);
        using JsonDocument record = Record("state-dicts.json");
        JsonProperty[] expected = [.. record.RootElement.GetProperty(name).EnumerateObject()];
        Assert.Equal(expected.Select(entry => entry.Name), TensorFile.Load(path).Select(entry => entry.Name));
        foreach ((JsonProperty tensor, NamedTensor actual) in expected.Zip(TensorFile.Load(path)))
        {
            Assert.Equal(tensor.Value.GetProperty("sha256").GetString(), Sha256(actual.Value));
            int[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            Assert.Equal(new Shape(shape), actual.Value.Shape);
            Assert.Equal(tensor.Value.GetProperty("dtype").GetString(), $"{actual.Element}".ToLowerInvariant());
        }

        Assert.Equal(
            TensorFile.Load(path).Select(entry => new TensorEntry(entry.Name, entry.Element, entry.Value.Shape)),
            TensorFile.List(path));
    }

    [Fact]
    public void A_network_of_PyTorch_gives_its_outputs()
    {
        using JsonDocument record = Record("mlp-8-64-64-4.json");
        float[] input = Numbers(record, "input");
        float[] expected = Numbers(record, "output");
        StateDict state = TensorFile.Load(Path.Combine(Golden, "torch", "mlp-8-64-64-4.pt"));
        Tensor output = Tensor.From(input, input.Length / 8, 8);
        foreach (string layer in (string[])["fc1", "fc2", "fc3"])
        {
            Tensor weight = state[$"{layer}.weight"];
            var linear = new Linear(weight.Shape[1], weight.Shape[0], new Pcg64(0));
            StateDict.Of([("weight", weight), ("bias", state[$"{layer}.bias"])]).CopyTo(linear.NamedState());
            output = linear.Forward(output);
            if (layer != "fc3") output = output.Relu();
        }

        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], output.ToArray()[i], 1e-5f);
        }
    }

    [Theory]
    [InlineData("a.pt")]
    [InlineData("a.pth")]
    [InlineData("a.safetensors")]
    public void What_was_saved_is_read_again(string name)
    {
        StateDict saved = TensorFile.Load(Path.Combine(Golden, "torch", "varied.pt"));
        saved.Metadata["task"] = "CartPole-v1, τ = 0.005";
        string path = Path.Combine(folder, name);
        TensorFile.Save(path, saved);
        StateDict loaded = TensorFile.Load(path);
        Assert.Equal(saved.Select(entry => entry.Name), loaded.Select(entry => entry.Name));
        foreach (NamedTensor entry in saved)
        {
            Assert.Equal(entry.Value.Shape, loaded[entry.Name].Shape);
            Assert.Equal(entry.Value.ToArray(), loaded[entry.Name].ToArray());
        }

        Assert.Equal(TensorElement.Int64, loaded.Single(entry => entry.Name == "long").Element);
        if (name == "a.safetensors") Assert.Equal(saved.Metadata, loaded.Metadata);
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void The_same_tensors_give_the_same_file()
    {
        StateDict state = TensorFile.Load(Path.Combine(Golden, "torch", "varied.pt"));
        foreach (string ending in (string[])[".pt", ".safetensors"])
        {
            string first = Path.Combine(folder, "first" + ending);
            string second = Path.Combine(folder, "second" + ending);
            TensorFile.Save(first, state);
            TensorFile.Save(second, state);
            Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        }
    }

    [Fact]
    public void The_numbers_of_a_pt_file_are_aligned_to_64_bytes()
    {
        string path = Path.Combine(folder, "a.pt");
        TensorFile.Save(path, TensorFile.Load(Path.Combine(Golden, "torch", "varied.pt")));
        using FileStream stream = File.OpenRead(path);
        Assert.All(ZipReader.Entries(stream).Values, entry => Assert.Equal(0, entry.Start % 64));
    }

    [Fact]
    public void Safetensors_is_laid_out_as_its_specification_says()
    {
        const string Header = """
            {"b":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]},
             "a":{"dtype":"U8","shape":[1,4],"data_offsets":[0,4]}}
            """;
        byte[] file = Safetensors(Header, [1, 2, 3, 255, 0x80, 0x3F, 0x20, 0xC0]);
        StateDict state = TensorFile.Load(new MemoryStream(file), "test");
        Assert.Equal([1, 2, 3, 255], state["a"].ToArray());
        Assert.Equal([1f, -2.5f], state["b"].ToArray());
        Assert.Equal("[1, 4]", state["a"].Shape.ToString());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,3]}}""", "does not fit its shape")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "describes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", "does not begin")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", "known are F32")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}""", "impossible size -4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[65536,65536,65536,65536],"data_offsets":[0,4]}}""", "too many elements")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,4],"data_offsets":[0,4]}}""", "7 axes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":7}""", "JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]}}""", "not")]
    [InlineData("""{"a":{"shape":[4],"data_offsets":[0,4]}}""", "no 'dtype'")]
    [InlineData("""{"a":7}""", "JSON")]
    [InlineData("""{"a":""", "JSON")]
    public void A_wrong_safetensors_header_is_refused(string header, string reason) =>
        Refuses(Safetensors(header, [1, 2, 3, 4]), reason);

    [Fact]
    public void A_pickle_that_would_run_code_is_refused()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Golden, "torch", "refused.pt"));
        Refuses(file, "asks for 'posix.system', which is refused");
    }

    [Fact]
    public void Other_files_are_named_for_what_they_are()
    {
        Refuses([], "neither safetensors nor a zip");
        Refuses([.. "BELLMAN\x1A and more of it"u8], "it is a checkpoint");
        Refuses([.. PyTorchFile.OldMagic, 0x2E, 0x80], "before PyTorch 1.6");
        using var stream = new MemoryStream();
        var zip = new ZipWriter(stream);
        zip.Add("readme.txt", "hello"u8);
        zip.Finish();
        Refuses(stream.ToArray(), "nor 'policy.pth', but readme.txt");
    }

    [Fact]
    public void A_flipped_number_is_found_by_the_checksum()
    {
        string path = Path.Combine(Golden, "torch", "mlp-8-64-64-4.pt");
        byte[] file = File.ReadAllBytes(path);
        file[4000] ^= 1;
        Refuses(file, "checksum of 'mlp-8-64-64-4/data/2' is wrong");
    }

    [Fact]
    public void Another_member_of_an_archive_can_be_asked_for()
    {
        string path = Path.Combine(Golden, "sb3", "dqn-CartPole-v1.zip");
        IReadOnlyList<TensorEntry> entries = TensorFile.List(path, "policy.optimizer.pth");
        Assert.Contains(entries, entry => entry.Name == "state.0.exp_avg");
    }

    [Fact]
    public void A_module_takes_a_state_of_its_own_names_and_shapes_only()
    {
        var module = new Mlp(4, [8], 2, new Pcg64(1));
        var other = new Mlp(4, [8], 2, new Pcg64(2));
        string path = Path.Combine(folder, "policy.safetensors");
        TensorFile.Save(path, StateDict.Of(module.NamedState()));
        TensorFile.Load(path).CopyTo(other.NamedState());
        Assert.Equal(module.Sha256(), other.Sha256());

        StateDict state = TensorFile.Load(path);
        string name = state.First().Name;
        RefusesCopy(state, (name, Tensor.Zeros(3)), $"'{name}' was expected as [3]; got [8, 4]");
        RefusesCopy(state, (name + "s", Tensor.Zeros(8, 4)), $"no tensor '{name}s'; nearest is '{name}'");
        RefusesCopy(state, (name, Tensor.Zeros(8, 4)), "has no counterpart");
    }

    [Fact]
    public void The_checksum_of_zip_archives_is_the_known_one()
    {
        Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));
        Assert.Equal(0xCBF43926u, Crc32.Append(Crc32.Append(0, "1234"u8), "56789"u8));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static byte[] Safetensors(string header, byte[] data) =>
        [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. data];

    private static void Refuses(byte[] file, string reason)
    {
        FileFormatException exception =
            Assert.Throws<FileFormatException>(() => TensorFile.Load(new MemoryStream(file), "test"));
        Assert.Contains(reason, exception.Message);
    }

    private static void RefusesCopy(StateDict state, (string Name, Tensor Value) target, string reason)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => state.CopyTo([target]));
        Assert.Contains(reason, exception.Message);
    }

    private static JsonDocument Record(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Golden, "torch", name)));

    private static string Sha256(Tensor tensor) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(tensor.Values)));

    private static float[] Numbers(JsonDocument record, string name) =>
        [.. record.RootElement.GetProperty(name).EnumerateArray().SelectMany(row => row.EnumerateArray())
            .Select(value => value.GetSingle())];
}
