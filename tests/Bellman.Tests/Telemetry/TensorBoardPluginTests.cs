using Bellman.Environments.Rendering;
using Bellman.Telemetry;
using Bellman.Telemetry.Records;
using Bellman.Tests.Cli;
using Google.Protobuf.WellKnownTypes;

namespace Bellman.Tests.Telemetry;

public sealed class TensorBoardPluginTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("bellman-").FullName;

    [Fact]
    public void A_histogram_counts_every_number_once_up_to_the_edge_above_it()
    {
        float[] values = [0, 0.5f, 1, 1, 2, 6.4f, float.NaN, float.PositiveInfinity];
        HistogramProto histogram = Written(writer => writer.WriteHistogram("weights/w", values, step: 7)).Histo;
        Assert.Equal((0, 6.400000095367432, 6), (histogram.Min, histogram.Max, histogram.Num));
        Assert.Equal(0 + 0.5 + 1 + 1 + 2 + 6.4, histogram.Sum, 6);
        Assert.Equal(0.25 + 1 + 1 + 4 + 40.96, histogram.SumSquares, 5);
        Assert.Equal(64, histogram.BucketLimit.Count);
        Assert.Equal(histogram.BucketLimit.Order(), histogram.BucketLimit);
        Assert.Equal(histogram.Max, histogram.BucketLimit[^1]);

        // Ranges are 0.1 wide.
        Assert.Equal([0, 4, 9, 19, 63], Enumerable.Range(0, 64).Where(i => histogram.Bucket[i] > 0));
        Assert.Equal([1, 1, 2, 1, 1], histogram.Bucket.Where(count => count > 0));
    }

    [Fact]
    public void Equal_numbers_are_one_range_and_none_are_no_histogram()
    {
        HistogramProto histogram = Written(writer => writer.WriteHistogram("w", [3, 3], step: 1)).Histo;
        Assert.Equal([3.0], histogram.BucketLimit);
        Assert.Equal([2.0], histogram.Bucket);
        Assert.Null(Written(writer => writer.WriteHistogram("w", [float.NaN], step: 1)));
    }

    [Fact]
    public void Pictures_and_films_keep_their_bytes()
    {
        using var png = new MemoryStream();
        PngFile.Write(png, new byte[2 * 3 * 3], width: 2, height: 3);
        Summary.Types.Value value = Written(writer => writer.WriteImage("frame", png.ToArray(), step: 5));
        Assert.Equal("frame", value.Tag);
        Assert.Equal((2, 3, 3), (value.Image.Width, value.Image.Height, value.Image.Colorspace));
        Assert.Equal(png.ToArray(), value.Image.EncodedImageString.ToByteArray());
        Assert.Throws<ArgumentException>(() => Written(writer => writer.WriteImage("frame", "BM.."u8, step: 5)));
    }

    [Fact]
    public void Hyperparameters_are_what_their_plugin_reads()
    {
        string path;
        using (var writer = new TensorBoardWriter(directory, new FixedClock()))
        {
            writer.WriteHyperparameters(
                [new("LearningRate", "2.3e-3"), new("DoubleQ", "true"), new("Optimizer", "Adam")], ["eval/mean_reward"], "group");
            writer.WriteEnd(step: 900);
            path = writer.Path;
        }

        Event[] events = [.. TensorBoardWriterTests.ReadByTheRules(File.ReadAllBytes(path)).Where(entry => entry.Summary is not null)];
        Summary.Types.Value[] values = [.. events.Select(entry => Assert.Single(entry.Summary.Value))];
        Assert.Equal(
            ["_hparams_/experiment", "_hparams_/session_start_info", "_hparams_/session_end_info"], values.Select(value => value.Tag));
        Assert.All(values, value => Assert.Equal("hparams", value.Metadata.PluginData.PluginName));
        Assert.All(values, value => Assert.Equal(DataType.DtFloat, value.Tensor.Dtype));
        HParamsPluginData[] data = [.. values.Select(value => HParamsPluginData.Parser.ParseFrom(value.Metadata.PluginData.Content))];
        Assert.All(data, one => Assert.Equal(0, one.Version));

        Assert.Equal(
            [("LearningRate", HParamType.DataTypeFloat64), ("DoubleQ", HParamType.DataTypeBool), ("Optimizer", HParamType.DataTypeString)],
            data[0].Experiment.HparamInfos.Select(info => (info.Name, info.Type)));
        Assert.Equal("eval/mean_reward", Assert.Single(data[0].Experiment.MetricInfos).Name.Tag);
        SessionStartInfo start = data[1].SessionStartInfo;
        Assert.Equal("group", start.GroupName);
        Assert.Equal(1767225600.25, start.StartTimeSecs);
        Assert.Equal(Value.ForNumber(0.0023), start.Hparams["LearningRate"]);
        Assert.Equal(Value.ForBool(true), start.Hparams["DoubleQ"]);
        Assert.Equal(Value.ForString("Adam"), start.Hparams["Optimizer"]);
        Assert.Equal(SessionStatus.StatusSuccess, data[2].SessionEndInfo.Status);
        Assert.Equal(900, events[2].Step);
    }

    [Fact]
    public void A_layout_is_a_string_tensor_of_its_plugin()
    {
        Summary.Types.Value value = Written(writer => writer.WriteLayout([new("Learning", [new("losses", ["train/.*loss"])])]));
        Assert.Equal("custom_scalars__config__", value.Tag);
        Assert.Equal("custom_scalars", value.Metadata.PluginData.PluginName);
        Assert.Equal(DataType.DtString, value.Tensor.Dtype);
        Assert.Empty(value.Tensor.TensorShape.Dim);

        // As TensorBoard's layout.proto numbers them: categories 2; title 1, charts 2; title 1, several lines 2; their tags 1.
        byte[] expected =
        [
            0x12, 36, 0x0A, 8, .. "Learning"u8, 0x12, 24, 0x0A, 6, .. "losses"u8, 0x12, 14, 0x0A, 12, .. "train/.*loss"u8,
        ];
        Assert.Equal(expected, value.Tensor.StringVal[0].ToByteArray());
        Category category = Assert.Single(Layout.Parser.ParseFrom(value.Tensor.StringVal[0]).Category);
        Assert.Equal("Learning", category.Title);
        Assert.Equal("losses", Assert.Single(category.Chart).Title);
        Assert.Equal(["train/.*loss"], category.Chart[0].Multiline.Tag);
    }

    [Fact]
    public void A_run_writes_them_all_and_its_film()
    {
        string run = Path.Combine(directory, "run");
        string film = Path.Combine(directory, "film.gif");
        Assert.Equal(0, InvokedProgram.Run("train", "dqn", "CartPole-v1", "--steps", "600", "--set", "NetArch=4", "--run", run,
            "--set", "LearningStarts=100", "--set", "TrainFreq=4", "--set", "GradientSteps=1").ExitCode);
        Assert.Equal(0, InvokedProgram.Run("evaluate", run, "--episodes", "1", "--video", film).ExitCode);
        Event[] events =
        [
            .. Directory.GetFiles(run, "events.out.tfevents.*").Order(StringComparer.Ordinal)
                .SelectMany(file => TensorBoardWriterTests.ReadByTheRules(File.ReadAllBytes(file))),
        ];
        (long Step, Summary.Types.Value Value)[] values =
            [.. events.Where(entry => entry.Summary is not null).SelectMany(entry => entry.Summary.Value.Select(value => (entry.Step, value)))];
        string[] tags = [.. values.Select(entry => entry.Value.Tag).Distinct()];
        Assert.Contains("options", tags);
        Assert.Contains("_hparams_/session_end_info", tags);
        Assert.Contains("custom_scalars__config__", tags);
        Assert.Contains("eval/final_mean_reward", tags);
        Assert.Equal(50, values.Count(entry => entry.Value.Tag == FirstWeight(tags)));
        Assert.Contains(values, entry => entry.Value.Tag.StartsWith("gradients/", StringComparison.Ordinal) && entry.Value.Histo.SumSquares > 0);
        Summary.Types.Value image = Assert.Single(values, entry => entry.Value.Image is not null).Value;
        Assert.Equal(File.ReadAllBytes(film), image.Image.EncodedImageString.ToByteArray());
        Assert.Equal((600, 400), (image.Image.Width, image.Image.Height));

        static string FirstWeight(string[] tags) => tags.First(tag => tag.StartsWith("weights/", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    /// <summary>The one value that was written; null for none.</summary>
    private Summary.Types.Value Written(Action<TensorBoardWriter> write)
    {
        string path;
        using (var writer = new TensorBoardWriter(directory, new FixedClock()))
        {
            write(writer);
            path = writer.Path;
        }

        return TensorBoardWriterTests.ReadByTheRules(File.ReadAllBytes(path))
            .SingleOrDefault(entry => entry.Summary is not null)?.Summary.Value[0]!;
    }
}
