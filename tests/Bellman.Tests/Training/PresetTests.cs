using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Training;

namespace Bellman.Tests.Training;

public sealed class PresetTests
{
    public static TheoryData<string> Algorithms() => new(AlgorithmRegistry.All.Select(algorithm => algorithm.Name));

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_preset_names_real_environments_and_options_in_their_ranges(string name)
    {
        AlgorithmEntry algorithm = AlgorithmRegistry.Find(name);
        Assert.NotEmpty(Preset.Of(name));
        foreach ((string environment, Preset[] presets) in Preset.Of(name))
        {
            if (environment is not ("any" or "pictures")) Assert.Contains(environment, Registry.All.Select(spec => spec.Id));
            Assert.NotEmpty(presets);
            Assert.Equal(presets.Length, presets.Select(preset => preset.Name).Distinct().Count());
            foreach (Preset preset in presets)
            {
                RunOptions options = RunOptions.From(algorithm, environment, preset, []);
                Assert.True(options.Steps > 0);
                if (environment == "any") continue;
                IEnvironment made = TrainingRun.MakeEnvironment(environment == "pictures" ? options with { Environment = "Paddle-v0" } : options);
                algorithm.RequireFit(made.ActionSpace, environment);
                var task = new AgentTask(made.ObservationSpace, made.ActionSpace, options.Environments, options.Steps);
                _ = algorithm.Create(algorithm.Options(options.Options), task, new SeedSequence(0));
            }
        }
    }

    [Fact]
    public void The_first_preset_of_an_environment_is_its_default() =>
        Assert.Equal("tuned", Preset.Find("dqn", "CartPole-v1", name: null).Name);

    [Fact]
    public void An_environment_without_presets_has_the_algorithms_defaults()
    {
        Preset preset = Preset.Find("dqn", "Nowhere-v0", name: null);
        Assert.Equal("defaults", preset.Name);
        Assert.Empty(preset.Options);
    }

    [Fact]
    public void An_unknown_setting_is_refused() =>
        Assert.Throws<FormatException>(() => Preset.Parse(new StringReader("CartPole-v1:\n  fast:\n    stesp: 5\n")));

    [Fact]
    public void Arguments_of_the_environment_come_from_the_preset_unless_they_are_given()
    {
        Preset preset = Preset.Parse(new StringReader("FrozenLake-v1:\n  small:\n    environmentOptions: { map_name: 4x4, is_slippery: false }\n"))["FrozenLake-v1"][0];
        AlgorithmEntry dqn = AlgorithmRegistry.Find("dqn");
        Assert.Equal(
            [KeyValuePair.Create("map_name", "4x4"), KeyValuePair.Create("is_slippery", "false")],
            RunOptions.From(dqn, "FrozenLake-v1", preset, []).EnvironmentOptions);
        Assert.Equal(
            [KeyValuePair.Create("is_slippery", "false"), KeyValuePair.Create("map_name", "8x8")],
            RunOptions.From(dqn, "FrozenLake-v1", preset, [], [KeyValuePair.Create("map_name", "8x8")]).EnvironmentOptions);
    }

    [Fact]
    public void Anchors_and_lists_are_read()
    {
        Preset[] presets = Preset.Parse(new StringReader("""
            A-v0:
              one:
                steps: 1_000
                environments: 8
                options: &shared
                  NetArch: [64, 32]
              two:
                options: *shared
            """))["A-v0"];
        Assert.Equal(1000, presets[0].Steps);
        Assert.Equal(8, presets[0].Environments);
        Assert.Equal(KeyValuePair.Create("NetArch", "64,32"), presets[1].Options[0]);
    }
}
