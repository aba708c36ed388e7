using Bellman.Environments;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Experience;

/// <summary>
/// The latest steps of all environments, with what the policy thought of them: what on-policy algorithms learn from and then forget.
/// </summary>
/// <remarks>Rows lie in the order of time: those of all environments at one step, then those of the next step.</remarks>
public sealed class RolloutBuffer : IStateful
{
    private readonly Space observationSpace;
    private readonly int actionSize;
    private readonly FrameStore observations;
    private readonly float[] actions;
    private readonly float[] rewards;
    private readonly float[] ends;
    private readonly float[] values;
    private readonly float[] logProbabilities;
    private readonly float[] advantages;
    private readonly float[] returns;
    private readonly List<RolloutBatch> batches = [];
    private float[]? masks;
    private int position;

    /// <param name="steps">Steps of every environment.</param>
    /// <param name="environments">How many environments write at once.</param>
    /// <param name="observationSpace">Space of an observation.</param>
    /// <param name="actionSpace">Space of an action.</param>
    public RolloutBuffer(int steps, int environments, Space observationSpace, Space actionSpace)
    {
        ArgumentNullException.ThrowIfNull(observationSpace);
        ArgumentNullException.ThrowIfNull(actionSpace);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(environments);
        this.observationSpace = observationSpace;
        Steps = steps;
        Environments = environments;
        actionSize = actionSpace.FlatSize;
        Length = checked(steps * environments);
        observations = new FrameStore(Length, observationSpace);
        actions = new float[Length * actionSize];
        rewards = new float[Length];
        ends = new float[Length];
        values = new float[Length];
        logProbabilities = new float[Length];
        advantages = new float[Length];
        returns = new float[Length];
    }

    /// <summary>Steps of every environment that there is room for.</summary>
    public int Steps { get; }

    public int Environments { get; }

    /// <summary>Rows: steps times environments.</summary>
    public int Length { get; }

    /// <summary>True once all steps are in: time to learn, and then to <see cref="Clear"/>.</summary>
    public bool IsFull => position == Steps;

    /// <summary>Steps that have been added.</summary>
    public int Count => position;

    /// <summary>V(s) at the time of acting, [rows]</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>What V(s) should have been, by <see cref="Finish"/>, [rows]</summary>
    public ReadOnlySpan<float> Returns => returns;

    /// <summary>Â by <see cref="Finish"/>, [rows]</summary>
    public ReadOnlySpan<float> Advantages => advantages;

    /// <summary>Not zero where an episode ended with the step, [rows].</summary>
    public ReadOnlySpan<float> Ends => ends;

    /// <summary>How much of the returns the values foresaw, at most 1; null where all returns are alike.</summary>
    public double? ExplainedVariance => Experience.Returns.ExplainedVariance(values, returns) is var share && double.IsFinite(share) ? share : null;

    /// <summary>Notes what was seen, done and thought before a step.</summary>
    /// <param name="seen">s, [environments, …]</param>
    /// <param name="chosen">a as the policy drew it, before any clipping: [environments, action]</param>
    /// <param name="value">V(s), [environments]</param>
    /// <param name="logProbability">ln π(a|s), [environments]</param>
    /// <param name="allowed">The masks that the choice respected; null for none.</param>
    public void AddDecision(
        Tensor seen, ReadOnlySpan<float> chosen, ReadOnlySpan<float> value, ReadOnlySpan<float> logProbability, Tensor? allowed = null)
    {
        ArgumentNullException.ThrowIfNull(seen);
        if (IsFull) throw new InvalidOperationException($"The rollout has room for {Steps} steps and is full; clear it first.");
        int first = position * Environments;
        for (int i = 0; i < Environments; i++)
        {
            observations.Write(first + i, seen.Row(i));
        }

        chosen.CopyTo(actions.AsSpan(first * actionSize));
        value.CopyTo(values.AsSpan(first));
        logProbability.CopyTo(logProbabilities.AsSpan(first));
        if (allowed is null) return;
        masks ??= new float[Length * (allowed.Length / Environments)];
        allowed.Values.CopyTo(masks.AsSpan(first * (allowed.Length / Environments)));
    }

