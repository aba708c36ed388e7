using Bellman.Neural.Nn;
using Bellman.Neural.Nn.Distributions;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

namespace Bellman.Algorithms;

/// <summary>μ(s): one action in [−1, 1] for each observation. Names of parameters are those of Stable-Baselines3.</summary>
internal sealed class DeterministicActor : Module
{
    private readonly Sequential mu;

    public DeterministicActor(int observationSize, int actionSize, IReadOnlyList<int> hidden, Pcg64 random) =>
        mu = Add(nameof(mu), new Sequential([.. Layers.Of(observationSize, hidden, actionSize, random), new Tanh()]));

    /// <param name="input">[batch, observation]</param>
    /// <returns>[batch, action]</returns>
    public override Tensor Forward(Tensor input) => mu.Forward(input);
}

/// <summary>π(a | s): tanh of a normal number whose mean and deviation are functions of the observation. Names are those of Stable-Baselines3.</summary>
internal sealed class SquashedActor : Module
{
    // The range of ln σ in the authors' code, and of the mean under state-dependent noise in Stable-Baselines3's.
    private const float MinLogDeviation = -20;
    private const float MaxLogDeviation = 2;
    private const float MaxMean = 2;

    private readonly Sequential features;
    private readonly Sequential? wrappedMean;
    private readonly Linear mean;
    private readonly Linear? logDeviation;
    private readonly Tensor? noiseLogDeviation;

    /// <param name="observationSize">Numbers of an observation.</param>
    /// <param name="actionSize">Numbers of an action.</param>
    /// <param name="hidden">Widths of the hidden layers.</param>
    /// <param name="initialNoise">ln σ at first for state-dependent noise; null for noise that is independent of step and state.</param>
    /// <param name="random">Draws the initial parameters.</param>
    public SquashedActor(int observationSize, int actionSize, IReadOnlyList<int> hidden, double? initialNoise, Pcg64 random)
    {
        FeatureCount = hidden.Count == 0 ? observationSize : hidden[^1];
        if (initialNoise is double start)
        {
            noiseLogDeviation = AddParameter("log_std", Tensor.Full(new Shape(FeatureCount, actionSize), (float)start));
        }

        features = Add("latent_pi", new Sequential([.. Layers.Hidden(observationSize, hidden, random)]));
        mean = new Linear(FeatureCount, actionSize, random);
        if (initialNoise is null)
        {
            Add("mu", mean);
            logDeviation = Add("log_std", new Linear(FeatureCount, actionSize, random));
        }
        else
        {
            wrappedMean = Add("mu", new Sequential(mean));
        }
    }

    /// <summary>Numbers of the last hidden layer, which state-dependent noise is a function of.</summary>
    public int FeatureCount { get; }

    /// <summary>Mean of σ of state-dependent noise.</summary>
    public float MeanDeviation => StateDependentNoise.Deviation(noiseLogDeviation!).Mean().Item();

    /// <summary>The action that is best known, tanh of the mean.</summary>
    /// <param name="input">[batch, observation]</param>
    /// <returns>[batch, action]</returns>
    public override Tensor Forward(Tensor input) => Mean(features.Forward(input)).Tanh();

    /// <summary>Actions and ln π(a | s), as functions of the parameters.</summary>
    /// <param name="observations">[batch, observation]</param>
    /// <param name="noise">State-dependent noise, where the actor was made for it.</param>
    /// <param name="random">Draws other noise.</param>
    /// <returns>[batch, action] and [batch]</returns>
    public (Tensor Action, Tensor LogProbability) Sample(Tensor observations, StateDependentNoise? noise, Pcg64 random)
    {
        Tensor z = features.Forward(observations);
        Tensor center = Mean(z);
        if (noise is null)
        {
            Tensor spread = logDeviation!.Forward(z).Clamp(MinLogDeviation, MaxLogDeviation);
            return new SquashedGaussian(center, spread).SampleWithGradient(random);
        }

        Tensor deviation = StateDependentNoise.Deviation(noiseLogDeviation!);
        return new SquashedGaussian(StateDependentNoise.Distribution(center, z, deviation)).Squash(center + noise.Of(z, deviation));
    }

