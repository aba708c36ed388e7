namespace Bellman.Tests.Environments;

public sealed class RecordingTests
{
    /// <summary>Every recorded file, by its path under tests/golden.</summary>
    public static TheoryData<string> Files => new(
        new[] { "gymnasium", "gymnasium-goals", "gymnasium-more" }.SelectMany(folder =>
            Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "golden", folder), "*.jsonl.gz")
                .Select(path => $"{folder}/{Path.GetFileName(path)}")
                .Order()));

    [Theory]
    [MemberData(nameof(Files))]
    public void Gymnasiums_episodes_are_reproduced_to_the_bit(string file) => Recording.AssertReproduced(file);
}
