using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bellman.Neural.Random;
using Bellman.Statistics;
using Bellman.Training;

namespace Bellman.Cli.Commands;

/// <summary><c>compare</c>: what groups of finished runs reached, and how probably one beats another.</summary>
internal static class CompareCommand
{
    private static readonly string[] Keys = ["algorithm", "preset", "seed", RunGroups.None];

    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Directories of finished runs, or directories that hold runs.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> groupBy = CommandOptions.Text(
            "--group-by", "KEY", "What is compared: algorithm, preset, seed, option:NAME, or none for every run. Default: algorithm.");
        Option<bool> json = CommandOptions.Json();
        var command = new Command("compare", "Compare finished runs: interquartile means, their intervals, the probability of improvement.")
        {
            runs, groupBy, json,
        };
        command.SetAction(parsed =>
        {
            string key = RunGroups.RequireKey("--group-by", parsed.GetValue(groupBy) ?? "algorithm", Keys);
            Environment[] environments = Load(RunGroups.Load(parsed.GetRequiredValue(runs)), key);
            if (parsed.GetValue(json)) WriteJson(terminal.Output, environments);
            else Array.ForEach(environments, environment => Write(terminal.Output, environment));
            return ExitCode.Success;
        });
        return command;
    }

    private static Environment[] Load(RunHistory[] runs, string key)
    {
        if (Array.Find(runs, run => !File.Exists(run.Directory.Result)) is RunHistory unfinished)
        {
            string path = unfinished.Directory.Path;
            throw new UserException($"{path} is not finished, so it has no final evaluation; bellman resume {path} ends it.");
        }

        return
        [
            .. runs.GroupBy(run => run.Options.Environment).OrderBy(environment => environment.Key, StringComparer.Ordinal)
                .Select(environment => new Environment(environment.Key, Groups(environment))),
        ];

        Group[] Groups(IEnumerable<RunHistory> members) =>
            [.. members.GroupBy(run => RunGroups.Of(run, key)).Select(one => new Group(one.Key, [.. one.Select(Score)]))];
    }

    private static double Score(RunHistory run) => RunResult.Load(run.Directory.Result).Evaluation!.MeanReturn;

    private static void Write(TextWriter output, Environment environment)
    {
        output.WriteLine(environment.Id);
        string[] header = ["", "runs", "IQM", "95 % interval", "mean", .. environment.Groups.Select(group => $"better than {group.Name}")];
        string[][] rows =
        [
            .. environment.Groups.Select(group => (string[])
                [
                    group.Name, $"{group.Scores.Length}", Text(group.InterquartileMean.Value), Text(group.InterquartileMean.Interval),
                    Text(Aggregate.Mean(group.Scores)), .. environment.Groups.Select(other => Better(group, other)),
                ]),
        ];
        if (environment.Groups.Length == 1) (header, rows) = (header[..^1], [.. rows.Select(row => row[..^1])]);
        int[] widths = [.. header.Select((_, column) => rows.Append(header).Max(row => row[column].Length))];
        foreach (string[] row in rows.Prepend(header))
        {
            output.WriteLine("  " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        output.WriteLine();
    }

    private static string Better(Group group, Group other)
    {
        if (group == other) return "–";
        Estimate probability = Probability(group, other);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{probability.Value:0.00} [{probability.Interval.Low:0.00}, {probability.Interval.High:0.00}]");
    }

    private static Estimate Probability(Group group, Group other) =>
        Improvement.Probability([group.Scores], [other.Scores], new Bootstrap(new Pcg64(seed: 0)));

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Text(Interval interval) => $"[{Text(interval.Low)}, {Text(interval.High)}]";

    private static void WriteJson(TextWriter output, Environment[] environments) => JsonLine.Write(output, json =>
    {
        json.WriteStartArray("environments");
        foreach (Environment environment in environments)
        {
            json.WriteStartObject();
            json.WriteString("environment", environment.Id);
            json.WriteStartArray("groups");
            foreach (Group group in environment.Groups)
            {
                WriteJson(json, environment, group);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteJson(Utf8JsonWriter json, Environment environment, Group group)
    {
        json.WriteStartObject();
        json.WriteString("group", group.Name);
        json.WriteNumber("runs", group.Scores.Length);
        json.WriteNumber("mean", Aggregate.Mean(group.Scores));
        WriteEstimate(json, "interquartileMean", group.InterquartileMean);
        json.WriteStartObject("probabilityOfImprovement");
        foreach (Group other in environment.Groups.Where(other => other != group))
        {
            WriteEstimate(json, other.Name, Probability(group, other));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteEstimate(Utf8JsonWriter json, string name, Estimate estimate)
    {
        json.WriteStartObject(name);
        json.WriteNumber("value", estimate.Value);
        json.WriteNumber("low", estimate.Interval.Low);
        json.WriteNumber("high", estimate.Interval.High);
        json.WriteEndObject();
    }

    private sealed record Environment(string Id, Group[] Groups);

    private sealed record Group(string Name, double[] Scores)
    {
        public Estimate InterquartileMean { get; } =
            new Bootstrap(new Pcg64(seed: 0)).Of(Scores, scores => Aggregate.InterquartileMean(scores));
    }
}
