using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Bellman.Neural.Nn;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Training;

/// <summary>A network's numbers as safetensors: a length, a header in JSON, 32-bit floats.</summary>
public static class PolicyFile
{
    private const int LengthBytes = sizeof(ulong);
    private const string Metadata = "__metadata__";
    private const int MaxHeader = 1 << 24;

    /// <summary>Writes parameters and buffers under their names; the file appears only once it is complete.</summary>
    public static void Save(string path, Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        string temporary = path + ".partial";
        using (FileStream file = File.Create(temporary))
        {
            byte[] header = Header(network);
            Span<byte> length = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            file.Write(length);
            file.Write(header);
            foreach ((_, Tensor value) in network.NamedState())
            {
                file.Write(MemoryMarshal.AsBytes(value.Values));
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads what <see cref="Save"/> wrote into a network of the same structure.</summary>
    /// <exception cref="FileFormatException">The file is damaged, or holds another network.</exception>
    public static void Load(string path, Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        byte[] bytes = File.ReadAllBytes(path);
        (Dictionary<string, TensorPlace> places, int start) = Places(path, bytes);
        foreach ((string name, Tensor value) in network.NamedState())
        {
            TensorPlace place = Require(places.GetValueOrDefault(name), name, value, path);
            bytes.AsSpan(start + place.Begin, value.Length * sizeof(float)).CopyTo(MemoryMarshal.AsBytes(value.Values));
        }
    }

    /// <summary>Names and shapes, in the order of the file.</summary>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    public static IReadOnlyList<(string Name, Shape Shape)> List(string path) =>
        [.. Places(path, File.ReadAllBytes(path)).Places.Select(entry => (entry.Key, new Shape(entry.Value.Sizes)))];

    private static byte[] Header(Module network)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            long position = 0;
            foreach ((string name, Tensor value) in network.NamedState())
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                WriteNumbers(json, "shape", value.Shape.ToArray().Select(size => (long)size));
                WriteNumbers(json, "data_offsets", [position, position += (long)value.Length * sizeof(float)]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of 8, so that the numbers are aligned where the file is mapped into memory.
        while (stream.Length % 8 != 0)
        {
            stream.WriteByte((byte)' ');
        }

        return stream.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static (Dictionary<string, TensorPlace> Places, int Start) Places(string path, byte[] bytes)
    {
        ulong length = bytes.Length < LengthBytes ? MaxHeader : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        bool isWhole = length < MaxHeader && LengthBytes + (int)length <= bytes.Length;
        if (!isWhole) throw Damaged(path, "its header is cut off");
        int start = LengthBytes + (int)length;
        try
        {
            using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(LengthBytes, (int)length));
            Dictionary<string, TensorPlace> places = [];
            foreach (JsonProperty entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name == Metadata) continue;
                places.Add(entry.Name, Place(path, entry.Value, bytes.Length - start));
            }

            return (places, start);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException
            or KeyNotFoundException or ArgumentException)
        {
            throw Damaged(path, "its header is not one of safetensors");
        }
    }

    private static TensorPlace Place(string path, JsonElement json, int available)
    {
        int[] sizes = [.. json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        int begin = json.GetProperty("data_offsets")[0].GetInt32();
        int end = json.GetProperty("data_offsets")[1].GetInt32();
        if (json.GetProperty("dtype").GetString() != "F32") throw Damaged(path, "its numbers are not of type F32");
        bool fits = begin >= 0 && end <= available && end - begin == (long)new Shape(sizes).Length * sizeof(float);
        return fits ? new TensorPlace(sizes, begin) : throw Damaged(path, "its numbers are cut off");
    }

    private static TensorPlace Require(TensorPlace? place, string name, Tensor value, string path)
    {
        if (place is null)
        {
            throw new FileFormatException($"'{path}' holds no '{name}', so it belongs to another network.");
        }

        var shape = new Shape(place.Sizes);
        return shape == value.Shape
            ? place
            : throw new FileFormatException($"'{path}' holds '{name}' of shape {shape}; {value.Shape} was expected.");
    }

    private static FileFormatException Damaged(string path, string reason) => new($"'{path}' is damaged: {reason}.");

    private sealed record TensorPlace(int[] Sizes, int Begin);
}
