namespace Bellman.Algorithms;

/// <summary>The optimizer of a network.</summary>
public enum OptimizerKind
{
    Adam,
    AdamW,
    RmsProp,
    Sgd,
}

/// <summary>
/// What the options of <see cref="Dqn"/>, <see cref="C51"/> and <see cref="QrDqn"/> have in common. Names and defaults are those of
/// Stable-Baselines3 where it has them.
/// </summary>
public abstract record ValueOptions
{
    /// <summary>Widths of the hidden layers, each followed by ReLU.</summary>
    public IReadOnlyList<int> NetArch { get; init; } = [64, 64];

    /// <summary>What stands before the hidden layers.</summary>
    public FeaturesExtractorKind FeaturesExtractor { get; init; }

    /// <summary>
    /// Acts, in training, with batch normalisation by the observations at hand, as networks do that are left in training mode; else by its
    /// running statistics.
    /// </summary>
    public bool ExploreInTrainingMode { get; init; }

    /// <summary>α, ≥ 0; may follow a schedule.</summary>
    public Schedule LearningRate { get; init; } = 1e-4;

    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>Keeps the largest second moment, in Adam and AdamW (Reddi et al. 2018).</summary>
    public bool Amsgrad { get; init; }

    /// <summary>λ ≥ 0; decoupled in AdamW, whose PyTorch default is 0.01, added to the gradient elsewhere. Null: the optimizer's default.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Added to the root of the second moment, in Adam, AdamW and RMSprop. Null: the optimizer's default, 1e-8.</summary>
    public double? OptimizerEps { get; init; }

    /// <summary>Transitions remembered. 1 is no memory: each update sees the newest transitions only. The paper has 1 000 000.</summary>
    public int BufferSize { get; init; } = 1_000_000;

    /// <summary>Environment steps taken at random before the first update.</summary>
    public long LearningStarts { get; init; } = 100;

    /// <summary>Transitions per update.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>γ in [0, 1].</summary>
    public double Gamma { get; init; } = 0.99;

    /// <summary>τ in (0, 1]: the target network moves this share of the way at each of its updates; 1 copies.</summary>
    public double Tau { get; init; } = 1;

    /// <summary>Environment steps between updates of the target network. The paper has 10 000.</summary>
    public int TargetUpdateInterval { get; init; } = 10_000;

    /// <summary>Episodes, over all environments, between updates of the target network, in place of steps; null counts steps.</summary>
    public int? TargetUpdateEpisodes { get; init; }

    /// <summary>False lets the online network give its own targets.</summary>
    public bool TargetNetwork { get; init; } = true;

    /// <summary>Steps of every environment between two rounds of updates. The paper has 4.</summary>
    public int TrainFreq { get; init; } = 4;

    /// <summary>Updates in a round; −1 for as many as environment steps since the last round.</summary>
    public int GradientSteps { get; init; } = 1;

    /// <summary>Selects the next action by the online network and values it by the target network. van Hasselt et al. 2016.</summary>
    public bool DoubleQ { get; init; }

    /// <summary>
    /// Splits the last hidden layer into two streams, for the value of a state and for the advantages of actions. Wang et al. 2016.
    /// </summary>
    public bool Dueling { get; init; }

    /// <summary>n of the n-step return that targets are made of. Sutton 1988.</summary>
    public int NSteps { get; init; } = 1;

    /// <summary>Draws transitions with a large error more often. Schaul et al. 2016, the proportional variant.</summary>
    public bool PrioritizedReplay { get; init; }

    /// <summary>α of the priorities (|δ| + ε)^α, in [0, 1]; 0 draws uniformly.</summary>
    public double PrioritizedReplayAlpha { get; init; } = 0.6;

    /// <summary>β₀ in [0, 1]: the share of the draw's bias that is corrected at first; it rises to 1 over all of training.</summary>
    public double PrioritizedReplayBeta0 { get; init; } = 0.4;

    /// <summary>ε of the priorities, &gt; 0.</summary>
    public double PrioritizedReplayEps { get; init; } = 1e-6;

