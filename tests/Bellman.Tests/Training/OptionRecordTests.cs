using Bellman.Algorithms;
using Bellman.Training;

namespace Bellman.Tests.Training;

public sealed class OptionRecordTests
{
    [Fact]
    public void Options_are_set_by_name_whatever_the_case_and_underscores()
    {
        DqnOptions options = With(
            ("learning_rate", "lin_1e-3"), ("BATCHSIZE", "64"), ("NetArch", "[256, 128]"), ("buffer_size", "1e5"),
            ("optimizer", "adamw"), ("Amsgrad", "true"), ("MaxGradNorm", "none"), ("ClipGradValue", "100"));
        Assert.Equal(Schedule.LinearOver(1e-3, 0, 1), options.LearningRate);
        Assert.Equal(64, options.BatchSize);
        Assert.Equal([256, 128], options.NetArch);
        Assert.Equal(100_000, options.BufferSize);
        Assert.Equal(OptimizerKind.AdamW, options.Optimizer);
        Assert.True(options.Amsgrad);
        Assert.Null(options.MaxGradNorm);
        Assert.Equal(100, options.ClipGradValue);
    }

    [Fact]
    public void The_record_given_stays_as_it_was()
    {
        var defaults = new DqnOptions();
        _ = OptionRecord.With(defaults, [KeyValuePair.Create("Gamma", "0.5")]);
        Assert.Equal(0.99, defaults.Gamma);
    }

    [Fact]
    public void What_is_described_can_be_given()
    {
        DqnOptions options =
            With(("LearningRate", "exponential:0.9:0.05:1000"), ("NetArch", "32"), ("WeightDecay", "0.01"));
        IEnumerable<KeyValuePair<string, string>> texts =
            OptionRecord.Describe(options).Select(option => KeyValuePair.Create(option.Name, option.Value));
        var again = (DqnOptions)OptionRecord.With(new DqnOptions(), texts);
        Assert.Equal(options.LearningRate, again.LearningRate);
        Assert.Equal(options with { NetArch = again.NetArch }, again);
    }

    [Theory]
    [InlineData("Gamma", "0,5", "Gamma is a number; got '0,5'.")]
    [InlineData("BatchSize", "2.5", "BatchSize is an integer; got '2.5'.")]
    [InlineData("DoubleQ", "maybe", "DoubleQ is true or false; got 'maybe'.")]
    [InlineData("NetArch", "64,x", "NetArch is a list of integers; got '64,x'.")]
    [InlineData("LearningRate", "fast", "A schedule is a number, linear:")]
    public void A_value_of_another_kind_is_refused_in_a_sentence(string name, string value, string sentence)
    {
        OptionException error = Assert.Throws<OptionException>(() => With((name, value)));
        Assert.Contains(sentence, error.Message);
    }

    private static DqnOptions With(params (string Name, string Value)[] changes) =>
        (DqnOptions)OptionRecord.With(
            new DqnOptions(), changes.Select(change => KeyValuePair.Create(change.Name, change.Value)));
}
