using Bellman.Environments;

namespace Bellman.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void A_step_is_not_truncated_unless_said() =>
        Assert.False(new StepResult(1, Terminated: false).Truncated);
}
