#:project ../src/Bellman/Bellman.csproj

// REINFORCE by hand: play an episode to its end, then make each action likelier by how much more came after it than was expected in
// that state. What is expected, the baseline, is learned too. src/Bellman/Algorithms/Reinforce.cs is the same with every option.

using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Nn.Distributions;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

const double Gamma = 0.99;
int totalSteps = int.Parse(Environment.GetEnvironmentVariable("BELLMAN_SAMPLE_STEPS") ?? "200000");

Gym environment = Gym.Make("CartPole-v1");
var random = new Pcg64(seed: 1);
var policy = new Mlp(inputs: 4, hidden: [64], outputs: 2, random);
var baseline = new Mlp(inputs: 4, hidden: [64], outputs: 1, random);
var policyOptimizer = new Adam(policy, learningRate: 1e-3);
var baselineOptimizer = new Adam(baseline, learningRate: 3e-3);

// The episode so far, and the returns of the last 100.
List<float> states = [];
List<float> actions = [];
List<float> rewards = [];
var returns = new Queue<double>();

float[] state = environment.Reset(seed: 1);
for (int step = 1, episode = 0; step <= totalSteps; step++)
{
    int action = Choose(state);
    Step next = environment.Step(action);
    states.AddRange(state);
    actions.Add(action);
    rewards.Add((float)next.Reward);
    state = next.Observation;
    if (!(next.Terminated || next.Truncated)) continue;

    returns.Enqueue(rewards.Sum());
    if (returns.Count > 100) returns.Dequeue();
    Learn(after: next.Terminated ? 0 : Expected(state));
    if (++episode % 50 == 0) Console.WriteLine($"episode {episode,4}   steps {step,6}   mean of the last {returns.Count}: {returns.Average():0.0}");
    states.Clear();
    actions.Clear();
    rewards.Clear();
    state = environment.Reset();
}

// a ~ π(·|s)
int Choose(float[] seen)
{
    using Autograd.PauseScope pause = Autograd.Pause();
    return (int)new Categorical(policy.Forward(Tensor.From(seen, 1, 4))).Sample(random)[0];
}

// V(s)
float Expected(float[] seen)
{
    using Autograd.PauseScope pause = Autograd.Pause();
    return baseline.Forward(Tensor.From(seen, 1, 4)).Item();
}

// One step on −ln π(a|s) · (G − V(s)) and one on (G − V(s))², with G = r + γ·G′, the reward to go. An episode that only the time limit ended
// would have gone on: V of its last state stands for what is missing.
void Learn(double after)
{
    int count = rewards.Count;
    float[] toGo = new float[count];
    Returns.RewardToGo(rewards.ToArray(), Gamma, after, toGo);
    Tensor g = Tensor.From(toGo, count);
    Tensor s = Tensor.From(states.ToArray(), count, 4);
    Tensor a = Tensor.From(actions.ToArray(), count);

    Tensor value = baseline.Forward(s).Reshape(-1);
    Tensor advantage = (g - value).Detach();
    baselineOptimizer.Minimize(Loss.Mse(value, g));
    policyOptimizer.Minimize(-(new Categorical(policy.Forward(s)).LogProbability(a) * advantage).Mean());
}
