using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Experience;

/// <summary>
/// The latest transitions of one or more environments, for drawing at random (Lin 1992). Every observation is stored once, images as
/// bytes, of stacked frames only the newest; successors are found and stacks rebuilt, not copied, so n-step returns and correct bootstrapping at
/// time limits cost nothing.
/// </summary>
/// <remarks>
/// Each environment writes a track of frames in the order of time. A transition is a frame with an action, a reward and an ending; its
/// successor is the next frame. Where an episode ends, its last observation takes a frame without a transition, and the first
/// observation of the next episode follows it. So no transition ever joins two episodes, and neither does a stack: at an episode's beginning its
/// first frame is repeated.
/// </remarks>
public sealed class ReplayBuffer : IStateful
{
    private const byte Running = 0;
    private const byte Terminated = 1;
    private const byte Truncated = 2;

    private readonly Space observationSpace;
    private readonly int actionSize;
    private readonly int tracks;
    private readonly int trackCapacity;
    private readonly int trackFrames;
    private readonly double discount;
    private readonly int steps;
    private readonly FrameStore frames;
    private readonly int stack;
    private readonly int frameSize;

    // Of a frame: how many of those before it belong to its stack; empty where observations are no stacks.
    private readonly byte[] depths;

    // Of transition t of a track, at position t modulo the track's capacity:
    private readonly int[] frameOf;
    private readonly float[] actions;
    private readonly float[] rewards;
    private readonly byte[] endings;

    // Of a track: transitions and frames ever written, and the oldest transition still held.
    private readonly long[] written;
    private readonly long[] oldest;
    private readonly long[] framesWritten;
    private readonly ReplayPriorities? priorities;
    private Batch? uniformBatch;
    private Batch? prioritizedBatch;
    private bool hasBegun;

    /// <param name="capacity">Transitions held, over all environments; episodes' last observations take a little of it.</param>
    /// <param name="observationSpace">Space of an observation.</param>
    /// <param name="actionSpace">Space of an action.</param>
    /// <param name="environments">How many environments write at once.</param>
    /// <param name="discount">γ in [0, 1].</param>
    /// <param name="steps">n of the n-step return; 1 for the plain transition. Returns are cut at episodes' ends and at the newest step.</param>
    /// <param name="prioritization">How transitions with a large error are preferred; null where none is.</param>
    public ReplayBuffer(
        int capacity, Space observationSpace, Space actionSpace, int environments = 1, double discount = 0.99, int steps = 1,
        Prioritization? prioritization = null)
    {
        ArgumentNullException.ThrowIfNull(observationSpace);
        ArgumentNullException.ThrowIfNull(actionSpace);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(environments);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        this.observationSpace = observationSpace;
        this.discount = discount;
        this.steps = steps;
        actionSize = actionSpace.FlatSize;
        tracks = environments;
        trackCapacity = Math.Max(1, capacity / environments);

        // Room for the last observations of episodes: where they come thicker, the oldest transitions leave earlier.
        stack = (observationSpace as Box)?.StackedFrames ?? 1;
        frameSize = observationSpace.FlatSize / stack;
        trackFrames = trackCapacity + (trackCapacity / 50) + 2 + stack;
        frames = new FrameStore(trackFrames * tracks, observationSpace, single: true);
        depths = new byte[stack == 1 ? 0 : trackFrames * tracks];
        int total = trackCapacity * tracks;
        frameOf = new int[total];
        actions = new float[total * actionSize];
        rewards = new float[total];
        endings = new byte[total];
        written = new long[tracks];
        oldest = new long[tracks];
        framesWritten = new long[tracks];
        if (prioritization is not null) priorities = new ReplayPriorities(total, prioritization);
    }

    /// <summary>Transitions held at most.</summary>
    public int Capacity => trackCapacity * tracks;

    /// <summary>Transitions held now.</summary>
    public int Count
    {
        get
        {
            long count = 0;
            for (int track = 0; track < tracks; track++)
            {
                count += written[track] - oldest[track];
            }

            return (int)count;
        }
    }

