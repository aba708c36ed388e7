using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Bellman.Neural.Random;
using Bellman.Statistics;
using Bellman.Telemetry;

namespace Bellman.Training;

/// <summary>One seed of an experiment.</summary>
/// <param name="Seed">Of the run.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Curve">Mean return of the last 100 training episodes over environment steps.</param>
public sealed record ExperimentRun(ulong Seed, RunResult Result, Curve Curve)
{
    /// <summary>Points of a learning curve that are kept.</summary>
    private const int Points = 200;

    /// <summary>Reads what a complete run left in its directory.</summary>
    public static ExperimentRun Of(ulong seed, RunDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return new ExperimentRun(seed, RunResult.Load(directory.Result), LearningCurve(CsvTable.Read(directory.Metrics)));
    }

    private static Curve LearningCurve(CsvTable table)
    {
        const string Metric = "rollout/ep_rew_mean";
        if (!table.Has(Metric)) return new Curve([], []);
        int[] rows = [.. Enumerable.Range(0, table.Rows).Where(row => !double.IsNaN(table[Metric][row]))];
        int stride = ((rows.Length - 1) / Points) + 1;
        int[] kept = [.. rows.Where((_, i) => (rows.Length - 1 - i) % stride == 0)];
        return new Curve([.. kept.Select(row => table["step"][row])], [.. kept.Select(row => table[Metric][row])]);
    }
}

/// <summary>What came of an experiment: a file of results, which tables and pictures are made from. docs/formats.md describes it.</summary>
public sealed record ExperimentResult
{
    private const int CurvePlaces = 100;

    public required string Algorithm { get; init; }

    public required string Environment { get; init; }

    public required string Preset { get; init; }

    /// <summary>All options of the algorithm.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Options { get; init; }

    /// <summary>Those that were given over the preset's.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Changes { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> EnvironmentOptions { get; init; }

    /// <summary>Environment steps asked for.</summary>
    public required long Steps { get; init; }

    /// <summary>Mean return that is hoped for; null where there is no such number.</summary>
    public double? Target { get; init; }

    /// <summary>The command that gives these results.</summary>
    public required string Command { get; init; }

    /// <summary>Runs that trained side by side, which tells how to take their wall times.</summary>
    public required int Jobs { get; init; }

    /// <summary>Version of Bellman, with the commit it was built from where that was known.</summary>
    public string Version { get; init; } = ThisVersion;

    public string Runtime { get; init; } = RuntimeInformation.FrameworkDescription;

