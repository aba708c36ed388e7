using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;

namespace Bellman.Algorithms;

/// <summary>
/// Categorical Q-learning: Bellemare et al. 2017, "A distributional perspective on reinforcement learning", algorithm 1. The network gives
/// the distribution of the return over fixed values, the atoms. With every option on it is Rainbow: Hessel et al. 2018.
/// </summary>
/// <remarks>
/// Deviations from the papers: (1) an episode cut by a time limit is bootstrapped from its last observation; (2) the noise of the online
/// network is drawn once for each update and serves both s and s′, as in the implementations of Rainbow; (3) actions are random until
/// learning starts, with noisy networks too.
/// </remarks>
public sealed class C51 : IAgent, IMaskedPolicy
{
    // The smallest normal number: 0 · ln 0 is 0, not "not a number".
    private const float Tiny = 1.17549435e-38f;

    private readonly C51Options options;
    private readonly ValueLearner learner;
    private readonly Tensor atoms;
    private readonly Tensor projected;

    /// <param name="options">See <see cref="C51Options"/>.</param>
    /// <param name="observationSpace">What the network sees: a box; <c>FlattenObservation</c> makes one of any other space.</param>
    /// <param name="actionSpace">A discrete space.</param>
    /// <param name="environments">Copies that are stepped together.</param>
    /// <param name="totalSteps">Environment steps of the whole training, which schedules refer to.</param>
    /// <param name="seeds">Gives the streams of initialisation, exploration and sampling.</param>
    public C51(
        C51Options options, Space observationSpace, Space actionSpace, int environments, long totalSteps, SeedSequence seeds)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observationSpace);
        ArgumentNullException.ThrowIfNull(seeds);
        options.Validate();
        learner = new ValueLearner(
            "c51", options with { OptimizerEps = options.OptimizerEps ?? 0.01 / options.BatchSize }, observationSpace, actionSpace,
            environments, totalSteps, seeds, options.NumAtoms, Values, CrossEntropy);
        this.options = options;
        projected = Tensor.Zeros(options.BatchSize, options.NumAtoms);
        atoms = Tensor.Zeros(options.NumAtoms);
        for (int i = 0; i < options.NumAtoms; i++)
        {
            atoms[i] = (float)(options.VMin + (i * (options.VMax - options.VMin) / (options.NumAtoms - 1)));
        }
    }

    public Module Network => learner.Online;

    /// <summary>
    /// The next actions are chosen among the allowed ones. Targets are not masked: a memory keeps no masks, so values of forbidden actions stay
    /// what the network makes of them.
    /// </summary>
    public Tensor? ActionMasks
    {
        get => learner.ActionMasks;
        set => learner.ActionMasks = value;
    }

    /// <summary>ε now: the probability of a random action.</summary>
    public double ExplorationRate => learner.ExplorationRate;

    /// <summary>a = argmax Q(s, ·)</summary>
    public void Act(Tensor observations, Tensor actions) => learner.Act(observations, actions);

    public void Explore(Tensor observations, Tensor actions) => learner.Explore(observations, actions);

    public void Observe(VectorEnvironment environments) => learner.Observe(environments);

    public void Learn(IMetrics metrics) => learner.Learn(metrics);

    public void Visit(IStateVisitor state) => learner.Visit(state);

    /// <summary>Q(s, ·) = Σ zᵢ · pᵢ(s, ·)</summary>
    /// <param name="output">Logits, [batch, actions · atoms].</param>
    /// <returns>[batch, actions]</returns>
    private Tensor Values(Tensor output) =>
        (output.Reshape(-1, learner.Actions, options.NumAtoms).Softmax() * atoms).Sum(axis: -1);

    /// <summary>The cross-entropy of p(s, a) with its target, the projected distribution of r + γZ(s′, a*).</summary>
    private Tensor CrossEntropy(Batch batch)
    {
        using (Autograd.Pause())
        {
            // a* = argmax Q⁻(s′, ·), or argmax Q(s′, ·) for double Q-learning; then m = Φ(r + γ · z) weighted by p⁻(s′, a*).
            Tensor next = learner.Target.Forward(batch.NextObservations);
            Tensor choice = options.DoubleQ ? learner.Online.Forward(batch.NextObservations) : next;
            Tensor nextProbabilities = learner.Pick(next, Values(choice).ArgMaxRows()).Softmax();
            CategoricalProjection.Project(
                nextProbabilities.Values, batch.Rewards.Values, batch.Discounts.Values, options.VMin, options.VMax, projected.Values);
        }

        // −Σ mᵢ · ln pᵢ(s, a)
        Tensor logits = learner.Pick(learner.Online.Forward(batch.Observations), learner.Columns(batch.Actions));
        if (options.PrioritizedReplay) learner.SetPriorities(batch, Divergence(logits));
        return Loss.CrossEntropy(logits, projected, batch.Weights);
    }

    /// <summary>Σ mᵢ · ln (mᵢ / pᵢ), by which Rainbow prefers transitions: 0 where the target is met. [batch]</summary>
    private Tensor Divergence(Tensor logits)
    {
        using Autograd.PauseScope pause = Autograd.Pause();
        return (projected * (projected.Clamp(low: Tiny).Log() - logits.LogSoftmax())).Sum(axis: -1);
    }
}