    /// <summary>Notes the very first observations acted on, [environments, …]; later calls do nothing.</summary>
    public void Begin(Tensor observations)
    {
        if (hasBegun) return;
        hasBegun = true;
        for (int track = 0; track < tracks; track++)
        {
            WriteFrame(track, observations.Row(track), isFirst: true);
        }
    }

    /// <summary>Remembers the step that the environments have just taken.</summary>
    public void Add(VectorEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        if (!hasBegun) throw new InvalidOperationException("The first observations must be noted by Begin before a step is added.");
        for (int track = 0; track < tracks; track++)
        {
            if (written[track] - oldest[track] == trackCapacity) RemoveOldest(track);
            int position = Position(track, written[track]);
            frameOf[position] = FrameIndex(track, framesWritten[track] - 1);
            environments.Actions.Row(track).CopyTo(actions.AsSpan(position * actionSize));
            rewards[position] = environments.Rewards[track];
            bool terminated = environments.Terminated[track];
            bool ended = terminated || environments.Truncated[track];
            endings[position] = terminated ? Terminated : ended ? Truncated : Running;
            written[track]++;
            priorities?.Add(position);

            // The successor; after an end also the first observation of the next episode, which no transition leads to.
            WriteFrame(track, environments.NextObservations.Row(track), isFirst: false);
            if (ended) WriteFrame(track, environments.Observations.Row(track), isFirst: true);
        }
    }

    /// <summary>Draws transitions uniformly, with replacement.</summary>
    public Batch Sample(int batchSize, Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Batch batch = Prepare(ref uniformBatch, batchSize, prioritized: false);
        int count = Count;
        for (int row = 0; row < batchSize; row++)
        {
            long draw = random.Integers(count);
            int track = 0;
            while (draw >= written[track] - oldest[track])
            {
                draw -= written[track] - oldest[track];
                track++;
            }

            batch.Positions[row] = Position(track, oldest[track] + draw);
            Read(track, oldest[track] + draw, row, batch);
        }

        return batch;
    }

    /// <summary>Draws transitions in proportion to their priorities, with replacement.</summary>
    /// <param name="batchSize">How many.</param>
    /// <param name="random">Draws them.</param>
    /// <param name="beta">β in [0, 1]: how far the batch's weights correct for the preference; 1 corrects wholly.</param>
    public Batch Sample(int batchSize, Pcg64 random, double beta)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (priorities is null) throw new InvalidOperationException("The memory was made without priorities; β means nothing to it.");
        Batch batch = Prepare(ref prioritizedBatch, batchSize, prioritized: true);
        priorities.Draw(batch.Positions, batch.Weights!.Values, beta, random);
        for (int row = 0; row < batchSize; row++)
        {
            int track = batch.Positions[row] / trackCapacity;

            // Of the transitions that have stood at this place, the one that is held: the first not older than the oldest.
            long place = batch.Positions[row] % trackCapacity;
            long first = oldest[track];
            long transition = first - (first % trackCapacity) + place;
            Read(track, transition < first ? transition + trackCapacity : transition, row, batch);
        }

