using Bellman.Cli.Benchmarks;

namespace Bellman.Tests.Cli;

public sealed class UpdateCaseTests
{
    [Fact]
    public void The_same_number_of_updates_ends_at_the_same_weights()
    {
        var one = UpdateCase.Find("mlp-8-64-64-4");
        string three = one.WeightsSha256(3);
        Assert.Equal(64, three.Length);
        Assert.Equal(three, one.WeightsSha256(3));
        Assert.NotEqual(three, one.WeightsSha256(4));
    }

    [Fact]
    public void Every_case_has_its_own_beginning()
    {
        string[] hashes = [.. UpdateCase.All.Select(one => one.WeightsSha256(0))];
        Assert.Equal(6, hashes.Distinct(StringComparer.Ordinal).Count());
    }
}
