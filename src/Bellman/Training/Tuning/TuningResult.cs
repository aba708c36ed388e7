using System.Globalization;
using System.Text;
using Bellman.Neural.Random;
using Bellman.Plotting;

namespace Bellman.Training.Tuning;

/// <summary>What a search has found so far.</summary>
public sealed class TuningResult
{
    /// <summary>The best options as a preset.</summary>
    public const string PresetName = "best.yaml";

    /// <summary>The picture of the scores over the trials.</summary>
    public const string HistoryName = "history.svg";

    /// <summary>The picture of the options' importance.</summary>
    public const string ImportanceName = "importance.svg";

    /// <summary>The best trials and the importance of options, as a page.</summary>
    public const string PageName = "report.md";

    private const int Listed = 10;

    private readonly RunOptions baseRun;

    internal TuningResult(TuningPlan plan, RunOptions baseRun, IReadOnlyList<Trial> trials)
    {
        Plan = plan;
        this.baseRun = baseRun;
        Trials = trials;
        Ranked = [.. trials.Where(trial => trial.State == TrialState.Complete).Order(Comparer<Trial>.Create(Trial.Compare))];
        double[]? shares = OptionImportance.Of(plan.Space!, trials, new Pcg64(plan.Seed));
        Importance = shares is null
            ? []
            : [.. plan.Space!.Dimensions.Zip(shares, (dimension, share) => KeyValuePair.Create(dimension.Name, share)).OrderByDescending(pair => pair.Value)];
    }

    public TuningPlan Plan { get; }

    /// <summary>All trials, in the order of their numbers.</summary>
    public IReadOnlyList<Trial> Trials { get; }

    /// <summary>The complete ones, the best first.</summary>
    public IReadOnlyList<Trial> Ranked { get; }

    /// <summary>See <see cref="OptionImportance"/>; the most important first; empty where nothing can be said.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Importance { get; }

    /// <summary>The best trial's options that are not the preset's, as <c>--set</c> takes them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> BestOptions => [.. Plan.Options, .. Changes(Ranked[0])];

    /// <summary>Writes the page, the preset and the pictures into a directory.</summary>
    public void Save(string directory)
    {
        File.WriteAllText(Path.Combine(directory, PageName), Page());
        if (Ranked.Count == 0) return;
        File.WriteAllText(Path.Combine(directory, PresetName), PresetYaml());
        File.WriteAllText(Path.Combine(directory, HistoryName), History().ToSvg());
        if (Importance.Count > 0) File.WriteAllText(Path.Combine(directory, ImportanceName), ImportanceChart().ToSvg());
    }

