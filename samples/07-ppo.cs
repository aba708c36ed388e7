#:project ../src/Bellman/Bellman.csproj

// Proximal policy optimization by hand: as 06-a2c.cs, but every step is used ten times. That is safe because an action that has become
// 20 % likelier, or less likely, than it was when it was taken has nothing more to gain. src/Bellman/Algorithms/Ppo.cs is the same with every option.

using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Nn.Distributions;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

const int Copies = 8;
const int Steps = 128;
const int BatchSize = 256;
const int Epochs = 10;
const float Epsilon = 0.2f;
const double Gamma = 0.98;
const double Lambda = 0.95;
int totalSteps = int.Parse(Environment.GetEnvironmentVariable("BELLMAN_SAMPLE_STEPS") ?? "100000");

using var environments = new VectorEnvironment(() => Registry.Find("CartPole-v1").Make(), Copies);
var random = new Pcg64(seed: 1);
var network = new PolicyAndValue(random);
Adam optimizer = new(network, learningRate: 1e-3, epsilon: 1e-5) { Clip = new GradientClip(Norm: 0.5f) };
var rollout = new RolloutBuffer(Steps, Copies, environments.ObservationSpace, environments.ActionSpace);
var workspace = new Workspace();
int[] order = new int[rollout.Length];
float[] lastValues = new float[Copies];
var returns = new Queue<double>();

environments.Reset(seed: 1);
for (int step = 0, update = 0; step < totalSteps; step += rollout.Length)
{
    rollout.Clear();
    while (!rollout.IsFull)
    {
        Choose();
        environments.Step();
        Note();
    }

    // Generalized advantage estimation: Â = δ + γλ·Â′ with δ = r + γ·V(s′) − V(s).
    Value(environments.Observations, lastValues);
    rollout.Finish(lastValues, Gamma, Lambda);
    optimizer.LearningRate = 1e-3 * (1 - ((double)step / totalSteps));
    for (int epoch = 0; epoch < Epochs; epoch++)
    {
        random.Permutation(order);
        for (int first = 0; first < order.Length; first += BatchSize)
        {
            Learn(rollout.Batch(order.AsSpan(first, BatchSize)));
        }
    }

    if (++update % 10 == 0) Console.WriteLine($"steps {step + rollout.Length,6}   mean of the last {returns.Count} episodes: {returns.Average():0.0}");
}

// a ~ π(·|s) in every environment; V(s) and ln π(a|s) are kept with it.
void Choose()
{
    using Workspace.Scope scope = workspace.Begin();
    using Autograd.PauseScope pause = Autograd.Pause();
    Tensor state = environments.Observations;
    var policy = new Categorical(network.Forward(state));
    policy.Sample(random, environments.Actions.Values);
    Tensor logProbability = policy.LogProbability(environments.Actions.Reshape(-1));
    rollout.AddDecision(state, environments.Actions.Values, network.Value(state).Values, logProbability.Values);
}

// What came of it. Where a time limit cut an episode off, the buffer adds γ·V(s′) to the last reward.
void Note()
{
    if (environments.Truncated.Contains(true)) Value(environments.NextObservations, lastValues);
    rollout.AddOutcome(environments, Gamma, lastValues);
    for (int i = 0; i < Copies; i++)
    {
        if (!environments.HasEnded(i)) continue;
        returns.Enqueue(environments.EpisodeReturns[i]);
        if (returns.Count > 100) returns.Dequeue();
    }
}

void Value(Tensor state, Span<float> destination)
{
    using Workspace.Scope scope = workspace.Begin();
    using Autograd.PauseScope pause = Autograd.Pause();
    network.Value(state).Values.CopyTo(destination);
}

// One step on −min(r·Â, clip(r, 1 − ε, 1 + ε)·Â) + ½·(V(s) − R)², with r = π(a|s) / π_old(a|s).
void Learn(RolloutBatch batch)
{
    using Workspace.Scope scope = workspace.Begin();
    batch.NormalizeAdvantages();
    var policy = new Categorical(network.Forward(batch.Observations));
    Tensor ratio = (policy.LogProbability(batch.Actions.Reshape(-1)) - batch.LogProbabilities).Exp();
    Tensor clipped = ratio.Clamp(1 - Epsilon, 1 + Epsilon);
    Tensor gain = Tensor.Minimum(ratio * batch.Advantages, clipped * batch.Advantages).Mean();
    Tensor valueLoss = Loss.Mse(network.Value(batch.Observations), batch.Returns);
    optimizer.Minimize((0.5f * valueLoss) - gain);
}

/// <summary>Two networks under one optimizer.</summary>
internal sealed class PolicyAndValue : Module
{
    private readonly Mlp policy;
    private readonly Mlp value;

    public PolicyAndValue(Pcg64 random)
    {
        policy = Add(nameof(policy), new Mlp(4, [64, 64], 2, random, () => new Tanh(), outputGain: 0.01f));
        value = Add(nameof(value), new Mlp(4, [64, 64], 1, random, () => new Tanh(), outputGain: 1));
    }

    /// <summary>The logits of π(·|s), [batch, 2]</summary>
    public override Tensor Forward(Tensor input) => policy.Forward(input);

    /// <summary>V(s), [batch]</summary>
    public Tensor Value(Tensor state) => value.Forward(state).Reshape(-1);
}
