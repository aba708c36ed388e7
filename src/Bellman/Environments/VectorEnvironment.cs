using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Environments;

/// <summary>
/// Copies of an environment stepped together; all that an algorithm sees, also of a single copy. It owns the batches: every environment
/// reads and writes its row.
/// </summary>
/// <remarks>
/// After <see cref="Step"/>, <see cref="NextObservations"/> are the true successors and <see cref="Observations"/> what to act on next: the same
/// rows, but the first observation of a new episode where one has ended. So no first observation is ever a successor, and an episode
/// that was cut off is still followed by its true last state. Environment i is seeded with the seed plus i, as Gymnasium's and
/// Stable-Baselines3's vectors do; results do not depend on how many threads step it.
/// </remarks>
public sealed class VectorEnvironment : IStateful, IDisposable
{
    private readonly IEnvironment[] environments;
    private readonly IOutcome?[] outcomes;
    private readonly IActionMask?[] masks;
    private readonly double[] runningReturns;
    private readonly int[] runningLengths;
    private readonly WorkerTeam? team;
    private readonly Normalization? normalization;
    private bool hasReset;

    /// <param name="make">Makes one copy; called <paramref name="count"/> times.</param>
    /// <param name="count">How many copies.</param>
    /// <param name="threads">Threads that step them; more than one pays for slow environments only.</param>
    /// <param name="normalization">Normalises what the algorithm sees; null shows everything as it is.</param>
    public VectorEnvironment(Func<IEnvironment> make, int count = 1, int threads = 1, Normalization? normalization = null)
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        this.normalization = normalization;
        environments = new IEnvironment[count];
        for (int i = 0; i < count; i++)
        {
            environments[i] = make();
        }

        outcomes = Array.ConvertAll(environments, environment => environment.Find<IOutcome>());
        masks = Array.ConvertAll(environments, environment => environment.Find<IActionMask>());
        ObservationSpace = environments[0].ObservationSpace;
        ActionSpace = environments[0].ActionSpace;
        Observations = Tensor.Zeros(ObservationSpace.Shape.Prepend(count));
        NextObservations = Tensor.Zeros(ObservationSpace.Shape.Prepend(count));
        Actions = Tensor.Zeros(count, ActionSpace.FlatSize);
        if (masks[0] is not null) ActionMasks = Tensor.Zeros(count, ActionMask.Size(ActionSpace));
        Rewards = new float[count];
        Terminated = new bool[count];
        Truncated = new bool[count];
        EpisodeReturns = new double[count];
        EpisodeLengths = new int[count];
        EpisodeOutcomes = new string?[count];
        runningReturns = new double[count];
        runningLengths = new int[count];
        if (Math.Min(threads, count) > 1) team = new WorkerTeam(Math.Min(threads, count), StepRange);
    }

    /// <summary>How many copies there are.</summary>
    public int Count => environments.Length;

    /// <summary>Space of one observation.</summary>
    public Space ObservationSpace { get; }

    /// <summary>Space of one action.</summary>
    public Space ActionSpace { get; }

    /// <summary>What to act on: [count, …]</summary>
    public Tensor Observations { get; }

    /// <summary>What the caller writes before <see cref="Step"/>: [count, action]</summary>
    public Tensor Actions { get; }

    /// <summary>
    /// Which actions may be taken next, [count, actions], zero where one is forbidden; null where the environment forbids none. See
    /// <see cref="IActionMask"/>.
    /// </summary>
    public Tensor? ActionMasks { get; }

    /// <summary>The true successors of the step just taken: [count, …]</summary>
    public Tensor NextObservations { get; }

    /// <summary>Of the step just taken.</summary>
    public float[] Rewards { get; }

    /// <summary>Where the task ended with the step just taken.</summary>
    public bool[] Terminated { get; }

    /// <summary>Where the episode was cut off at the step just taken.</summary>
    public bool[] Truncated { get; }

    /// <summary>Undiscounted return of the episode that ended with the step just taken; meaningful only where one did.</summary>
    public double[] EpisodeReturns { get; }

    /// <summary>Steps of the episode that ended with the step just taken; meaningful only where one did.</summary>
    public int[] EpisodeLengths { get; }

    /// <summary>
    /// A word or two on how the episode went that ended with the step just taken, such as "landed"; null where the environment has none.
    /// Meaningful only where one ended.
    /// </summary>
    public string?[] EpisodeOutcomes { get; }

    /// <summary>One of the copies.</summary>
    public IEnvironment this[int index] => environments[index];

    /// <summary>True where an episode ended with the step just taken, for whatever reason.</summary>
    public bool HasEnded(int index) => Terminated[index] || Truncated[index];

    /// <summary>Begins an episode in every copy.</summary>
    /// <param name="seed">Copy i gets seed + i; null lets the streams run on.</param>
    public void Reset(ulong? seed = null)
    {
        for (int i = 0; i < Count; i++)
        {
            environments[i].Reset(Observations.Row(i), seed + (ulong)i);
            WriteMask(i);
        }

        Array.Clear(runningReturns);
        Array.Clear(runningLengths);
        hasReset = true;
        normalization?.AfterReset(this);
    }

    /// <summary>Takes <see cref="Actions"/> in every copy, and begins the next episode where one ends.</summary>
    public void Step()
    {
        Guard.Running(hasReset);
        if (team is null)
        {
            StepRange(0, Count);
        }
        else
        {
            team.Run(Count);
        }

        normalization?.AfterStep(this);
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(hasReset), ref hasReset);
        state.Values(nameof(Observations), Observations.Values);
        if (ActionMasks is not null) state.Values(nameof(ActionMasks), ActionMasks.Values);
        state.Values(nameof(runningReturns), runningReturns.AsSpan());
        state.Values(nameof(runningLengths), runningLengths.AsSpan());
        if (normalization is not null) state.Part(nameof(normalization), normalization);
        for (int i = 0; i < Count; i++)
        {
            state.Enter($"environment{i}");
            state.VisitInner(environments[i]);
            state.Leave();
        }
    }

    public void Dispose() => team?.Dispose();

    private void StepRange(int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            Span<float> next = NextObservations.Row(i);
            StepResult result = environments[i].Step(Actions.Row(i), next);
            Rewards[i] = (float)result.Reward;
            Terminated[i] = result.Terminated;
            Truncated[i] = result.Truncated;
            runningReturns[i] += result.Reward;
            runningLengths[i]++;
            Span<float> observation = Observations.Row(i);
            if (!(result.Terminated || result.Truncated))
            {
                next.CopyTo(observation);
                WriteMask(i);
                continue;
            }

            EpisodeReturns[i] = runningReturns[i];
            EpisodeLengths[i] = runningLengths[i];
            EpisodeOutcomes[i] = outcomes[i]?.Outcome;
            runningReturns[i] = 0;
            runningLengths[i] = 0;
            environments[i].Reset(observation);
            WriteMask(i);
        }
    }

    private void WriteMask(int index)
    {
        if (ActionMasks is not null) ActionMask.Write(masks[index]!, ActionMasks, index);
    }
}
