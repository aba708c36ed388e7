#:project ../src/Bellman/Bellman.csproj

// Deep Q-learning written by hand from Bellman's pieces, as the lectures do: a replay memory, a target network that follows softly,
// Huber loss, AdamW and clipped gradients. src/Bellman/Algorithms/Dqn.cs is the same with every option.

using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

const int BatchSize = 128;
const float Tau = 0.005f;
int totalSteps = int.Parse(Environment.GetEnvironmentVariable("BELLMAN_SAMPLE_STEPS") ?? "60000");

using var environments = new VectorEnvironment(() => Registry.Find("CartPole-v1").Make());
var random = new Pcg64(seed: 1);
var online = new Mlp(inputs: 4, hidden: [128, 128], outputs: 2, random);
var target = new Mlp(inputs: 4, hidden: [128, 128], outputs: 2, random);
target.CopyFrom(online);
Adam optimizer = new(online, learningRate: 1e-4, weightDecay: 0.01, decoupled: true, amsgrad: true)
{
    Clip = new GradientClip(Value: 100),
};
var memory = new ReplayBuffer(capacity: 10_000, environments.ObservationSpace, environments.ActionSpace, discount: 0.99);
var workspace = new Workspace();
var lengths = new Queue<int>();

environments.Reset(seed: 1);
memory.Begin(environments.Observations);
for (int step = 0, episode = 0; step < totalSteps; step++)
{
    Explore(epsilon: 0.05 + (0.85 * Math.Exp(-step / 1000.0)));
    environments.Step();
    memory.Add(environments);
    if (memory.Count >= BatchSize)
    {
        Learn(memory.Sample(BatchSize, random));
        target.Blend(online, Tau);
    }

    if (!environments.HasEnded(0)) continue;
    lengths.Enqueue(environments.EpisodeLengths[0]);
    if (lengths.Count > 100) lengths.Dequeue();
    if (++episode % 25 == 0) Console.WriteLine($"episode {episode,4}   steps {step,6}   mean of the last {lengths.Count}: {lengths.Average():0.0}");
}

void Explore(double epsilon)
{
    if (random.NextDouble() < epsilon)
    {
        environments.ActionSpace.Sample(random, environments.Actions.Values);
        return;
    }

    using Workspace.Scope scope = workspace.Begin();
    using Autograd.PauseScope pause = Autograd.Pause();
    online.Forward(environments.Observations).ArgMaxRows(environments.Actions.Values);
}

// One step on the Huber loss between Q(s, a) and y = r + γ · max Q⁻(s′, ·); the discounts are 0 where s′ is terminal.
void Learn(Batch batch)
{
    using Workspace.Scope scope = workspace.Begin();
    Tensor y;
    using (Autograd.Pause())
    {
        y = batch.Rewards + (batch.Discounts * target.Forward(batch.NextObservations).MaxRows());
    }

    Tensor value = online.Forward(batch.Observations).Pick(batch.Actions);
    optimizer.Minimize(Loss.SmoothL1(value, y));
}
