using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Bellman.Neural.Random;

namespace Bellman.Neural.Tests.Random;

/// <summary>
/// Against NumPy 1.24: tests/golden/gymnasium/numpy-random.json and tests/golden/numpy/record-random.py.
/// </summary>
public sealed class Pcg64Tests
{
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "golden");

    [Fact]
    public void First_draws_equal_NumPys()
    {
        string path = Path.Combine(Golden, "gymnasium", "numpy-random.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (JsonElement record in document.RootElement.EnumerateArray())
        {
            ulong seed = record.GetProperty("seed").GetUInt64();
            Equal(record, "uint64", seed, random => random.NextUInt64(), value => ulong.Parse(value.GetString()!));
            EqualDoubles(record, "random", seed, random => random.NextDouble());
            EqualDoubles(record, "random_float32", seed, random => random.NextSingle());
            EqualDoubles(record, "uniform(-0.05,0.05)", seed, random => random.Uniform(-0.05, 0.05));
            EqualDoubles(record, "integers(0,4)", seed, random => random.Integers(4));
            EqualDoubles(record, "integers(0,2**32)", seed, random => random.Integers(0, 1L << 32));
            EqualDoubles(record, "integers(0,10**12)", seed, random => random.Integers(0, 1_000_000_000_000));
            EqualDoubles(record, "standard_normal", seed, random => random.StandardNormal());
            EqualDoubles(record, "normal(1,2)", seed, random => random.Normal(1, 2));
            EqualDoubles(record, "standard_exponential", seed, random => random.StandardExponential());
            Assert.Equal(Integers(record, "permutation(10)"), new Pcg64(seed).Permutation(10));
            Assert.Equal(Integers(record, "choice(10,5,replace=False)"), new Pcg64(seed).Choice(10, 5, replace: false));
            EqualSpawned(record, new Pcg64(seed).Spawn(3));
        }
    }

    [Fact]
    public void Calls_in_mixed_order_equal_NumPys()
    {
        foreach (JsonElement record in Mixed())
        {
            var random = new Pcg64(ulong.Parse(record.GetProperty("seed").GetString()!));
            foreach (JsonElement call in record.GetProperty("mixed").EnumerateArray())
            {
                string name = call[0].GetString()!;
                string[] arguments = [.. call[1].EnumerateArray().Select(argument => argument.GetString()!)];
                string[] expected = [.. call[2].EnumerateArray().Select(Text)];
                Assert.Equal(expected, Call(random, name, arguments, expected.Length));
            }
        }
    }

    [Fact]
    public void Long_streams_equal_NumPys()
    {
        foreach (JsonElement record in Mixed())
        {
            ulong seed = ulong.Parse(record.GetProperty("seed").GetString()!);
            foreach (JsonProperty stream in record.GetProperty("streams").EnumerateObject())
            {
                int count = stream.Name.StartsWith("standard_") ? 1_000_000 : 20_000;
                string actual = Digest(stream.Name, new Pcg64(seed), count);
                Assert.True(stream.Value.GetString() == actual, $"Stream {stream.Name} of seed {seed} differs.");
            }
        }
    }

    [Fact]
    public void Children_and_their_children_equal_NumPys()
    {
        foreach (JsonElement record in Mixed())
        {
            var parent = new Pcg64(ulong.Parse(record.GetProperty("seed").GetString()!));
            Pcg64[] children = parent.Spawn(4);
            EqualSpawned(record, [.. children, .. children[2].Spawn(2), .. children[2].Spawn(1)]);
        }
    }

    [Fact]
    public void Draws_allocate_nothing()
    {
        var random = new Pcg64(1);
        byte[] bytes = new byte[100];
        double[] numbers = new double[10_000];
        int[] order = new int[100];
        Assert.Equal(0, Allocation.Of(() =>
        {
            random.FillNormal(numbers);
            random.FillExponential(numbers);
            random.FillUniform(numbers, -1, 1);
            random.FillIntegers(bytes, 0, 256);
            random.Permutation(order);
        }));
    }

    [Fact]
    public void Impossible_requests_are_refused()
    {
        var random = new Pcg64(1);
        Assert.Throws<ArgumentException>(() => random.Choice(3, 4, replace: false));
        Assert.Throws<ArgumentException>(() => random.Choice(0, 1));
        Assert.Throws<ArgumentException>(() => random.Choice([0.5, 0.6]));
        Assert.Throws<ArgumentException>(() => random.Choice([1.5, -0.5]));
        Assert.Throws<ArgumentException>(() => random.Choice([1.0, 0.0], 2, replace: false));
        Assert.Throws<ArgumentException>(() => random.Choice([double.NaN, 1.0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Integers(3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.FillIntegers(new byte[1], 0, 257));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Normal(0, -1));
    }

    private static string[] Call(Pcg64 random, string name, string[] arguments, int count) => name switch
    {
        "integers" => Repeat(count, () => random.Integers(long.Parse(arguments[0]), long.Parse(arguments[1]))),
        "random" => Repeat(count, random.NextDouble),
        "random_float32" => Repeat(count, () => (double)random.NextSingle()),
        "standard_normal" => Repeat(count, random.StandardNormal),
        "standard_exponential" => Repeat(count, random.StandardExponential),
        "bytes" => Filled<byte>(count, values => random.FillIntegers(values, Low(arguments), High(arguments))),
        "int32" => Filled<int>(count, values => random.FillIntegers(values, Low(arguments), High(arguments))),
        "permutation" => Texts(random.Permutation(count)),
        "shuffle" => Texts(Shuffled(random, count)),
        "choice" => Texts(random.Choice(int.Parse(arguments[0]), count, replace: false)),
        "choice_replace" => Texts(random.Choice(int.Parse(arguments[0]), count)),
        _ => Texts(random.Choice(Array.ConvertAll(arguments[..^2], double.Parse), count, arguments[^1] == "1")),
    };

    private static int Low(string[] arguments) => int.Parse(arguments[0]);

    private static int High(string[] arguments) => int.Parse(arguments[1]);

    private static string Digest(string name, Pcg64 random, int count) => name switch
    {
        "random" => Digest(count, random.NextDouble),
        "random_float32" => Digest(count, random.NextSingle),
        "standard_normal" => Digest(count, random.StandardNormal),
        "normal(3,0.5)" => Digest(count, () => random.Normal(3, 0.5)),
        "standard_exponential" => Digest(count, random.StandardExponential),
        "exponential(2.5)" => Digest(count, () => random.Exponential(2.5)),
        "uniform(-3,7)" => Digest(count, () => random.Uniform(-3, 7)),
        "integers(0,1000)" => Digest(count, () => random.Integers(0, 1000)),
        "integers(0,3*2**30)" => Digest(count, () => random.Integers(0, 3L << 30)),
        "integers(0,3*2**61)" => Digest(count, () => random.Integers(0, 3L << 61)),
        "integers(0,200,uint8)" => Digest(Bytes(random, count)),
        _ => Digest(Array.ConvertAll(random.Permutation(count), value => (long)value)),
    };

    private static string Digest<T>(int count, Func<T> draw) where T : unmanaged
    {
        var values = new T[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = draw();
        }

        return Digest(values);
    }

    private static string Digest<T>(T[] values) where T : unmanaged =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())));

    private static byte[] Bytes(Pcg64 random, int count)
    {
        byte[] result = new byte[count];
        random.FillIntegers(result, 0, 200);
        return result;
    }

    private static int[] Shuffled(Pcg64 random, int count)
    {
        int[] values = [.. Enumerable.Range(0, count).Select(i => 3 * i)];
        random.Shuffle(values.AsSpan());
        return values;
    }

    private static string[] Filled<T>(int count, Action<T[]> fill)
    {
        var values = new T[count];
        fill(values);
        return Texts(values);
    }

    private static string[] Repeat<T>(int count, Func<T> draw) =>
        [.. Enumerable.Range(0, count).Select(_ => Text(draw()))];

    private static string[] Texts<T>(T[] values) => Array.ConvertAll(values, Text);

    private static string Text<T>(T value) =>
        value is JsonElement { ValueKind: JsonValueKind.Number } number ? number.GetDouble().ToString() : $"{value}";

    private static JsonElement[] Mixed()
    {
        using FileStream file = File.OpenRead(Path.Combine(Golden, "numpy", "numpy-random-mixed.json.gz"));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        return [.. JsonDocument.Parse(unzipped).RootElement.EnumerateArray()];
    }

    private static void EqualDoubles(JsonElement record, string name, ulong seed, Func<Pcg64, double> draw) =>
        Equal(record, name, seed, draw, value => value.GetDouble());

    private static void Equal<T>(
        JsonElement record, string name, ulong seed, Func<Pcg64, T> draw, Func<JsonElement, T> parse)
    {
        var random = new Pcg64(seed);
        foreach (JsonElement value in record.GetProperty(name).EnumerateArray())
        {
            Assert.Equal(parse(value), draw(random));
        }
    }

    private static void EqualSpawned(JsonElement record, Pcg64[] children)
    {
        JsonElement expected = record.GetProperty("spawned");
        Assert.Equal(expected.GetArrayLength(), children.Length);
        for (int i = 0; i < children.Length; i++)
        {
            foreach (JsonElement value in expected[i].EnumerateArray())
            {
                Assert.Equal(value.GetDouble(), children[i].NextDouble());
            }
        }
    }

    private static int[] Integers(JsonElement record, string name) =>
        [.. record.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
}
