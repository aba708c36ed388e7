using Bellman.Environments;
using Bellman.Environments.ClassicControl;

namespace Bellman.Tests.Environments;

public sealed class EnvironmentCheckTests
{
    public static TheoryData<string> Ids => new(Registry.All.Select(spec => spec.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_registered_environment_keeps_the_rules(string id) =>
        Assert.Empty(EnvironmentCheck.Run(() => Registry.Find(id).Make()));

    [Fact]
    public void An_environment_that_keeps_none_is_found_out()
    {
        IReadOnlyList<string> violations = EnvironmentCheck.Run(() => new Lawless());
        Assert.Contains("A step before the first Reset is not refused by InvalidOperationException.", violations);
        Assert.Contains("A step after an episode's end is not refused by InvalidOperationException.", violations);
        Assert.Contains("An action beyond the last is not refused by ArgumentException.", violations);
        Assert.Contains("Two copies with one seed do not play the same episodes.", violations);
        Assert.Contains("A reward is not finite.", violations);
        Assert.Contains(violations, sentence => sentence.Contains("outside of the observation space"));
        Assert.Contains(violations, sentence => sentence.Contains("cannot be resumed"));
        Assert.Contains(violations, sentence => sentence.StartsWith("Steps allocate memory"));
    }

    [Fact]
    public void Require_names_what_is_broken() =>
        Assert.Contains("resumed", Assert.Throws<InvalidOperationException>(() => EnvironmentCheck.Require(() => new Lawless())).Message);

    [Fact]
    public void A_good_environment_passes() => EnvironmentCheck.Require(() => new CartPole());

    private sealed class Lawless : IEnvironment
    {
        private static int copies;
        private readonly int copy = ++copies;
        private int steps;

        public Space ObservationSpace { get; } = new Box([0], [1]);

        public Space ActionSpace { get; } = new Discrete(2);

        public void Reset(Span<float> observation, ulong? seed = null) => observation[0] = 0;

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            observation[0] = new float[] { copy, 2 }[0] + 1;
            return new StepResult(double.NaN, ++steps % 10 == 0);
        }
    }
}