    /// <summary>Notes rewards and ends of the step just taken.</summary>
    /// <param name="environments">After their step.</param>
    /// <param name="discount">γ</param>
    /// <param name="lastValues">V of the true successors, [environments]; read only where an episode was cut off, and may be empty if none was.</param>
    public void AddOutcome(VectorEnvironment environments, double discount, ReadOnlySpan<float> lastValues)
    {
        ArgumentNullException.ThrowIfNull(environments);
        int first = position * Environments;
        for (int i = 0; i < Environments; i++)
        {
            bool isCutOff = environments.Truncated[i] && !environments.Terminated[i];
            rewards[first + i] = environments.Rewards[i] + (isCutOff ? (float)discount * lastValues[i] : 0);
            ends[first + i] = environments.HasEnded(i) ? 1 : 0;
        }

        position++;
    }

    /// <summary>Computes advantages and returns of a full rollout; see <see cref="Experience.Returns.Gae"/>.</summary>
    public void Finish(ReadOnlySpan<float> lastValues, double discount, double lambda) =>
        Experience.Returns.Gae(rewards, values, ends, lastValues, (float)discount, (float)lambda, advantages, returns);

    /// <summary>Forgets all steps.</summary>
    public void Clear() => position = 0;

    /// <summary>Some rows. The tensors are reused by the next batch of the same size.</summary>
    public RolloutBatch Batch(ReadOnlySpan<int> rows)
    {
        int maskSize = masks is null ? 0 : masks.Length / Length;
        RolloutBatch batch = BatchOf(rows.Length, maskSize);
        int size = observationSpace.FlatSize;
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            if (observations.IsByte)
            {
                observations.Read(row, batch.Observations.Bytes.Slice(i * size, size));
            }
            else
            {
                observations.Read(row, batch.Observations.Values.Slice(i * size, size));
            }

            actions.AsSpan(row * actionSize, actionSize).CopyTo(batch.Actions.Values[(i * actionSize)..]);
            if (batch.Masks is not null) masks.AsSpan(row * maskSize, maskSize).CopyTo(batch.Masks.Values[(i * maskSize)..]);
        }

        Gather(values, rows, batch.Values.Values);
        Gather(logProbabilities, rows, batch.LogProbabilities.Values);
        Gather(advantages, rows, batch.Advantages.Values);
        Gather(returns, rows, batch.Returns.Values);
        return batch;
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(position), ref position);
        int maskLength = masks?.Length ?? 0;
        state.Value(nameof(maskLength), ref maskLength);
        if (maskLength < 0 || maskLength % Length != 0)
        {
            throw new InvalidDataException($"A rollout of {Length} rows has masks of a multiple of that many numbers; got {maskLength}.");
        }

        if (maskLength != (masks?.Length ?? 0)) masks = maskLength == 0 ? null : new float[maskLength];
        state.Enter(nameof(observations));
        observations.Visit(state);
        state.Leave();
        state.Values(nameof(actions), actions.AsSpan());
        state.Values(nameof(rewards), rewards.AsSpan());
        state.Values(nameof(ends), ends.AsSpan());
        state.Values(nameof(values), values.AsSpan());
        state.Values(nameof(logProbabilities), logProbabilities.AsSpan());
        if (masks is not null) state.Values(nameof(masks), masks.AsSpan());
    }

    private static void Gather(float[] from, ReadOnlySpan<int> rows, Span<float> to)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            to[i] = from[rows[i]];
        }
    }

    private RolloutBatch BatchOf(int count, int maskSize)
    {
        foreach (RolloutBatch known in batches)
        {
            if (known.Returns.Length == count && (known.Masks is null) == (maskSize == 0)) return known;
        }

        var batch = new RolloutBatch(count, observationSpace, actionSize, maskSize, observations.IsByte);
        batches.Add(batch);
        return batch;
    }
}
