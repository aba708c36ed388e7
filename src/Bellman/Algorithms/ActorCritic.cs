using Bellman.Environments;
using Bellman.Neural.Nn;
using Bellman.Neural.Nn.Distributions;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Algorithms;

/// <summary>How the networks of an <see cref="ActorCritic"/> are built.</summary>
/// <param name="NetArch">Widths of the hidden layers, of the policy and of the value function each.</param>
/// <param name="Activation">What follows each hidden layer.</param>
/// <param name="OrthoInit">Orthogonal weights of gain √2, 0.01 at the policy's head and 1 at the value's, and zero biases; else PyTorch's default.</param>
/// <param name="LogStdInit">ln σ of a Gaussian policy at first.</param>
/// <param name="UseSde">A Gaussian policy's noise is a function of the state (Raffin et al. 2021), by the policy's last hidden layer.</param>
public readonly record struct ActorCriticShape(
    IReadOnlyList<int> NetArch, ActivationKind Activation, bool OrthoInit, double LogStdInit, bool UseSde = false)
{
    /// <summary>Numbers that the convolutions' linear layer gives, as in Mnih et al. 2015.</summary>
    internal const int PictureFeatures = 512;
}

/// <summary>
/// A policy π and a value function V with networks of their own. Names and order of the parameters are those of Stable-Baselines3's
/// <c>ActorCriticPolicy</c>, so that its saved policies fit.
/// </summary>
public sealed class ActorCritic : Module
{
    internal const float HiddenGain = 1.41421356f;
    private const float PolicyGain = 0.01f;
    private const float ValueGain = 1;

    private readonly Space actionSpace;
    private readonly Tensor? logDeviation;
    private readonly bool usesStateNoise;
    private readonly Sequential? extractor;
    private readonly Hidden hidden;
    private readonly Linear actionHead;
    private readonly Linear valueHead;

    /// <param name="observationSpace">Space of an observation, seen as one row of numbers.</param>
    /// <param name="actionSpace">Space of an action.</param>
    /// <param name="shape">How the networks are built.</param>
    /// <param name="random">Draws the initial parameters.</param>
    public ActorCritic(Space observationSpace, Space actionSpace, ActorCriticShape shape, Pcg64 random)
    {
        ArgumentNullException.ThrowIfNull(observationSpace);
        ArgumentNullException.ThrowIfNull(actionSpace);
        this.actionSpace = actionSpace;
        extractor = PictureExtractor(observationSpace, random);
        int inputs = extractor is null ? observationSpace.FlatSize : ActorCriticShape.PictureFeatures;
        int outputs = PolicyDistribution.Outputs(actionSpace);
        int width = shape.NetArch.Count == 0 ? inputs : shape.NetArch[^1];
        if (actionSpace is Box)
        {
            usesStateNoise = shape.UseSde;
            Shape deviations = usesStateNoise ? new Shape(width, outputs) : new Shape(outputs);
            logDeviation = AddParameter("log_std", Tensor.Full(deviations, (float)shape.LogStdInit));
        }
        else if (shape.UseSde)
        {
            throw new OptionException($"UseSde needs a Box action space; got {actionSpace}.");
        }

        if (extractor is not null)
        {
            Add("features_extractor", extractor);
            if (shape.OrthoInit) Orthogonal(extractor, HiddenGain, random);
        }

        hidden = Add("mlp_extractor", new Hidden(inputs, shape, random));
        actionHead = Add("action_net", new Linear(width, outputs, random));
        valueHead = Add("value_net", new Linear(width, 1, random));
        if (!shape.OrthoInit) return;
        Orthogonal(actionHead, PolicyGain, random);
        Orthogonal(valueHead, ValueGain, random);
    }

    /// <summary>ln σ of a Gaussian policy, [coordinates], or [features, coordinates] where noise depends on the state; null for other spaces.</summary>
    public Tensor? LogDeviation => logDeviation;

    /// <summary>σ of a Gaussian policy, averaged over the coordinates; NaN for other spaces.</summary>
    public double MeanDeviation
    {
        get
        {
            if (logDeviation is null) return double.NaN;
            double sum = 0;
            foreach (float value in logDeviation.Values)
            {
                sum += Math.Exp(value);
            }

            return sum / logDeviation.Length;
        }
    }

    /// <summary>π(·|s)</summary>
    /// <param name="observations">[batch, features]</param>
    /// <param name="masks">[batch, outputs], zero where an action is forbidden; null where none is.</param>
    public PolicyDistribution Policy(Tensor observations, Tensor? masks = null) => PolicyOf(Features(observations), masks);

