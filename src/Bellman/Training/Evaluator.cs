using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Training;

/// <summary>Measures a policy by whole episodes in environments of its own.</summary>
/// <remarks>
/// Episode k starts from a reset with seed s + k, in an environment that nothing else uses and that is as it was when new: some, such as
/// BipedalWalker, carry traces of one episode into the next. So the returns do not depend on how many copies run side by side, each can be
/// repeated alone, and since every episode that is begun is finished and counted, short ones are not favoured. An environment that does not
/// implement <see cref="IStateful"/> has to begin anew by itself.
/// </remarks>
public sealed class Evaluator
{
    /// <summary>Environments that run side by side where nothing else is said.</summary>
    public const int DefaultCopies = 32;

    private readonly IEnvironment[] copies;
    private readonly Tensor observations;
    private readonly Tensor actions;
    private readonly Tensor? masks;
    private readonly byte[]? whenNew;

    /// <param name="make">Makes an environment.</param>
    /// <param name="copies">Environments that run side by side, so that the network sees batches.</param>
    public Evaluator(Func<IEnvironment> make, int copies = DefaultCopies)
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(copies);
        this.copies = new IEnvironment[copies];
        for (int i = 0; i < copies; i++)
        {
            this.copies[i] = make();
        }

        if (this.copies[0].Unwrapped() is IStateful first)
        {
            using MemoryStream saved = new();
            first.Visit(new StateWriter(saved));
            whenNew = saved.ToArray();
        }

        observations = Tensor.Zeros(this.copies[0].ObservationSpace.Shape.Prepend(copies));
        actions = Tensor.Zeros(copies, this.copies[0].ActionSpace.FlatSize);
        if (this.copies[0].Find<IActionMask>() is not null) masks = Tensor.Zeros(copies, ActionMask.Size(this.copies[0].ActionSpace));
    }

    /// <summary>Plays episodes with the policy's best actions.</summary>
    /// <param name="policy">Asked for all copies at once.</param>
    /// <param name="episodes">At least one.</param>
    /// <param name="seed">Of the first episode.</param>
    /// <param name="stop">Gives up; the evaluation is then lost.</param>
    public Evaluation Run(IPolicy policy, int episodes, ulong seed, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(episodes);
        double[] returns = new double[episodes];
        long[] lengths = new long[episodes];
        int[] episodeOf = new int[copies.Length];
        int begun = 0;
        int running = 0;
        if (policy is IRecurrentPolicy recurrent) recurrent.Begin(copies.Length);
        for (int i = 0; i < copies.Length; i++)
        {
            episodeOf[i] = -1;
            Begin(i);
        }

        while (running > 0)
        {
            stop.ThrowIfCancellationRequested();
            if (policy is IMaskedPolicy masked) masked.ActionMasks = masks;
            policy.Act(observations, actions);
            for (int i = 0; i < copies.Length; i++)
            {
                int episode = episodeOf[i];
                if (episode < 0) continue;
                StepResult result = copies[i].Step(actions.Row(i), observations.Row(i));
                returns[episode] += result.Reward;
                lengths[episode]++;
                WriteMask(i);
                if (!result.Terminated && !result.Truncated) continue;
                running--;
                Begin(i);
            }
        }

        return new Evaluation(returns, lengths);

        void Begin(int copy)
        {
            episodeOf[copy] = begun < episodes ? begun++ : -1;
            if (episodeOf[copy] < 0) return;
            MakeNew(copies[copy]);
            copies[copy].Reset(observations.Row(copy), seed + (ulong)episodeOf[copy]);
            (policy as IRecurrentPolicy)?.BeginEpisode(copy);
            WriteMask(copy);
            running++;
        }
    }

    private void MakeNew(IEnvironment copy)
    {
        if (whenNew is null) return;
        using MemoryStream saved = new(whenNew, writable: false);
        ((IStateful)copy.Unwrapped()).Visit(new StateReader(saved, saved.Length));
    }

    private void WriteMask(int copy)
    {
        if (masks is not null) ActionMask.Write(copies[copy].Find<IActionMask>()!, masks, copy);
    }
}
