using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bellman.Neural.State;

namespace Bellman.Training;

/// <summary>Files of one JSON object, indented for people, a list of numbers on one line.</summary>
internal static class JsonFile
{
    private static readonly JsonWriterOptions Indented =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string path, Action<Utf8JsonWriter> write)
    {
        AtomicFile.Write(path, stream =>
        {
            using (var json = new Utf8JsonWriter(stream, Indented))
            {
                json.WriteStartObject();
                write(json);
                json.WriteEndObject();
            }

            stream.WriteByte((byte)'\n');
        });
    }

    /// <exception cref="InvalidDataException">The file is not JSON, or something in it is missing or of another kind.</exception>
    public static T Read<T>(string path, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return read(document.RootElement);
        }
        catch (Exception error) when (
            error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{path} is damaged or not written by bellman: {error.Message}", error);
        }
    }

    public static double[] Numbers(JsonElement json) => [.. json.EnumerateArray().Select(Number)];

    /// <summary>A number; NaN for null, since JSON has no word for it.</summary>
    public static double Number(JsonElement json) => json.ValueKind == JsonValueKind.Null ? double.NaN : json.GetDouble();

    public static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        IEnumerable<string> texts =
            values.Select(value => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "null");
        json.WritePropertyName(name);
        json.WriteRawValue($"[{string.Join(", ", texts)}]");
    }

    public static KeyValuePair<string, string>[] Pairs(JsonElement json) =>
        [.. json.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value.GetString()!))];

    public static void WritePairs(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        json.WriteStartObject(name);
        foreach ((string key, string value) in pairs)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
