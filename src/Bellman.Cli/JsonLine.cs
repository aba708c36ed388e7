using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bellman.Cli;

/// <summary>One JSON object on one line, as <c>--json</c> prints it last.</summary>
internal static class JsonLine
{
    /// <summary>Letters such as ± stay readable.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="output">Gets the line.</param>
    /// <param name="write">Writes the properties of the object.</param>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }
}