    private Tensor Mean(Tensor z) =>
        wrappedMean is null ? mean.Forward(z) : wrappedMean.Forward(z).Clamp(-MaxMean, MaxMean);
}

/// <summary>Qᵢ(s, a): one or more networks that judge the same actions. Names are those of Stable-Baselines3.</summary>
internal sealed class ContinuousCritic : Module
{
    private readonly Sequential[] networks;

    public ContinuousCritic(int observationSize, int actionSize, IReadOnlyList<int> hidden, int count, Pcg64 random)
    {
        networks = new Sequential[count];
        for (int i = 0; i < count; i++)
        {
            networks[i] = Add($"qf{i}", new Sequential([.. Layers.Of(observationSize + actionSize, hidden, outputs: 1, random)]));
        }
    }

    /// <summary>What <see cref="Forward"/> takes.</summary>
    /// <param name="observations">[batch, observation]</param>
    /// <param name="actions">[batch, action], in [−1, 1].</param>
    /// <returns>[batch, observation + action]</returns>
    public static Tensor Pairs(Tensor observations, Tensor actions) => Tensor.Concatenate(axis: 1, observations, actions);

    /// <summary>min Qᵢ(s, a)</summary>
    /// <param name="input">See <see cref="Pairs"/>.</param>
    /// <returns>[batch]</returns>
    public override Tensor Forward(Tensor input)
    {
        Tensor least = Value(0, input);
        for (int i = 1; i < networks.Length; i++)
        {
            least = Tensor.Minimum(least, Value(i, input));
        }

        return least;
    }

    /// <summary>Qᵢ(s, a)</summary>
    /// <returns>[batch]</returns>
    public Tensor Value(int index, Tensor input) => networks[index].Forward(input).Reshape(-1);

    /// <summary>Σ mean (Qᵢ(s, a) − y)²</summary>
    /// <param name="input">See <see cref="Pairs"/>.</param>
    /// <param name="y">[batch]</param>
    public Tensor Loss(Tensor input, Tensor y)
    {
        Tensor loss = Neural.Nn.Loss.Mse(Value(0, input), y);
        for (int i = 1; i < networks.Length; i++)
        {
            loss += Neural.Nn.Loss.Mse(Value(i, input), y);
        }

        return loss;
    }
}

/// <summary>α of soft actor-critic as a parameter of its own, by its logarithm.</summary>
internal sealed class EntropyCoefficient : Module
{
    private readonly Tensor logarithm;

    /// <param name="start">α at first, greater than 0.</param>
    public EntropyCoefficient(double start) =>
        logarithm = AddParameter("log_ent_coef", Tensor.Full(new Shape(1), (float)Math.Log(start)));

    /// <summary>α</summary>
    public float Value
    {
        get
        {
            using Autograd.PauseScope pause = Autograd.Pause();
            return logarithm.Exp().Item();
        }
    }

    /// <summary>−ln α · mean(input)</summary>
    /// <param name="input">ln π(a | s) plus the entropy aimed at, [batch].</param>
    public override Tensor Forward(Tensor input) => -(logarithm * input).Mean();
}

/// <summary>Linear layers with ReLU between them.</summary>
internal static class Layers
{
    /// <summary>Each hidden layer and its ReLU.</summary>
    public static IEnumerable<Module> Hidden(int inputs, IReadOnlyList<int> hidden, Pcg64 random)
    {
        int width = inputs;
        foreach (int next in hidden)
        {
            yield return new Linear(width, next, random);
            yield return new Relu();
            width = next;
        }
    }

    /// <summary>Hidden layers and one more.</summary>
    public static IEnumerable<Module> Of(int inputs, IReadOnlyList<int> hidden, int outputs, Pcg64 random) =>
        [.. Hidden(inputs, hidden, random), new Linear(hidden.Count == 0 ? inputs : hidden[^1], outputs, random)];
}
