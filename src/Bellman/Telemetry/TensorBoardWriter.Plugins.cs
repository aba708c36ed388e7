using System.Buffers.Binary;
using System.Globalization;
using Bellman.Telemetry.Records;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Bellman.Telemetry;

/// <summary>What TensorBoard shows besides curves and text: histograms, pictures, hyperparameters, a layout of charts.</summary>
public sealed partial class TensorBoardWriter
{
    /// <summary>Ranges of equal width that a histogram counts in.</summary>
    private const int Ranges = 64;

    private const string HParams = "hparams";

    /// <summary>Writes how numbers are distributed, for the headings HISTOGRAMS and DISTRIBUTIONS.</summary>
    /// <param name="tag">Such as <c>weights/layers.0.weight</c>.</param>
    /// <param name="values">Those that are not finite are left out.</param>
    /// <param name="step">Environment steps.</param>
    public void WriteHistogram(string tag, ReadOnlySpan<float> values, long step)
    {
        var histogram = new HistogramProto { Min = double.PositiveInfinity, Max = double.NegativeInfinity };
        foreach (float value in values)
        {
            if (!float.IsFinite(value)) continue;
            histogram.Min = Math.Min(histogram.Min, value);
            histogram.Max = Math.Max(histogram.Max, value);
            histogram.Num++;
            histogram.Sum += value;
            histogram.SumSquares += (double)value * value;
        }

        if (histogram.Num == 0) return;
        Span<double> counts = stackalloc double[Ranges];
        double width = (histogram.Max - histogram.Min) / Ranges;
        foreach (float value in values)
        {
            if (!float.IsFinite(value)) continue;
            counts[width == 0 ? Ranges - 1 : Math.Min(Ranges - 1, (int)((value - histogram.Min) / width))]++;
        }

        for (int i = 0; i < Ranges; i++)
        {
            // Where all values are equal, one range that ends at them is all there is.
            if (width == 0 && i < Ranges - 1) continue;
            histogram.BucketLimit.Add(i == Ranges - 1 ? histogram.Max : histogram.Min + ((i + 1) * width));
            histogram.Bucket.Add(counts[i]);
        }

        Write(step, new Summary.Types.Value { Tag = tag, Histo = histogram });
    }

    /// <summary>Writes a picture or a film, for the heading IMAGES.</summary>
    /// <param name="tag">Its title.</param>
    /// <param name="file">The bytes of a PNG file, or of an animated GIF file, which then moves.</param>
    /// <param name="step">Environment steps.</param>
    public void WriteImage(string tag, ReadOnlySpan<byte> file, long step)
    {
        const int Rgb = 3;
        (int width, int height) = SizeOf(file);
        var image = new Summary.Types.Image { Width = width, Height = height, Colorspace = Rgb, EncodedImageString = ByteString.CopyFrom(file) };
        Write(step, new Summary.Types.Value { Tag = tag, Image = image });
    }

    /// <summary>Names what a run was made with and what it is judged by, for the heading HPARAMS.</summary>
    /// <param name="options">Texts that are numbers are written as numbers, true and false as such.</param>
    /// <param name="metrics">Tags of curves.</param>
    /// <param name="group">Runs of one group differ in their seeds only; TensorBoard averages them.</param>
    public void WriteHyperparameters(
        IEnumerable<KeyValuePair<string, string>> options, IEnumerable<string> metrics, string group = "")
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        var experiment = new Experiment { TimeCreatedSecs = Now };
        var start = new SessionStartInfo { GroupName = group, StartTimeSecs = Now };
        foreach ((string name, string text) in options)
        {
            (Value value, HParamType type) = Hyperparameter(text);
            experiment.HparamInfos.Add(new HParamInfo { Name = name, Type = type });
            start.Hparams.Add(name, value);
        }

        experiment.MetricInfos.AddRange(metrics.Select(tag => new MetricInfo { Name = new MetricName { Tag = tag } }));
        WriteSession("_hparams_/experiment", new HParamsPluginData { Experiment = experiment }, step: 0);
        WriteSession("_hparams_/session_start_info", new HParamsPluginData { SessionStartInfo = start }, step: 0);
    }

    /// <summary>Tells that the run is complete.</summary>
    /// <param name="step">Environment steps.</param>
    public void WriteEnd(long step)
    {
        var end = new SessionEndInfo { Status = SessionStatus.StatusSuccess, EndTimeSecs = Now };
        WriteSession("_hparams_/session_end_info", new HParamsPluginData { SessionEndInfo = end }, step);
    }

    /// <summary>Says which curves share a chart, for the heading CUSTOM SCALARS.</summary>
    /// <param name="categories">Groups of charts by their titles, a chart by its title and the regular expressions of its tags.</param>
    public void WriteLayout(IEnumerable<KeyValuePair<string, IReadOnlyList<KeyValuePair<string, string[]>>>> categories)
    {
        ArgumentNullException.ThrowIfNull(categories);
        var layout = new Layout();
        foreach ((string title, IReadOnlyList<KeyValuePair<string, string[]>> charts) in categories)
        {
            var category = new Category { Title = title };
            foreach ((string name, string[] tags) in charts)
            {
                category.Chart.Add(new LayoutChart { Title = name, Multiline = new MultilineChart { Tag = { tags } } });
            }

            layout.Category.Add(category);
        }

        var tensor = new TensorProto { Dtype = DataType.DtString, TensorShape = new TensorShapeProto() };
        tensor.StringVal.Add(layout.ToByteString());
        Write(step: 0, "custom_scalars__config__", tensor, "custom_scalars", ByteString.Empty);
    }

    /// <summary>Width and height, which both formats say within their first bytes.</summary>
    private static (int Width, int Height) SizeOf(ReadOnlySpan<byte> file)
    {
        const int Needed = 24;
        if (file.Length >= Needed && file[1..4].SequenceEqual("PNG"u8))
        {
            return (BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..]));
        }

        if (file.Length >= Needed && file.StartsWith("GIF8"u8))
        {
            return (BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..]));
        }

        throw new ArgumentException("TensorBoard shows the bytes of PNG and GIF files; got others.", nameof(file));
    }

    private static (Value Value, HParamType Type) Hyperparameter(string text)
    {
        if (bool.TryParse(text, out bool flag)) return (Value.ForBool(flag), HParamType.DataTypeBool);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? (Value.ForNumber(number), HParamType.DataTypeFloat64)
            : (Value.ForString(text), HParamType.DataTypeString);
    }

    /// <summary>The plugin reads the content of the metadata; the tensor that it hangs on is empty.</summary>
    private void WriteSession(string tag, HParamsPluginData data, long step)
    {
        var tensor = new TensorProto { Dtype = DataType.DtFloat, TensorShape = new TensorShapeProto() };
        tensor.TensorShape.Dim.Add(new TensorShapeProto.Types.Dim { Size = 0 });
        Write(step, tag, tensor, HParams, data.ToByteString());
    }
}
