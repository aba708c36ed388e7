using System.Globalization;

namespace Bellman.Neural.State;

/// <summary>Names of segment files: <c>replay-000001.segment</c>. A number is given once only.</summary>
internal static class SegmentFile
{
    private const string Prefix = "replay-";
    private const string Suffix = ".segment";

    public static string PathOf(string folder, int number) => Path.Combine(folder, $"{Prefix}{number:D6}{Suffix}");

    /// <summary>The segment files of a folder by number.</summary>
    public static IEnumerable<(int Number, string Path)> All(string folder) =>
        from path in Directory.EnumerateFiles(folder, $"{Prefix}*{Suffix}")
        let number = NumberOf(path)
        where number > 0
        select (number, path);

    private static int NumberOf(string path)
    {
        string name = Path.GetFileName(path);
        ReadOnlySpan<char> digits = name.AsSpan(Prefix.Length..^Suffix.Length);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }
}
