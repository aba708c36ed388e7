using System.IO.Compression;
using System.Text.Json;
using Bellman.Neural.Tensors;

namespace Bellman.Neural.Tests.Tensors;

/// <summary>One recorded case: its inputs, and the comparison of what comes out.</summary>
internal sealed class GoldenCase(JsonElement json, string label)
{
    /// <summary>The relative error that a single operation may have.</summary>
    private const double Relative = 1e-5;

    public string Label => label;

    public JsonElement Json => json;

    /// <summary>The cases of a file under tests/golden.</summary>
    public static IEnumerable<GoldenCase> Read(string file)
    {
        using FileStream compressed = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "golden", file));
        using var stream = new GZipStream(compressed, CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        for (int line = 1; reader.ReadLine() is string text; line++)
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement json = document.RootElement.Clone();
            yield return new GoldenCase(json, $"{file}:{line} {json.GetProperty("op").GetString()}");
        }
    }

    public string Name => json.GetProperty("op").GetString()!;

    public int Int(string name) => json.GetProperty(name).GetInt32();

    public float Float(string name) => json.GetProperty(name).GetSingle();

    /// <summary>The numbers of a nested list in order.</summary>
    public static float[] Numbers(JsonElement element)
    {
        var numbers = new List<float>();
        Collect(element, numbers);
        return [.. numbers];
    }

    public float[] Numbers(string name) => Numbers(json.GetProperty(name));

    /// <summary>A tensor from {shape, data} or from a nested list.</summary>
    public static Tensor Tensor(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            int[] shape = [.. element.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            return Neural.Tensors.Tensor.From(Numbers(element.GetProperty("data")), new Shape(shape));
        }

        var sizes = new List<int>();
        for (JsonElement at = element; at.ValueKind == JsonValueKind.Array; at = at[0])
        {
            sizes.Add(at.GetArrayLength());
        }

        return Neural.Tensors.Tensor.From(Numbers(element), new Shape(sizes.ToArray()));
    }

    public Tensor Tensor(string name) => Tensor(json.GetProperty(name));

    /// <summary>An input that takes a gradient.</summary>
    public Tensor Input(string name) => Tensor(json.GetProperty("inputs").GetProperty(name)).RequireGradient();

    /// <summary>Compares numbers with recorded ones.</summary>
    /// <remarks>
    /// A sum of k terms of size s may be wrong by 1e-6 · √k · s, and √k · s is what such sums come to: the largest of the expected ones.
    /// </remarks>
    public void Near(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.True(expected.Length == actual.Length, $"{label}, {what}: {actual.Length} elements; expected {expected.Length}.");
        double largest = 0;
        foreach (float value in expected)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        for (int i = 0; i < expected.Length; i++)
        {
            bool near = Math.Abs((double)expected[i] - actual[i]) <= (Relative * Math.Abs(expected[i])) + (1e-6 * largest);
            Assert.True(near, $"{label}, {what}: element {i} is {actual[i]:G9}; expected {expected[i]:G9}.");
        }
    }

    public void Near(string what, string name, ReadOnlySpan<float> actual) => Near(what, Numbers(name), actual);

    /// <summary>Compares an output with the recorded one, then goes back and compares the gradients of the named inputs.</summary>
    public void Check(Tensor y, params ReadOnlySpan<(string Name, Tensor Input)> inputs)
    {
        Near("output", Tensor("output").Values, y.Values);
        Assert.Equal(Tensor("output").Shape, y.Shape);
        y.Backward(Numbers("output_gradient"));
        CheckGradients(json.GetProperty("gradients"), inputs);
    }

    public void CheckGradients(JsonElement expected, params ReadOnlySpan<(string Name, Tensor Input)> inputs)
    {
        foreach ((string name, Tensor input) in inputs)
        {
            Near($"gradient of {name}", Numbers(expected.GetProperty(name)), input.Gradient);
        }
    }

    private static void Collect(JsonElement element, List<float> numbers)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            numbers.Add(element.GetSingle());
            return;
        }

        foreach (JsonElement part in element.EnumerateArray())
        {
            Collect(part, numbers);
        }
    }
}
