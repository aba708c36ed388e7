using Bellman.Algorithms;
using Bellman.Neural.Random;
using Bellman.Training;
using Bellman.Training.Tuning;
using FsCheck;
using FsCheck.Fluent;

namespace Bellman.Tests.Training.Tuning;

public sealed class SearchSpaceTests
{
    private static readonly AlgorithmEntry Ppo = AlgorithmRegistry.Find("ppo");

    [Fact]
    public void A_file_gives_ranges_and_choices_under_the_names_of_the_record()
    {
        SearchSpace space = Parse(
            """
            learning_rate: { low: 1e-5, high: 1e-2, log: true }
            NSteps: { low: 100, high: 1_000, step: 250 }
            Gamma: { choices: [0.9, 0.990] }
            NetArch: { choices: [[64, 64], [256]] }
            MaxGradNorm: { choices: [none, 0.5] }
            """);
        Assert.Equal(
            [
                "LearningRate: 1E-05 … 0.01, logarithmic", "NSteps: 100 … 850, step 250", "Gamma: one of 0.9 | 0.99",
                "NetArch: one of 64,64 | 256", "MaxGradNorm: one of none | 0.5",
            ],
            space.Dimensions.Select(dimension => dimension.Describe()));
    }

    [Theory]
    [InlineData("LerningRate: { low: 1, high: 2 }", "ppo has no option 'LerningRate'; the nearest is 'LearningRate'")]
    [InlineData("Gamma: { low: 0.9 }", "the range of Gamma needs low and high, or choices")]
    [InlineData("Gamma: { low: 0.9, hgh: 1 }", "the range of Gamma has no setting 'hgh'; the nearest is 'high'")]
    [InlineData("Gamma: { low: 1, high: 0.9 }", "the range of Gamma goes from low to high; got 1 to 0.9")]
    [InlineData("Gamma: { low: 0, high: 1, log: true }", "a logarithmic range begins above 0; that of Gamma begins at 0")]
    [InlineData("Gamma: { low: 0, high: 1, step: 0 }", "the step of Gamma is greater than 0; got 0")]
    [InlineData("Gamma: { low: 0, high: 1, log: maybe }", "log of Gamma is true or false; got 'maybe'")]
    [InlineData("Gamma: { low: a, high: 1 }", "low of Gamma is a number; got 'a'")]
    [InlineData("NSteps: { low: 0.5, high: 3 }", "NSteps is an integer; so are low, high and step")]
    [InlineData("NetArch: { low: 1, high: 3 }", "NetArch is no number (list of integers); give its choices")]
    [InlineData("NSteps: { choices: [1.5] }", "ppo: NSteps is an integer; got '1.5'.")]
    [InlineData("NSteps: { choices: [8, 8.0] }", "a choice of NSteps is given twice")]
    [InlineData("NSteps: { choices: [8], low: 1 }", "NSteps has choices or a range, not both")]
    [InlineData("NSteps: { choices: [] }", "the choices of NSteps are a list; got ")]
    [InlineData("NSteps: 8", "NSteps takes { low, high } or { choices: [...] }; got '8'")]
    [InlineData("{ NSteps: { choices: [8] }, n_steps: { choices: [8] } }", "NSteps is given twice")]
    [InlineData("[NSteps]", "expected the names of options with their ranges")]
    public void Another_file_is_refused_in_a_sentence(string yaml, string sentence)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => Parse(yaml));
        Assert.True(error is FormatException or OptionException);
        Assert.StartsWith(sentence, error.Message);
    }

    [Fact]
    public void Every_algorithm_has_a_space_whose_values_it_takes()
    {
        foreach (AlgorithmEntry entry in AlgorithmRegistry.All)
        {
            var space = SearchSpace.Default(entry);
            var random = new Pcg64(seed: 1);
            for (int i = 0; i < 20; i++)
            {
                object options = entry.Options(
                    space.Dimensions.Select(dimension => KeyValuePair.Create(dimension.Name, dimension.Text(dimension.Draw(random)))));
                Dictionary<string, string> described = OptionRecord.Describe(options).ToDictionary(option => option.Name, option => option.Value);
                Assert.All(space.Dimensions, dimension => Assert.False(double.IsNaN(dimension.Locate(described[dimension.Name]))));
            }
        }
    }

    [Fact]
    public void Both_samplers_stay_within_ranges_and_on_their_steps()
    {
        Gen<(double Low, double Width, double Step, bool IsLogarithmic, int Seed)> cases =
            from low in Gen.Choose(1, 5000)
            from width in Gen.Choose(0, 5000)
            from step in Gen.Elements(0.0, 0.05, 1, 7)
            from isLogarithmic in Gen.Elements(true, false)
            from seed in Gen.Choose(0, 1_000_000)
            select (low / 100.0, width / 100.0, step, isLogarithmic, seed);
        Prop.ForAll(
            cases.ToArbitrary(),
            one =>
            {
                var range = new RangeDimension("Gamma", one.Low, one.Low + one.Width, one.IsLogarithmic, one.Step);
                var space = new SearchSpace([range, new ChoiceDimension("NSteps", ["8", "16", "32"])]);
                var random = new Pcg64((ulong)one.Seed);
                List<Trial> ended = [];
                for (int i = 0; i < 30; i++)
                {
                    ISampler sampler = i % 2 == 0 ? new TpeSampler() : new RandomSampler();
                    double[] point = sampler.Sample(space, ended, random);
                    string[] texts = [range.Text(point[0]), space.Dimensions[1].Text(point[1])];
                    double value = double.Parse(texts[0], System.Globalization.CultureInfo.InvariantCulture);
                    if (value < range.Low || value > range.High || point[1] is not (0 or 1 or 2)) return false;
                    double place = one.Step > 0 ? (value - range.Low) / one.Step : 0;
                    if (Math.Abs(place - Math.Round(place)) > 1e-6) return false;
                    ended.Add(TrialOf(i, texts, [range.Locate(texts[0]), point[1]], value));
                }

                return true;
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_value_outside_is_at_the_end_or_nowhere()
    {
        var range = new RangeDimension("LearningRate", 1e-4, 1e-2, isLogarithmic: true);
        Assert.Equal(Math.Log(1e-2), range.Locate("0.5"));
        Assert.Equal(double.NaN, range.Locate("lin_0.001"));
        Assert.Equal(double.NaN, new ChoiceDimension("NSteps", ["8"]).Locate("16"));
    }

    internal static Trial TrialOf(int number, string[] texts, double[] coordinates, double value)
    {
        var trial = new Trial(number, texts, coordinates, rungsOfSeed: 1);
        trial.Measure(0, value);
        trial.End(TrialState.Complete);
        return trial;
    }

    private static SearchSpace Parse(string yaml) => SearchSpace.Parse(new StringReader(yaml), Ppo);
}
