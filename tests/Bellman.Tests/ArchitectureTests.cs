using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Bellman.Tests;

/// <summary>A room uses only the rooms above it.</summary>
public sealed partial class ArchitectureTests
{
    [Theory]
    [InlineData("Bellman.Neural", "State Random Kernels Tensors Nn")]
    [InlineData("Bellman", "Statistics Telemetry Environments Plotting Experience Algorithms Training")]
    public void A_room_uses_only_the_rooms_above_it(string project, string order)
    {
        string[] rooms = order.Split(' ');
        string source = Path.Combine(Root(), "src", project);
        Assert.Empty(Directory.GetDirectories(source).Select(path => Path.GetFileName(path)!).Except(rooms));
        IEnumerable<string> upward =
            from room in rooms
            where Directory.Exists(Path.Combine(source, room))
            from file in Directory.EnumerateFiles(Path.Combine(source, room), "*.cs", SearchOption.AllDirectories)
            from Match match in Regex.Matches(File.ReadAllText(file), $@"\b{Regex.Escape(project)}\.(?<room>\w+)")
            let used = match.Groups["room"].Value
            where Array.IndexOf(rooms, used) > Array.IndexOf(rooms, room)
            select $"{room}/{Path.GetFileName(file)} uses {used}";
        Assert.Empty(upward);
    }

    [Theory]
    [InlineData("Bellman.Neural", @"\bBellman\.(?!Neural\b)\w+")]
    [InlineData("Bellman", @"\bBellman\.Cli\b")]
    public void A_library_does_not_know_what_is_built_on_it(string project, string forbidden)
    {
        string source = Path.Combine(Root(), "src", project);
        IEnumerable<string> found =
            from file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            where Regex.IsMatch(File.ReadAllText(file), forbidden)
            select Path.GetFileName(file);
        Assert.Empty(found);
    }

    [Fact]
    public void Pointers_stay_in_the_kernels()
    {
        IEnumerable<string> found =
            from file in Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
            where !file.Contains($"{Path.DirectorySeparatorChar}Kernels{Path.DirectorySeparatorChar}")
            where UnsafeCode().IsMatch(File.ReadAllText(file))
            select Path.GetFileName(file);
        Assert.Empty(found);
    }

    [GeneratedRegex(@"\bunsafe\b|\bUnsafe\.(Add|AsPointer|AsRef|ReadUnaligned|WriteUnaligned)\b")]
    private static partial Regex UnsafeCode();

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(path, "../../.."));
}
