#:project ../src/Bellman/Bellman.csproj

// Q-learning with a network and nothing else: every transition is used once, as it comes, and the network gives its own targets.
// It does not get far: compare 03-dqn.cs.

using Bellman.Environments;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

const float Gamma = 0.99f;
int totalSteps = int.Parse(Environment.GetEnvironmentVariable("BELLMAN_SAMPLE_STEPS") ?? "20000");

Gym environment = Gym.Make("CartPole-v1");
var random = new Pcg64(seed: 0);
var network = new Mlp(inputs: 4, hidden: [128, 128], outputs: 2, random);
var optimizer = new Adam(network, learningRate: 1e-4);

float[] observation = environment.Reset(seed: 0);
double episodeReturn = 0;
int episode = 0;
Console.WriteLine("episode   return   loss");
for (int step = 0; step < totalSteps; step++)
{
    double epsilon = 0.05 + (0.85 * Math.Exp(-step / 1000.0));
    int action = random.NextDouble() < epsilon ? random.Integers(2) : Greedy(observation);
    Step next = environment.Step(action);
    float loss = Learn(observation, action, next);

    observation = next.Observation;
    episodeReturn += next.Reward;
    if (!(next.Terminated || next.Truncated)) continue;
    if (++episode % 50 == 0) Console.WriteLine($"{episode,7} {episodeReturn,8} {loss,8:0.000}");
    episodeReturn = 0;
    observation = environment.Reset();
}

int Greedy(float[] state)
{
    using Autograd.PauseScope pause = Autograd.Pause();
    return (int)network.Forward(Tensor.From(state, 1, 4)).ArgMaxRows()[0];
}

// y = r + γ · max Q(s′, ·), or r alone where s′ is terminal; then one step on (Q(s, a) − y)².
float Learn(float[] state, int action, Step next)
{
    float y = (float)next.Reward;
    if (!next.Terminated)
    {
        using Autograd.PauseScope pause = Autograd.Pause();
        y += Gamma * network.Forward(Tensor.From(next.Observation, 1, 4)).MaxRows()[0];
    }

    Tensor value = network.Forward(Tensor.From(state, 1, 4)).Pick(Tensor.From([action], 1));
    return optimizer.Minimize(Loss.Mse(value, Tensor.From([y], 1)));
}
