#:project ../src/Bellman/Bellman.csproj

// CartPole from the screen, as PyTorch's lesson on deep Q-learning has it: the observation is what has changed between two pictures, the network
// has three convolutions with batch normalisation, the target network is copied every ten episodes. Written by hand from Bellman's pieces.
// Minutes; docs/from-pixels.md tells what to expect.

using Bellman.Environments;
using Bellman.Experience;
using Bellman.Neural.Nn;
using Bellman.Neural.Random;
using Bellman.Neural.Tensors;

const int BatchSize = 128;
const int TargetUpdate = 10;      // episodes
const double Gamma = 0.999;
int totalSteps = int.Parse(Environment.GetEnvironmentVariable("BELLMAN_SAMPLE_STEPS") ?? "10000");

using var environments = new VectorEnvironment(() => Registry.Find("VisualCartPole-v0").Make());      // [3, 40, 90]
Shape picture = environments.ObservationSpace.Shape;
var random = new Pcg64(seed: 1);
var online = new VisualCartPoleCnn(picture[1], picture[2], outputs: 2, random);
var target = new VisualCartPoleCnn(picture[1], picture[2], outputs: 2, random);
target.CopyFrom(online);
target.Train(on: false);          // its batch normalisation goes by running statistics
RmsProp optimizer = new(online) { Clip = new GradientClip(Value: 1) };
var memory = new ReplayBuffer(capacity: 10_000, environments.ObservationSpace, environments.ActionSpace, discount: Gamma);
var workspace = new Workspace();
var lengths = new Queue<int>();

environments.Reset(seed: 1);
memory.Begin(environments.Observations);
for (int step = 0, episode = 0; step < totalSteps; step++)
{
    Explore(epsilon: 0.05 + (0.85 * Math.Exp(-step / 200.0)));
    environments.Step();
    memory.Add(environments);
    if (memory.Count >= BatchSize) Learn(memory.Sample(BatchSize, random));
    if (!environments.HasEnded(0)) continue;

    if (++episode % TargetUpdate == 0) target.CopyFrom(online);
    lengths.Enqueue(environments.EpisodeLengths[0]);
    if (lengths.Count > 100) lengths.Dequeue();
    if (episode % 10 == 0) Console.WriteLine($"episode {episode,4}   steps {step,6}   mean duration of the last {lengths.Count}: {lengths.Average():0.0}");
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

// One step on the Huber loss between Q(s, a) and y = r + γ · max Q⁻(s′, ·).
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
