using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Bellman.Training;

namespace Bellman.Tests.Algorithms;

/// <summary>The page of every algorithm says what its options record says.</summary>
public sealed partial class AlgorithmPageTests
{
    public static TheoryData<string> Names => [.. AlgorithmRegistry.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_lists_all_options_with_their_defaults(string name)
    {
        Dictionary<string, string> stated = Stated(name);
        foreach (OptionDescription option in OptionRecord.Describe(AlgorithmRegistry.Find(name).Defaults))
        {
            Assert.True(stated.TryGetValue(option.Name, out string? value), $"{name}.md says nothing of {option.Name}.");
            Assert.True(AreEqual(option.Value, value), $"{name}.md: {option.Name} is {option.Value}, not {value}.");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_lists_no_other_options(string name)
    {
        IEnumerable<string> known = OptionRecord.Describe(AlgorithmRegistry.Find(name).Defaults).Select(option => option.Name);
        Assert.Empty(Table(OptionsOf(name)).Keys.Except(known));
    }

    [Fact]
    public void Every_metric_is_explained_on_some_page()
    {
        string source = Path.Combine(Root(), "src", "Bellman", "Algorithms");
        string pages = string.Concat(Directory.EnumerateFiles(Folder, "*.md").Select(File.ReadAllText));
        IEnumerable<string> missing =
            from file in Directory.EnumerateFiles(source, "*.cs")
            from Match match in Metric().Matches(File.ReadAllText(file))
            where !pages.Contains($"`{match.Groups["name"].Value}`")
            select $"{match.Groups["name"].Value} of {Path.GetFileName(file)}";
        Assert.Empty(missing);
    }

    [Fact]
    public void The_index_names_every_page()
    {
        string index = File.ReadAllText(Path.Combine(Folder, "README.md"));
        Assert.Empty(AlgorithmRegistry.All.Where(entry => !index.Contains($"[`{entry.Name}`]({entry.Name}.md)")).Select(entry => entry.Name));
    }

    private static string Folder => Path.Combine(Root(), "docs", "algorithms");

    private static string OptionsOf(string page) => Section().Match(File.ReadAllText(Path.Combine(Folder, $"{page}.md"))).Value;

    /// <summary>Defaults by name: of the page's table, else of its sentences ("`A` 1"), else of the pages whose options it takes over.</summary>
    private static Dictionary<string, string> Stated(string page)
    {
        string section = OptionsOf(page);
        Dictionary<string, string> all = Table(section);
        foreach (Match sentence in Sentence().Matches(section))
        {
            all.TryAdd(sentence.Groups["name"].Value, sentence.Groups["value"].Value);
        }

        foreach (Match link in Link().Matches(section))
        {
            foreach ((string name, string value) in Stated(link.Groups["page"].Value))
            {
                all.TryAdd(name, value);
            }
        }

        return all;
    }

    /// <summary>Rows such as <c>| `A`, `B` | … | 1, 2 | …</c>, wherever a header has a column "option" and after it one "default".</summary>
    private static Dictionary<string, string> Table(string section)
    {
        Dictionary<string, string> all = new(StringComparer.Ordinal);
        string[] header = [];
        foreach (string line in section.Split('\n').Where(line => line.StartsWith('|')))
        {
            string[] cells = [.. line.Trim()[1..^1].Split('|').Select(cell => cell.Trim())];
            if (cells.Contains("option")) header = cells;
            for (int i = 0; i < Math.Min(cells.Length, header.Length); i++)
            {
                string[] names = header[i] == "option" ? [.. Name().Matches(cells[i]).Select(match => match.Groups["name"].Value)] : [];
                if (names.Length == 0) continue;
                string cell = cells[Array.IndexOf(header, "default", i)];
                string[] values = names.Length == 1 ? [cell] : cell.Split(", ");
                for (int j = 0; j < names.Length; j++)
                {
                    all[names[j]] = values[Math.Min(j, values.Length - 1)];
                }
            }
        }

        return all;
    }

    private static bool AreEqual(string value, string written)
    {
        string plain = written.Replace(" ", "").Replace('−', '-');
        return string.Equals(value, plain, StringComparison.OrdinalIgnoreCase)
            || (double.TryParse(value, CultureInfo.InvariantCulture, out double a)
                && double.TryParse(plain, CultureInfo.InvariantCulture, out double b)
                && a.Equals(b));
    }

    [GeneratedRegex(@"^## Options\n.*?(?=^## |\z)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"\((?<page>\w+)\.md#options\)")]
    private static partial Regex Link();

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]+)` (?<value>none|true|false|[−-]?[0-9][0-9.e−-]*(, [0-9]+)*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Sentence();

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]+)`")]
    private static partial Regex Name();

    [GeneratedRegex("\"(?<name>(train|rollout)/[a-z_]+)\"")]
    private static partial Regex Metric();

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(path, "../../../.."));
}
