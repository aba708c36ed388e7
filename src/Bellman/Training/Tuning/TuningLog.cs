using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bellman.Training.Tuning;

/// <summary>The course of a search as JSON lines, only ever added to; docs/tuning.md describes them.</summary>
internal sealed class TuningLog : IDisposable
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FileStream file;
    private readonly SearchSpace space;
    private readonly int rungsOfSeed;
    private readonly SortedDictionary<int, Trial> trials = [];

    /// <summary>Opens the log of a search, or begins it.</summary>
    /// <param name="path">Its folder is made where it does not exist.</param>
    /// <param name="plan">Must be that of the search so far.</param>
    /// <exception cref="ArgumentException">The file is that of another plan, or another process writes it.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public TuningLog(string path, TuningPlan plan)
    {
        space = plan.Dimensions;
        rungsOfSeed = plan.Evaluations;
        byte[] header = Line(plan.Write);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        file = Open(path);
        try
        {
            Read(path, header);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The trials so far, in the order of their numbers.</summary>
    public IReadOnlyList<Trial> Trials => [.. trials.Values];

    public Trial Begin(int number, IReadOnlyList<string> values)
    {
        Append(json =>
        {
            json.WriteNumber("trial", number);
            JsonFile.WritePairs(json, "options", space.Dimensions.Select((dimension, i) => KeyValuePair.Create(dimension.Name, values[i])));
        });
        return Add(number, values);
    }

    public void Measure(Trial trial, int rung, double meanReturn)
    {
        trial.Measure(rung, meanReturn);
        Append(json =>
        {
            json.WriteNumber("trial", trial.Number);
            json.WriteNumber("rung", rung);
            json.WriteNumber("return", meanReturn);
        });
    }

    public void End(Trial trial, TrialState state, string? failure = null)
    {
        trial.End(state, failure);
        Append(json =>
        {
            json.WriteNumber("trial", trial.Number);
            json.WriteString("end", state.ToString().ToLowerInvariant());
            if (failure is not null) json.WriteString("failure", failure);
        });
    }

    public void Dispose() => file.Dispose();

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new ArgumentException($"{path} cannot be opened; perhaps another search is writing it: {error.Message}", error);
        }
    }

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private void Append(Action<Utf8JsonWriter> write)
    {
        file.Write(Line(write));
        file.Flush();
    }

    private Trial Add(int number, IReadOnlyList<string> values)
    {
        double[] coordinates = [.. space.Dimensions.Select((dimension, i) => dimension.Locate(values[i]))];
        var trial = new Trial(number, values, coordinates, rungsOfSeed);
        trials.Add(number, trial);
        return trial;
    }

    private void Read(string path, byte[] header)
    {
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);

        // A process that is killed while it writes leaves half a line, which tells nothing.
        int whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        file.SetLength(whole);
        file.Position = whole;
        if (whole == 0)
        {
            file.Write(header);
            file.Flush();
            return;
        }

        string[] lines = Encoding.UTF8.GetString(bytes, 0, whole - 1).Split('\n');
        try
        {
            RequireSame(path, lines[0], Encoding.UTF8.GetString(header));
            foreach (string line in lines.AsSpan(1))
            {
                ReadLine(line);
            }
        }
        catch (Exception error) when (
            error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path} is damaged or not written by bellman: {error.Message}", error);
        }
    }

    private static void RequireSame(string path, string old, string now)
    {
        using JsonDocument before = JsonDocument.Parse(old);
        using JsonDocument after = JsonDocument.Parse(now);
        foreach (JsonProperty property in after.RootElement.EnumerateObject())
        {
            string was = before.RootElement.GetProperty(property.Name).GetString()!;
            string value = property.Value.GetString()!;
            if (was == value) continue;
            (was, value) = FirstDifference(was, value);
            throw new ArgumentException(
                $"{path} is the log of another search: {property.Name} was '{was}', now '{value}'; give another --directory, or delete it first.");
        }
    }

    /// <summary>Of two lists, the parts that differ.</summary>
    private static (string Was, string Now) FirstDifference(string was, string now)
    {
        string[] old = was.Split("; ");
        string[] current = now.Split("; ");
        return (string.Join("; ", old.Except(current)), string.Join("; ", current.Except(old)));
    }

    private void ReadLine(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement json = document.RootElement;
        int number = json.GetProperty("trial").GetInt32();
        if (json.TryGetProperty("options", out JsonElement options))
        {
            Dictionary<string, string> values = new(JsonFile.Pairs(options));
            Add(number, [.. space.Dimensions.Select(dimension => values[dimension.Name])]);
            return;
        }

        Trial trial = trials[number];
        if (json.TryGetProperty("rung", out JsonElement rung))
        {
            trial.Measure(rung.GetInt32(), json.GetProperty("return").GetDouble());
            return;
        }

        TrialState state = Enum.Parse<TrialState>(json.GetProperty("end").GetString()!, ignoreCase: true);
        trial.End(state, json.TryGetProperty("failure", out JsonElement failure) ? failure.GetString() : null);
    }
}