    /// <summary>Explores by noise with learned deviations in the last two layers, instead of by random actions. Fortunato et al. 2018.</summary>
    public bool NoisyNet { get; init; }

    /// <summary>σ₀ ≥ 0: the deviations of a noisy layer start from σ₀ / √inputs.</summary>
    public double NoisySigma0 { get; init; } = 0.5;

    /// <summary>Largest Euclidean norm of all gradients; null for no limit.</summary>
    public double? MaxGradNorm { get; init; } = 10;

    /// <summary>Largest absolute value of each gradient; null for no limit.</summary>
    public double? ClipGradValue { get; init; }

    /// <summary>ε at the start, in [0, 1]. Noisy networks act without ε.</summary>
    public double ExplorationInitialEps { get; init; } = 1;

    /// <summary>ε at the end, in [0, 1].</summary>
    public double ExplorationFinalEps { get; init; } = 0.05;

    /// <summary>Share of all training steps, in (0, 1], over which ε falls linearly; unused where ExplorationDecay is given.</summary>
    public double ExplorationFraction { get; init; } = 0.1;

    /// <summary>Environment steps in which ε − ε_final falls by e: ε = ε_final + (ε_initial − ε_final) · e^(−t/decay). Null for the linear fall.</summary>
    public double? ExplorationDecay { get; init; }

    /// <summary>ε as these options say.</summary>
    internal Schedule Exploration => ExplorationDecay is double decay
        ? Schedule.Exponential(ExplorationInitialEps, ExplorationFinalEps, decay)
        : Schedule.LinearOver(ExplorationInitialEps, ExplorationFinalEps, ExplorationFraction);

    /// <summary>Refuses values outside of their ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the option, its range and the value.</exception>
    internal virtual void Validate()
    {
        foreach (int width in NetArch)
        {
            Require.AtLeast(1, width, nameof(NetArch));
        }

        Require.AtLeast(0, LearningRate.Start, nameof(LearningRate));
        Require.AtLeast(0, LearningRate.End, nameof(LearningRate));
        if (WeightDecay is double decay) Require.AtLeast(0, decay, nameof(WeightDecay));
        if (OptimizerEps is double epsilon) Require.AtLeast(0, epsilon, nameof(OptimizerEps));
        Require.AtLeast(1, BufferSize, nameof(BufferSize));
        Require.AtLeast(0, LearningStarts, nameof(LearningStarts));
        Require.AtLeast(1, BatchSize, nameof(BatchSize));
        Require.Within(0, 1, Gamma, nameof(Gamma));
        Require.Share(Tau, nameof(Tau));
        Require.AtLeast(1, TargetUpdateInterval, nameof(TargetUpdateInterval));
        if (TargetUpdateEpisodes is int episodes) Require.AtLeast(1, episodes, nameof(TargetUpdateEpisodes));
        Require.AtLeast(1, TrainFreq, nameof(TrainFreq));
        if (GradientSteps != -1) Require.AtLeast(1, GradientSteps, nameof(GradientSteps));
        Require.AtLeast(1, NSteps, nameof(NSteps));
        Require.Within(0, 1, PrioritizedReplayAlpha, nameof(PrioritizedReplayAlpha));
        Require.Within(0, 1, PrioritizedReplayBeta0, nameof(PrioritizedReplayBeta0));
        Require.Positive(PrioritizedReplayEps, nameof(PrioritizedReplayEps));
        Require.AtLeast(0, NoisySigma0, nameof(NoisySigma0));
        if (MaxGradNorm is double norm) Require.Positive(norm, nameof(MaxGradNorm));
        if (ClipGradValue is double clip) Require.Positive(clip, nameof(ClipGradValue));
        Require.Within(0, 1, ExplorationInitialEps, nameof(ExplorationInitialEps));
        Require.Within(0, 1, ExplorationFinalEps, nameof(ExplorationFinalEps));
        Require.Share(ExplorationFraction, nameof(ExplorationFraction));
        if (ExplorationDecay is double exponential) Require.Positive(exponential, nameof(ExplorationDecay));
    }
}