    /// <summary>The best trials, each with what it changes in the preset.</summary>
    public IEnumerable<string> Table()
    {
        yield return "| rank | trial | score | options |";
        yield return "|--:|--:|--:|---|";
        for (int i = 0; i < Ranked.Count; i++)
        {
            bool isDefault = Ranked[i].Number == 0;
            if (i >= Listed && !isDefault) continue;
            string options = string.Join(", ", Changes(Ranked[i]).Select(option => $"{option.Key}={option.Value}"));
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"| {i + 1} | {Ranked[i].Number} | {Ranked[i].Value:0.00} | {(isDefault ? "the preset as it is" : options)} |");
        }
    }

    /// <summary>The importance of each option.</summary>
    public IEnumerable<string> ImportanceTable() =>
    [
        "| option | importance |",
        "|---|--:|",
        .. Importance.Select(pair => string.Create(CultureInfo.InvariantCulture, $"| {pair.Key} | {100 * pair.Value:0.0} % |")),
    ];

    /// <summary>The best options as an entry of a file of presets; docs/runs.md describes it.</summary>
    public string PresetYaml()
    {
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"{baseRun.Environment}:\n  tuned:\n    steps: {baseRun.Steps}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    environments: {baseRun.Environments}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    normalize: {baseRun.Normalize.ToString().ToLowerInvariant()}\n");
        if (baseRun.EvaluationInterval > 0)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"    evaluationInterval: {baseRun.EvaluationInterval}\n");
            yaml.Append(CultureInfo.InvariantCulture, $"    evaluationEpisodes: {baseRun.EvaluationEpisodes}\n");
        }

        KeyValuePair<string, string>[] options = [.. PresetOptions()];
        if (options.Length == 0) return yaml.ToString();
        yaml.Append("    options:\n");
        foreach ((string name, string value) in options)
        {
            bool isList = value.Contains(',') && !value.Contains(':');
            yaml.Append(CultureInfo.InvariantCulture, $"      {name}: {(isList ? $"[{value.Replace(",", ", ")}]" : value)}\n");
        }

        return yaml.ToString();
    }

    /// <summary>The score of each trial, and the best so far.</summary>
    public Chart History()
    {
        Trial[] pruned = [.. Trials.Where(trial => trial.State == TrialState.Pruned)];
        Trial[] complete = [.. Trials.Where(trial => trial.State == TrialState.Complete)];
        double[] best = new double[complete.Length];
        for (int i = 0; i < best.Length; i++)
        {
            best[i] = i == 0 ? complete[i].Value : Math.Max(best[i - 1], complete[i].Value);
        }

        IEnumerable<Level> first = Trials[0].State == TrialState.Complete ? [new Level("the preset as it is", Trials[0].Value)] : [];
        return new Chart
        {
            Title = $"{baseRun.Algorithm} on {baseRun.Environment}",
            Panels =
            [
                new Panel
                {
                    XLabel = "trial",
                    YLabel = "score",
                    Series =
                    [
                        new Series("given up, where it was", Numbers(pruned), Values(pruned)) { Color = 6, IsDots = true, IsFaint = true },
                        new Series("complete trial", Numbers(complete), Values(complete)) { Color = 1, IsDots = true },
                        new Series("best so far", Numbers(complete), best),
                    ],
                    Levels = [.. first],
                },
            ],
        };

        static double[] Numbers(Trial[] trials) => Array.ConvertAll(trials, trial => (double)trial.Number);

        static double[] Values(Trial[] trials) => Array.ConvertAll(trials, trial => trial.Value);
    }

    private BarChart ImportanceChart() => new()
    {
        Title = $"{baseRun.Algorithm} on {baseRun.Environment}",
        Bars = [.. Importance.Select(pair => new Bar(pair.Key, pair.Value))],
        Note = "Share of the variance between trials that an option explains by itself.",
    };

    /// <summary>What differs from the algorithm's own defaults, so that the preset stands alone.</summary>
    private IEnumerable<KeyValuePair<string, string>> PresetOptions()
    {
        Dictionary<string, string> best = new(baseRun.Options);
        for (int i = 0; i < Plan.Space!.Dimensions.Count; i++)
        {
            best[Plan.Space.Dimensions[i].Name] = Ranked[0].Values[i];
        }

        return OptionRecord.Describe(AlgorithmRegistry.Find(baseRun.Algorithm).Defaults)
            .Where(option => best[option.Name] != option.Value)
            .Select(option => KeyValuePair.Create(option.Name, best[option.Name]));
    }

    private IEnumerable<KeyValuePair<string, string>> Changes(Trial trial) =>
        Plan.Space!.Dimensions.Select((dimension, i) => KeyValuePair.Create(dimension.Name, trial.Values[i])).Except(baseRun.Options);

    private string Page()
    {
        int Count(TrialState state) => Trials.Count(trial => trial.State == state);

        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# {baseRun.Algorithm} on {baseRun.Environment}\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{Trials.Count} trials of {baseRun.Steps} steps over the preset {baseRun.Preset}: ");
        page.Append(CultureInfo.InvariantCulture, $"{Count(TrialState.Complete)} complete, {Count(TrialState.Pruned)} given up, ");
        page.Append(CultureInfo.InvariantCulture, $"{Count(TrialState.Failed)} failed.\n\n");
        page.Append(string.Join('\n', Table())).Append('\n');
        if (Ranked.Count > 0) page.Append(CultureInfo.InvariantCulture, $"\n![scores]({HistoryName})\n\n```yaml\n{PresetYaml()}```\n");
        if (Importance.Count > 0)
        {
            page.Append('\n').Append(string.Join('\n', ImportanceTable())).Append(CultureInfo.InvariantCulture, $"\n\n![importance]({ImportanceName})\n");
        }

        return page.ToString();
    }
}
