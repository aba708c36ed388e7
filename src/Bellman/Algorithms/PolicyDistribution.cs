using Bellman.Environments;
using Bellman.Neural.Nn.Distributions;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Algorithms;

/// <summary>
/// π(·|s) over the actions of a space: one class for Discrete, several for MultiDiscrete, bits for MultiBinary, a diagonal Gaussian for Box.
/// </summary>
public readonly struct PolicyDistribution
{
    private readonly Space space;
    private readonly Tensor output;
    private readonly Categorical categorical;
    private readonly MultiCategorical choices;
    private readonly Bernoulli bits;
    private readonly DiagonalGaussian gaussian;
    private readonly Tensor? features;
    private readonly Tensor? deviation;

    /// <param name="space">Of one action.</param>
    /// <param name="output">What the policy network says, [batch, <see cref="Outputs"/>].</param>
    /// <param name="logDeviation">ln σ of a Gaussian, [coordinates] or [batch, coordinates]; null for other spaces.</param>
    /// <param name="masks">[batch, outputs], zero where a class must not be chosen; null where all may.</param>
    public PolicyDistribution(Space space, Tensor output, Tensor? logDeviation = null, Tensor? masks = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(output);
        this.space = space;
        this.output = output;
        switch (space)
        {
            case Discrete:
                categorical = new Categorical(output, masks);
                break;
            case MultiDiscrete multiple:
                choices = new MultiCategorical(output, multiple.CountArray, masks);
                break;
            case MultiBinary:
                bits = new Bernoulli(output);
                break;
            case Box:
                gaussian = new DiagonalGaussian(output, logDeviation!);
                break;
            default:
                throw Unknown(space);
        }
    }

    private PolicyDistribution(Space space, DiagonalGaussian gaussian, Tensor features, Tensor deviation)
    {
        this.space = space;
        output = gaussian.Mean;
        this.gaussian = gaussian;
        this.features = features;
        this.deviation = deviation;
    }

    /// <summary>A Gaussian whose noise is a function of the state: generalised state-dependent exploration.</summary>
    /// <param name="space">Of one action.</param>
    /// <param name="mean">[batch, coordinates]</param>
    /// <param name="features">z, [batch, features]</param>
    /// <param name="deviation">σ, [features, coordinates]</param>
    internal static PolicyDistribution WithStateNoise(Space space, Tensor mean, Tensor features, Tensor deviation) =>
        new(space, StateDependentNoise.Distribution(mean, features, deviation), features, deviation);

    /// <summary>What the policy network says: logits or, of a Gaussian, the mean. [batch, outputs]</summary>
    public Tensor Output => output;

    /// <summary>The Gaussian of a Box.</summary>
    public DiagonalGaussian Gaussian => gaussian;

    /// <summary>True for spaces that a policy gradient method can act in.</summary>
    public static bool Fits(Space space) => space is Discrete or MultiDiscrete or MultiBinary or Box { IsInteger: false };

    /// <summary>Numbers that the policy network gives for one action.</summary>
    public static int Outputs(Space space) => space switch
    {
        Discrete discrete => discrete.Count,
        MultiDiscrete multiple => multiple.CountArray.Sum(),
        MultiBinary binary => binary.Count,
        Box box => box.FlatSize,
        _ => throw Unknown(space),
    };

    /// <returns>Actions as the space has them, [batch, action] or [batch]; a Gaussian's are not clipped to the bounds.</returns>
    public Tensor Sample(Pcg64 random) => space switch
    {
        Discrete discrete => Shifted(categorical.Sample(random), discrete.Start),
        MultiDiscrete => choices.Sample(random),
        MultiBinary => bits.Sample(random),
        _ => gaussian.Sample(random),
    };

    /// <returns>The action that noise with a memory leads to, [batch, action].</returns>
    internal Tensor Sample(StateDependentNoise noise) => gaussian.Mean + noise.Of(features!, deviation!);

    /// <returns>The likeliest actions, [batch, action] or [batch].</returns>
    public Tensor Mode() => space switch
    {
        Discrete discrete => Shifted(categorical.Mode(), discrete.Start),
        MultiDiscrete => choices.Mode(),
        MultiBinary => bits.Mode(),
        _ => gaussian.Mode(),
    };

    /// <param name="actions">[batch, action]</param>
    /// <returns>ln π(a|s), [batch]</returns>
    public Tensor LogProbability(Tensor actions) => space switch
    {
        Discrete discrete => categorical.LogProbability(discrete.Start == 0 ? actions : actions - discrete.Start),
        MultiDiscrete => choices.LogProbability(actions),
        MultiBinary => bits.LogProbability(actions),
        _ => gaussian.LogProbability(actions),
    };

    /// <returns>H(π(·|s)), [batch]</returns>
    public Tensor Entropy() => space switch
    {
        Discrete => categorical.Entropy(),
        MultiDiscrete => choices.Entropy(),
        MultiBinary => bits.Entropy(),
        _ => gaussian.Entropy(),
    };

    /// <returns>The Kullback-Leibler divergence KL(this ‖ other), [batch]</returns>
    public Tensor Divergence(in PolicyDistribution other) => space switch
    {
        Discrete => categorical.Divergence(other.categorical),
        MultiDiscrete => choices.Divergence(other.choices),
        MultiBinary => bits.Divergence(other.bits),
        _ => gaussian.Divergence(other.gaussian),
    };

    /// <summary>The same distribution, whatever becomes of the network's parameters.</summary>
    internal PolicyDistribution Copied() =>
        space is Box ? new PolicyDistribution(space, gaussian.Mean, gaussian.LogDeviation * 1) : this;

    /// <summary>
    /// The Fisher information of the distribution in its <see cref="Output"/>, times a change of it: what the gradient of KL(this ‖ other) changes
    /// by when the other's output moves away from this one's.
    /// </summary>
    /// <param name="change">[batch, outputs]</param>
    /// <returns>[batch, outputs]</returns>
    internal Tensor FisherProduct(Tensor change) => space switch
    {
        Discrete => categorical.FisherProduct(change),
        MultiDiscrete => choices.FisherProduct(change),
        MultiBinary => bits.FisherProduct(change),
        _ => gaussian.FisherProduct(change),
    };

    private static Tensor Shifted(Tensor classes, int start) => start == 0 ? classes : classes + start;

    private static ArgumentException Unknown(Space space) =>
        new($"A policy acts in a Discrete, MultiDiscrete, MultiBinary or Box space; got {space}.", nameof(space));
}
