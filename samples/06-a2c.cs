#:project ../src/Bellman/Bellman.csproj

// Advantage actor-critic by hand: eight environments take five steps each, and one update learns from the forty. It need not wait for
// the ends of episodes, as 05-reinforce.cs must: V tells what would have come. src/Bellman/Algorithms/A2c.cs is the same with every option.

using Bellman.Environments;
using Bellman.Neural.Nn;
using Bellman.Neural.Nn.Distributions;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

const int Copies = 8;
const int Steps = 5;
const float Gamma = 0.99f;
int totalSteps = int.Parse(Environment.GetEnvironmentVariable("BELLMAN_SAMPLE_STEPS") ?? "300000");

using var environments = new VectorEnvironment(() => Registry.Find("CartPole-v1").Make(), Copies);
var random = new Pcg64(seed: 1);
var network = new PolicyAndValue(random);

// Both networks share one limit on the gradient: as long as V is far off, the policy moves little.
RmsProp optimizer = new(network, learningRate: 7e-4, epsilon: 1e-5) { Clip = new GradientClip(Norm: 0.5f) };
var workspace = new Workspace();

// What the latest steps were: the rows of all environments at one step, then those of the next.
Tensor states = Tensor.Zeros(Steps * Copies, 4);
Tensor actions = Tensor.Zeros(Steps * Copies);
Tensor targets = Tensor.Zeros(Steps * Copies);
float[] rewards = new float[Steps * Copies];
bool[] ends = new bool[Steps * Copies];
var returns = new Queue<double>();

environments.Reset(seed: 1);
for (int step = 0, nextReport = 20_000; step < totalSteps; step += Steps * Copies)
{
    for (int t = 0; t < Steps; t++)
    {
        environments.Observations.Values.CopyTo(states.Values[(t * Copies * 4)..]);
        Choose();
        environments.Actions.Values.CopyTo(actions.Values[(t * Copies)..]);
        environments.Step();
        Note(t);
    }

    Learn();
    if (step < nextReport || returns.Count == 0) continue;
    Console.WriteLine($"steps {step,6}   mean of the last {returns.Count} episodes: {returns.Average():0.0}");
    nextReport += 20_000;
}

// a ~ π(·|s) in every environment.
void Choose()
{
    using Workspace.Scope scope = workspace.Begin();
    using Autograd.PauseScope pause = Autograd.Pause();
    new Categorical(network.Forward(environments.Observations)).Sample(random, environments.Actions.Values);
}

// Where a time limit cut an episode off, γ·V(s′) stands for the rewards that are missing.
void Note(int t)
{
    using Workspace.Scope scope = workspace.Begin();
    using Autograd.PauseScope pause = Autograd.Pause();
    for (int i = 0; i < Copies; i++)
    {
        int row = (t * Copies) + i;
        rewards[row] = environments.Rewards[i];
        ends[row] = environments.HasEnded(i);
        if (!ends[row]) continue;
        if (!environments.Terminated[i]) rewards[row] += Gamma * network.Value(environments.NextObservations)[i];
        returns.Enqueue(environments.EpisodeReturns[i]);
        if (returns.Count > 100) returns.Dequeue();
    }
}

// One step on −ln π(a|s) · (R − V(s)) + ½·(R − V(s))². R is what the n ≤ 5 steps to the end of the batch brought, and the value of where
// they led: R = r + γ·R′, backwards from R = V(s), and from 0 where an episode ended.
void Learn()
{
    using Workspace.Scope scope = workspace.Begin();
    using (Autograd.Pause())
    {
        ReadOnlySpan<float> last = network.Value(environments.Observations).Values;
        for (int row = rewards.Length - 1; row >= 0; row--)
        {
            float next = row + Copies < rewards.Length ? targets[row + Copies] : last[row % Copies];
            targets[row] = rewards[row] + (ends[row] ? 0 : Gamma * next);
        }
    }

    Tensor value = network.Value(states);
    Tensor advantage = (targets - value).Detach();
    Tensor gain = (new Categorical(network.Forward(states)).LogProbability(actions) * advantage).Mean();
    optimizer.Minimize((0.5f * Loss.Mse(value, targets)) - gain);
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