        return batch;
    }

    /// <summary>Tells the memory how large the errors of a batch were, before the next step is added.</summary>
    /// <param name="drawn">As <see cref="Sample(int, Pcg64, double)"/> gave it.</param>
    /// <param name="errors">δ of each transition, of either sign: [batch]</param>
    public void SetPriorities(Batch drawn, ReadOnlySpan<float> errors)
    {
        ArgumentNullException.ThrowIfNull(drawn);
        if (priorities is null) throw new InvalidOperationException("The memory was made without priorities.");
        ArgumentOutOfRangeException.ThrowIfNotEqual(errors.Length, drawn.Positions.Length);
        for (int row = 0; row < errors.Length; row++)
        {
            priorities.Set(drawn.Positions[row], errors[row]);
        }
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Value(nameof(hasBegun), ref hasBegun);
        state.Values(nameof(written), written.AsSpan());
        state.Values(nameof(oldest), oldest.AsSpan());
        state.Values(nameof(framesWritten), framesWritten.AsSpan());
        int used = (int)Math.Min(trackCapacity, tracks == 1 ? written[0] : trackCapacity) * tracks;
        state.Settled(nameof(frameOf), frameOf.AsSpan(0, used));
        state.Settled(nameof(actions), actions.AsSpan(0, used * actionSize));
        state.Settled(nameof(rewards), rewards.AsSpan(0, used));
        state.Settled(nameof(endings), endings.AsSpan(0, used));
        priorities?.Visit(state, used);
        int usedFrames = (int)Math.Min(trackFrames, tracks == 1 ? framesWritten[0] : trackFrames) * tracks;
        if (stack > 1) state.Values(nameof(depths), depths.AsSpan(0, usedFrames));
        state.Enter(nameof(frames));
        frames.Visit(state, usedFrames);
        state.Leave();
    }

    private Batch Prepare(ref Batch? batch, int batchSize, bool prioritized)
    {
        if (Count == 0) throw new InvalidOperationException("The memory holds no transition yet.");
        if (batch is null || batch.Rewards.Length != batchSize)
        {
            batch = new Batch(batchSize, observationSpace, actionSize, frames.IsByte, prioritized);
        }

        return batch;
    }

    private void Read(int track, long first, int row, Batch destination)
    {
        float reward = 0;
        double weight = 1;
        long transition = first;
        int position;
        while (true)
        {
            position = Position(track, transition);
            reward += (float)weight * rewards[position];
            weight *= discount;
            bool isLast = transition + 1 == written[track] || transition + 1 == first + steps;
            if (isLast || endings[position] != Running) break;
            transition++;
        }

        int start = Position(track, first);
        destination.Rewards.Values[row] = reward;
        destination.Discounts.Values[row] = endings[position] == Terminated ? 0 : (float)weight;
        actions.AsSpan(start * actionSize, actionSize).CopyTo(destination.Actions.Values[(row * actionSize)..]);
        int successor = frameOf[position] + 1;
        if (successor == (track + 1) * trackFrames) successor = track * trackFrames;
        ReadFrame(frameOf[start], destination.Observations, row);
        ReadFrame(successor, destination.NextObservations, row);
    }

    /// <summary>Reads a frame, with those before it where observations are stacks.</summary>
    private void ReadFrame(int frame, Tensor destination, int row)
    {
        int first = frame - (frame % trackFrames);
        int depth = stack == 1 ? 0 : depths[frame];
        for (int i = 0; i < stack; i++)
        {
            int back = Math.Min(stack - 1 - i, depth);
            int source = frame - back < first ? frame - back + trackFrames : frame - back;
            int start = ((row * stack) + i) * frameSize;
            if (frames.IsByte)
            {
                frames.Read(source, destination.Bytes.Slice(start, frameSize));
            }
            else
            {
                frames.Read(source, destination.Values.Slice(start, frameSize));
            }
        }
    }

    private void WriteFrame(int track, ReadOnlySpan<float> observation, bool isFirst)
    {
        long index = framesWritten[track]++;
        int frame = FrameIndex(track, index);
        while (oldest[track] < written[track] && index >= trackFrames && Needs(Position(track, oldest[track]), frame))
        {
            RemoveOldest(track);
        }

        if (stack > 1)
        {
            int before = FrameIndex(track, Math.Max(0, index - 1));
            depths[frame] = (byte)(isFirst ? 0 : Math.Min(depths[before] + 1, stack - 1));
        }

        frames.Write(frame, observation[^frameSize..]);
    }

    /// <summary>A transition leaves with the oldest frame that it needs: that it starts from, or the first of that one's stack.</summary>
    private bool Needs(int position, int frame)
    {
        int start = frameOf[position];
        int depth = stack == 1 ? 0 : depths[start];
        int behind = (frame - start + trackFrames) % trackFrames;
        return behind == 0 || behind + depth >= trackFrames;
    }

    private void RemoveOldest(int track)
    {
        priorities?.Remove(Position(track, oldest[track]));
        oldest[track]++;
    }

    private int Position(int track, long transition) => (track * trackCapacity) + (int)(transition % trackCapacity);

    private int FrameIndex(int track, long index) => (track * trackFrames) + (int)(index % trackFrames);
}