    public string System { get; init; } = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}";

    /// <summary>A run per seed.</summary>
    public required IReadOnlyList<ExperimentRun> Runs { get; init; }

    /// <summary>Each seed's mean return in its final evaluation.</summary>
    public double[] Scores => [.. Runs.Select(run => run.Result.Evaluation!.MeanReturn)];

    public double Mean => Aggregate.Mean(Scores);

    /// <summary>The interquartile mean of the scores, with its 95 % interval.</summary>
    public Estimate InterquartileMean =>
        new Bootstrap(new Pcg64(seed: 0)).Of(Scores, scores => Aggregate.InterquartileMean(scores));

    /// <summary>Whether the mean reached the target; null without one.</summary>
    public bool? IsTargetMet => Target is double target ? Mean >= target : null;

    private static string ThisVersion =>
        typeof(ExperimentResult).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Gathers the runs of a plan.</summary>
    public static ExperimentResult Of(ExperimentPlan plan, IReadOnlyList<ExperimentRun> runs, int jobs)
    {
        ArgumentNullException.ThrowIfNull(plan);
        RunOptions options = plan.RunOptions(plan.Seeds[0]);
        return new ExperimentResult
        {
            Algorithm = options.Algorithm,
            Environment = options.Environment,
            Preset = options.Preset,
            Options = options.Options,
            Changes = plan.Options,
            EnvironmentOptions = options.EnvironmentOptions,
            Steps = options.Steps,
            Target = plan.Goal,
            Command = plan.Command,
            Jobs = jobs,
            Runs = runs,
        };
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is not what <see cref="Save"/> writes.</exception>
    public static ExperimentResult Load(string path) => JsonFile.Read(path, Read);

    public void Save(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        JsonFile.Write(path, Write);
    }

    private static ExperimentResult Read(JsonElement json)
    {
        JsonElement versions = json.GetProperty("versions");
        return new ExperimentResult
        {
            Algorithm = json.GetProperty("algorithm").GetString()!,
            Environment = json.GetProperty("environment").GetString()!,
            Preset = json.GetProperty("preset").GetString()!,
            Options = JsonFile.Pairs(json.GetProperty("options")),
            Changes = JsonFile.Pairs(json.GetProperty("changes")),
            EnvironmentOptions = JsonFile.Pairs(json.GetProperty("environmentOptions")),
            Steps = json.GetProperty("steps").GetInt64(),
            Target = json.GetProperty("target") is { ValueKind: JsonValueKind.Number } target ? target.GetDouble() : null,
            Command = json.GetProperty("command").GetString()!,
            Jobs = json.GetProperty("jobs").GetInt32(),
            Version = versions.GetProperty("bellman").GetString()!,
            Runtime = versions.GetProperty("runtime").GetString()!,
            System = versions.GetProperty("system").GetString()!,
            Runs =
            [
                .. json.GetProperty("runs").EnumerateArray().Select(run => new ExperimentRun(
                    run.GetProperty("seed").GetUInt64(), RunResult.Read(run), ReadCurve(run.GetProperty("curve")))),
            ],
        };
    }

    private static Curve ReadCurve(JsonElement json) =>
        new(JsonFile.Numbers(json.GetProperty("steps")), JsonFile.Numbers(json.GetProperty("returns")));

    private void Write(Utf8JsonWriter json)
    {
        json.WriteString("algorithm", Algorithm);
        json.WriteString("environment", Environment);
        json.WriteString("preset", Preset);
        JsonFile.WritePairs(json, "options", Options);
        JsonFile.WritePairs(json, "changes", Changes);
        JsonFile.WritePairs(json, "environmentOptions", EnvironmentOptions);
        json.WriteNumber("steps", Steps);
        JsonFile.WriteNumbers(json, "seeds", Runs.Select(run => (double)run.Seed));
        if (Target is double target) json.WriteNumber("target", target);
        else json.WriteNull("target");
        json.WriteString("command", Command);
        json.WriteNumber("jobs", Jobs);
        json.WriteStartObject("versions");
        json.WriteString("bellman", Version);
        json.WriteString("runtime", Runtime);
        json.WriteString("system", System);
        json.WriteEndObject();
        WriteStatistics(json);
        json.WriteStartArray("runs");
        foreach (ExperimentRun run in Runs)
        {
            json.WriteStartObject();
            json.WriteNumber("seed", run.Seed);
            run.Result.Write(json);
            json.WriteStartObject("curve");
            JsonFile.WriteNumbers(json, "steps", run.Curve.X);
            JsonFile.WriteNumbers(json, "returns", run.Curve.Y);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteStatistics(Utf8JsonWriter json)
    {
        Estimate iqm = InterquartileMean;
        json.WriteStartObject("statistics");
        json.WriteNumber("mean", Mean);
        json.WriteNumber("standardDeviation", Aggregate.StandardDeviation(Scores));
        json.WriteNumber("median", Aggregate.Median(Scores));
        json.WriteNumber("interquartileMean", iqm.Value);
        JsonFile.WriteNumbers(json, "interval", [iqm.Interval.Low, iqm.Interval.High]);
        if (Target is double target)
        {
            json.WriteNumber("optimalityGap", Aggregate.OptimalityGap(Scores, target));
            json.WriteNumber("runsAtTarget", Scores.Count(score => score >= target));
        }

        WriteQuantiles(json);
        json.WriteEndObject();
    }

    private void WriteQuantiles(Utf8JsonWriter json)
    {
        Curve[] curves = [.. Runs.Select(run => run.Curve).Where(curve => curve.Length > 0)];
        if (curves.Length == 0) return;
        double[] places = Curve.CommonPlaces(curves, CurvePlaces);
        double[][] values = [.. curves.Select(curve => curve.At(places))];
        json.WriteStartObject("curve");
        JsonFile.WriteNumbers(json, "steps", places);
        foreach ((string name, double share) in new[] { ("lowerQuartile", 0.25), ("median", 0.5), ("upperQuartile", 0.75) })
        {
            IEnumerable<double> quantiles =
                places.Select((_, place) => Aggregate.Quantile([.. values.Select(run => run[place])], share));
            JsonFile.WriteNumbers(json, name, quantiles);
        }

        json.WriteEndObject();
    }
}
