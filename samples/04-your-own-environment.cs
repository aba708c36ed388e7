#:project ../src/Bellman/Bellman.csproj

// A task of your own, checked, and an agent trained on it: a thermostat keeps a room at 21 °C while the weather changes.

using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Environments.Wrappers;
using Bellman.Neural.Random;
using Bellman.Telemetry;
using Bellman.Training;

long steps = long.Parse(Environment.GetEnvironmentVariable("BELLMAN_SAMPLE_STEPS") ?? "15000");
IEnvironment Make() => new TimeLimit(new Thermostat(), limit: 200);

EnvironmentCheck.Require(Make);
using var environments = new VectorEnvironment(Make);
DqnOptions options = new() { LearningRate = 1e-3, LearningStarts = 500, TrainFreq = 2, TargetUpdateInterval = 250, Gamma = 0.95 };
var agent = new Dqn(options, environments.ObservationSpace, environments.ActionSpace, 1, steps, new SeedSequence(1));
var evaluator = new Evaluator(Make);
Console.WriteLine($"before: mean return {evaluator.Run(agent, episodes: 20, seed: 100).MeanReturn:0.0}");
new Trainer(agent, environments, new Metrics()).Run(steps, seed: 1);
Console.WriteLine($"after:  mean return {evaluator.Run(agent, episodes: 20, seed: 100).MeanReturn:0.0}");

internal enum Heating { Off, Low, High }

/// <summary>Temperatures in °C.</summary>
internal readonly record struct Room(float Inside, float Outside);

internal sealed class Thermostat() : TypedEnvironment<Room, Heating>(
    new("inside", -20, 50, room => room.Inside), new("outside", -20, 30, room => room.Outside))
{
    protected override Room Start(Pcg64 random) => new((float)random.Uniform(10, 30), (float)random.Uniform(-10, 15));

    protected override Move<Room> Next(Room room, Heating heating, Pcg64 random)
    {
        float outside = Math.Clamp(room.Outside + (float)random.Normal(0, 0.3), -20, 30);
        float inside = room.Inside + (0.05f * (outside - room.Inside)) + (float)heating;
        return new Move<Room>(new Room(inside, outside), Reward: -Math.Abs(inside - 21) / 10);
    }
}
