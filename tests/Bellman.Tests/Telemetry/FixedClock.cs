namespace Bellman.Tests.Telemetry;

/// <summary>A clock that stands at 2026-01-01 00:00:00.25 UTC.</summary>
internal sealed class FixedClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 0, 0, 0, 250, TimeSpan.Zero);
}
