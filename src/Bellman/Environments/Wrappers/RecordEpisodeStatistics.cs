using Bellman.Neural.State;

namespace Bellman.Environments.Wrappers;

/// <summary>Counts return and length of episodes, before any wrapper outside changes the reward.</summary>
public sealed class RecordEpisodeStatistics(IEnvironment inner) : Wrapper(inner)
{
    private double episodeReturn;
    private int episodeLength;

    /// <summary>Undiscounted, of the running or just ended episode.</summary>
    public double EpisodeReturn => episodeReturn;

    /// <summary>Steps, of the running or just ended episode.</summary>
    public int EpisodeLength => episodeLength;

    public override void Reset(Span<float> observation, ulong? seed = null)
    {
        episodeReturn = 0;
        episodeLength = 0;
        Inner.Reset(observation, seed);
    }

    public override StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        StepResult result = Inner.Step(action, observation);
        episodeReturn += result.Reward;
        episodeLength++;
        return result;
    }

    public override void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(episodeReturn), ref episodeReturn);
        state.Value(nameof(episodeLength), ref episodeLength);
        base.Visit(state);
    }
}
