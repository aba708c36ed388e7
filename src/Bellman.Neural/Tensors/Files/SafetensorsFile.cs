using System.Buffers.Binary;
using System.Text.Json;
using Bellman.Neural.State;

namespace Bellman.Neural.Tensors.Files;

/// <summary>
/// Hugging Face's safetensors: the length of a header, the header as JSON (names, types, shapes, places), then the
/// numbers.
/// </summary>
internal static class SafetensorsFile
{
    private const int MaxHeaderBytes = 100_000_000;
    private const int LengthBytes = 8;
    private const string MetadataName = "__metadata__";

    private static readonly (string Name, TensorElement Element)[] Types =
    [
        ("F32", TensorElement.Float32), ("F64", TensorElement.Float64), ("F16", TensorElement.Float16),
        ("BF16", TensorElement.BFloat16), ("I64", TensorElement.Int64), ("I32", TensorElement.Int32),
        ("I16", TensorElement.Int16), ("I8", TensorElement.Int8), ("U8", TensorElement.UInt8),
        ("BOOL", TensorElement.Bool),
    ];

    /// <summary>True where the first bytes are a plausible header length and the opening brace of JSON.</summary>
    public static bool Recognises(ReadOnlySpan<byte> start, long fileLength) =>
        start.Length > LengthBytes && start[LengthBytes] == '{'
        && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)(fileLength - LengthBytes);

    public static IReadOnlyList<TensorEntry> List(Stream stream) =>
        [.. Header(stream).Entries.Select(placed => placed.Entry)];

    public static StateDict Load(Stream stream)
    {
        (List<Placed> entries, Dictionary<string, string> metadata) = Header(stream);
        var result = new StateDict();
        foreach ((TensorEntry entry, long start, _) in entries)
        {
            Tensor value = stream.TensorAt(start, entry.Element, entry.Shape);
            result.Add(new NamedTensor(entry.Name, value, entry.Element));
        }

        foreach ((string name, string text) in metadata)
        {
            result.Metadata.Add(name, text);
        }

        return result;
    }

    public static void Save(Stream stream, StateDict state)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            WriteHeader(writer, state);
        }

        // Spaces to a multiple of 8, so that the numbers are aligned where the file is mapped into memory.
        while (json.Length % 8 != 0)
        {
            json.WriteByte((byte)' ');
        }

        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        stream.Write(length);
        json.WriteTo(stream);
        foreach (NamedTensor entry in state)
        {
            stream.Write(entry.Element.Encode(entry.Value.Values));
        }
    }

    private static void WriteHeader(Utf8JsonWriter writer, StateDict state)
    {
        writer.WriteStartObject();
        if (state.Metadata.Count > 0)
        {
            writer.WriteStartObject(MetadataName);
            foreach ((string name, string text) in state.Metadata)
            {
                writer.WriteString(name, text);
            }

            writer.WriteEndObject();
        }

        long position = 0;
        foreach ((string name, Tensor value, TensorElement element) in state)
        {
            TensorElement stored = element.Stored();
            writer.WriteStartObject(name);
            writer.WriteString("dtype", Array.Find(Types, type => type.Element == stored).Name);
            writer.WriteStartArray("shape");
            foreach (int size in value.Shape.ToArray())
            {
                writer.WriteNumberValue(size);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("data_offsets");
            writer.WriteNumberValue(position);
            position += (long)value.Length * stored.Size();
            writer.WriteNumberValue(position);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static (List<Placed> Entries, Dictionary<string, string> Metadata) Header(Stream stream)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(stream.BytesAt(0, LengthBytes));
        if (length > MaxHeaderBytes) throw new FileFormatException($"The header of {length} bytes is too long.");

        byte[] header = stream.BytesAt(LengthBytes, (long)length);
        long dataStart = LengthBytes + (long)length;
        var entries = new List<Placed>();
        var metadata = new Dictionary<string, string>();
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 };
            using JsonDocument document = JsonDocument.Parse(header, options);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals(MetadataName))
                {
                    ReadMetadata(property.Value, metadata);
                }
                else
                {
                    entries.Add(ReadEntry(property, dataStart));
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new FileFormatException("The header is not the JSON of a safetensors file.", exception);
        }

        RequireExactCover(entries, dataStart, stream.Length);
        return (entries, metadata);
    }

    private static void ReadMetadata(JsonElement texts, Dictionary<string, string> metadata)
    {
        foreach (JsonProperty text in texts.EnumerateObject())
        {
            metadata.Add(text.Name, text.Value.GetString() ?? "");
        }
    }

    private static Placed ReadEntry(JsonProperty property, long dataStart)
    {
        string name = property.Name;
        string? type = Member(property, "dtype").GetString();
        int index = Array.FindIndex(Types, known => known.Name == type);
        if (index < 0)
        {
            string known = string.Join(", ", Types.Select(known => known.Name));
            throw new FileFormatException($"Tensor '{name}' is of the unknown type '{type}'; known are {known}.");
        }

        TensorElement element = Types[index].Element;
        Shape shape = TensorEntry.RequireShape(name, Numbers(Member(property, "shape")));
        long[] place = Numbers(Member(property, "data_offsets"));
        if (place.Length != 2 || place[0] < 0 || place[1] < place[0]
            || place[1] - place[0] != (long)shape.Length * element.Size())
        {
            throw new FileFormatException($"The place of tensor '{name}' does not fit its shape {shape} of {type}.");
        }

        if (place[1] > long.MaxValue - dataStart) throw new FileFormatException($"Tensor '{name}' is not in the file.");
        return new Placed(new TensorEntry(name, element, shape), dataStart + place[0], dataStart + place[1]);
    }

    private static JsonElement Member(JsonProperty property, string name) =>
        property.Value.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new FileFormatException($"Tensor '{property.Name}' has no '{name}'.");

    private static long[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt64())];

    // The format's own rule: no gaps, no overlaps, nothing behind; so there is no place to hide another file in.
    private static void RequireExactCover(List<Placed> entries, long dataStart, long fileLength)
    {
        long position = dataStart;
        foreach (Placed placed in entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
        {
            if (placed.Start != position)
            {
                throw new FileFormatException(
                    $"Tensor '{placed.Entry.Name}' does not begin where the one before it ends.");
            }

            position = placed.End;
        }

        if (position != fileLength)
        {
            throw new FileFormatException($"The header describes {position} bytes; the file has {fileLength}.");
        }
    }

    private sealed record Placed(TensorEntry Entry, long Start, long End);
}
