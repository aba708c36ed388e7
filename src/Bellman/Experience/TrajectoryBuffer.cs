using Bellman.Environments;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Experience;

/// <summary>
/// Whole episodes, for algorithms that wait for their ends. Steps of running episodes are kept apart until they end; then they join the batch in
/// the order of their ends.
/// </summary>
public sealed class TrajectoryBuffer : IStateful
{
    private readonly int rowSize;
    private readonly int observationSize;
    private readonly int actionSize;
    private readonly Track[] running;
    private readonly Track done;
    private int episodes;

    /// <param name="environments">How many environments write at once.</param>
    /// <param name="observationSpace">Space of an observation.</param>
    /// <param name="actionSpace">Space of an action.</param>
    public TrajectoryBuffer(int environments, Space observationSpace, Space actionSpace)
    {
        ArgumentNullException.ThrowIfNull(observationSpace);
        ArgumentNullException.ThrowIfNull(actionSpace);
        observationSize = observationSpace.FlatSize;
        actionSize = actionSpace.FlatSize;
        rowSize = observationSize + actionSize;
        running = new Track[environments];
        for (int i = 0; i < environments; i++)
        {
            running[i] = new Track();
        }

        done = new Track();
    }

    /// <summary>Episodes that have ended.</summary>
    public int Episodes => episodes;

    /// <summary>Steps of the episodes that have ended.</summary>
    public int Count => done.Count;

    /// <summary>The return that each step is held to, [count].</summary>
    public ReadOnlySpan<float> Returns => done.Rewards.AsSpan(0, done.Count);

    /// <summary>Notes what was seen and done before a step.</summary>
    public void AddDecision(int environment, ReadOnlySpan<float> observation, ReadOnlySpan<float> action)
    {
        Track track = running[environment];
        track.Reserve(1, rowSize);
        Span<float> row = track.Rows.AsSpan(track.Count * rowSize, rowSize);
        observation.CopyTo(row);
        action.CopyTo(row[observationSize..]);
    }

    /// <summary>Notes the reward of the step.</summary>
    public void AddReward(int environment, float reward)
    {
        Track track = running[environment];
        track.Rewards[track.Count++] = reward;
    }

    /// <summary>Ends the episode of an environment: its rewards become returns, and its steps join the batch.</summary>
    /// <param name="environment">Whose episode ends.</param>
    /// <param name="discount">γ in [0, 1]</param>
    /// <param name="after">The value of what would have come, where the episode was cut off; 0 after a terminal step.</param>
    /// <param name="toGo">True for the return from each step on; false for that of the whole episode at every step.</param>
    public void End(int environment, double discount, double after, bool toGo)
    {
        Track track = running[environment];
        Span<float> returns = track.Rewards.AsSpan(0, track.Count);
        Experience.Returns.RewardToGo(returns, discount, after, returns);
        if (!toGo) returns.Fill(returns[0]);
        done.Reserve(track.Count, rowSize);
        returns.CopyTo(done.Rewards.AsSpan(done.Count));
        track.Rows.AsSpan(0, track.Count * rowSize).CopyTo(done.Rows.AsSpan(done.Count * rowSize));
        done.Count += track.Count;
        track.Count = 0;
        episodes++;
    }

    /// <summary>Copies steps into tensors; rows beyond the last step repeat it.</summary>
    /// <param name="first">The first step.</param>
    /// <param name="observations">[rows, …]</param>
    /// <param name="actions">[rows, action]</param>
    /// <returns>How many rows are steps of their own.</returns>
    public int Read(int first, Tensor observations, Tensor actions)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(actions);
        int rows = actions.Shape[0];
        for (int i = 0; i < rows; i++)
        {
            int step = Math.Min(first + i, Count - 1);
            ReadOnlySpan<float> row = done.Rows.AsSpan(step * rowSize, rowSize);
            row[..observationSize].CopyTo(observations.Values[(i * observationSize)..]);
            row[observationSize..].CopyTo(actions.Values[(i * actionSize)..]);
        }

        return Math.Min(rows, Count - first);
    }

    /// <summary>Forgets the episodes that have ended; running ones go on.</summary>
    public void Clear()
    {
        done.Count = 0;
        episodes = 0;
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(episodes), ref episodes);
        Visit(state, nameof(done), done);
        for (int i = 0; i < running.Length; i++)
        {
            Visit(state, $"running{i}", running[i]);
        }
    }

    private void Visit(IStateVisitor state, string name, Track track)
    {
        state.Enter(name);
        int count = track.Count;
        state.Value(nameof(count), ref count);
        if (count is < 0 or > 1 << 28) throw new InvalidDataException($"A track holds 0 to {1 << 28} steps; got {count}.");
        if (count > track.Count) track.Reserve(count - track.Count, rowSize);
        track.Count = count;

        // A running episode's decision may stand without its reward, but never between two steps, when states are saved.
        state.Values(nameof(track.Rows), track.Rows.AsSpan(0, count * rowSize));
        state.Values(nameof(track.Rewards), track.Rewards.AsSpan(0, count));
        state.Leave();
    }

    private sealed class Track
    {
        public float[] Rows { get; private set; } = [];

        public float[] Rewards { get; private set; } = [];

        public int Count { get; set; }

        public void Reserve(int more, int rowSize)
        {
            if (Count + more <= Rewards.Length) return;
            int capacity = Math.Max(Count + more, Math.Max(256, 2 * Rewards.Length));
            float[] rows = Rows;
            float[] rewards = Rewards;
            Array.Resize(ref rows, capacity * rowSize);
            Array.Resize(ref rewards, capacity);
            Rows = rows;
            Rewards = rewards;
        }
    }
}