    private PolicyDistribution PolicyOf(Tensor seen, Tensor? masks)
    {
        Tensor features = hidden.Policy.Forward(seen);
        Tensor output = actionHead.Forward(features);
        return usesStateNoise
            ? PolicyDistribution.WithStateNoise(actionSpace, output, features.Detach(), StateDependentNoise.Deviation(logDeviation!))
            : new PolicyDistribution(actionSpace, output, logDeviation, masks);
    }

    /// <summary>Noise for the given number of environments; null where it does not depend on the state.</summary>
    internal StateDependentNoise? MakeNoise(int environments, Pcg64 random) =>
        usesStateNoise ? new StateDependentNoise(logDeviation!.Shape[0], logDeviation.Shape[1], environments, random) : null;

    /// <summary>V(s)</summary>
    /// <param name="observations">[batch, features]</param>
    /// <returns>[batch]</returns>
    public Tensor Value(Tensor observations) => ValueOf(Features(observations));

    /// <summary>π(·|s) and V(s)</summary>
    /// <param name="observations">[batch, features]</param>
    /// <param name="masks">[batch, outputs], zero where an action is forbidden; null where none is.</param>
    public (PolicyDistribution Policy, Tensor Value) Evaluate(Tensor observations, Tensor? masks = null)
    {
        Tensor seen = Features(observations);
        return (PolicyOf(seen, masks), ValueOf(seen));
    }

    /// <summary>The policy network's output, before it is made a distribution: [batch, outputs]</summary>
    public override Tensor Forward(Tensor input) => actionHead.Forward(hidden.Policy.Forward(Features(input)));

    /// <summary>The convolutions of Mnih et al. 2015 with their linear layer, for pictures; null for all else.</summary>
    internal static Sequential? PictureExtractor(Space observationSpace, Pcg64 random)
    {
        if (observationSpace is not Box { Shape.Rank: 3 }) return null;
        FeaturesExtractor convolutions = FeaturesExtractor.Create(FeaturesExtractorKind.Nature, observationSpace, random)!;
        return new Sequential(convolutions, new Linear(convolutions.Features, ActorCriticShape.PictureFeatures, random), new Relu());
    }

    /// <summary>Orthogonal weights and zero biases.</summary>
    internal static void Orthogonal(Module module, float gain, Pcg64 random)
    {
        foreach ((_, Tensor parameter) in module.NamedParameters())
        {
            if (parameter.Rank > 1) Initialise.Orthogonal(parameter, random, gain);
            else Initialise.Constant(parameter, 0);
        }
    }

    /// <summary>How the policy changes, to first order, when its parameters move by those of another network of the same structure.</summary>
    /// <param name="observations">[batch, features]</param>
    /// <param name="direction">Its parameters are the change.</param>
    /// <returns>Changes of the output [batch, outputs] and of ln σ, of that tensor's shape; null where there is none.</returns>
    internal (Tensor Output, Tensor? LogDeviation) PolicyTangent(Tensor observations, ActorCritic direction)
    {
        if (extractor is not null) throw new NotSupportedException("Changes are carried forward through linear layers only.");
        (Tensor features, Tensor? change) = Tangent.Through(hidden.Policy, direction.hidden.Policy, observations, change: null);
        Tensor output = Tangent.Through(actionHead, direction.actionHead, features, change);
        if (!usesStateNoise) return (output, direction.logDeviation);

        // ln σ(s) = ½·ln(z²·σ²): its change is z²·(σ²·d ln σ) / (z²·σ²).
        Tensor squares = StateDependentNoise.Deviation(logDeviation!).Square();
        Tensor z = features.Square();
        return (output, Tensor.MatMul(z, squares * direction.logDeviation!) / Tensor.MatMul(z, squares).Clamp(low: 1e-12f));
    }

    private Tensor Features(Tensor observations) => extractor is null ? observations : extractor.Forward(observations);

    private Tensor ValueOf(Tensor seen) => valueHead.Forward(hidden.Value.Forward(seen)).Reshape(-1);

    /// <summary>The hidden layers of both networks.</summary>
    private sealed class Hidden : Module
    {
        public Hidden(int inputs, ActorCriticShape shape, Pcg64 random)
        {
            Policy = Add("policy_net", Layers(inputs, shape, random));
            Value = Add("value_net", Layers(inputs, shape, random));
        }

        public Sequential Policy { get; }

        public Sequential Value { get; }

        public override Tensor Forward(Tensor input) => Policy.Forward(input);

        private static Sequential Layers(int inputs, ActorCriticShape shape, Pcg64 random)
        {
            var modules = new List<Module>();
            int width = inputs;
            foreach (int next in shape.NetArch)
            {
                var layer = new Linear(width, next, random);
                if (shape.OrthoInit) Orthogonal(layer, HiddenGain, random);
                modules.Add(layer);
                modules.Add(Activations.Create(shape.Activation));
                width = next;
            }

            return new Sequential(modules.ToArray());
        }
    }
}
