#:project ../src/Bellman/Bellman.csproj

// The pipeline of "Human-level control through deep reinforcement learning" (Mnih et al. 2015) around a game of bytes: every fourth frame, grey,
// 84 × 84, four pictures at once, lives as episodes, rewards by their sign. Then whole games are played for points. Minutes to hours, by the steps.

using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Environments.Arcade;
using Bellman.Environments.Wrappers;
using Bellman.Neural.Random;
using Bellman.Telemetry;
using Bellman.Training;

string? shortRun = Environment.GetEnvironmentVariable("BELLMAN_SAMPLE_STEPS");
long steps = long.Parse(shortRun ?? "200000");

// Any game with bytes [height, width, 3] or [height, width] as observations fits here.
IEnvironment Make(bool forPoints) => NaturePipeline.Wrap(
    new TimeLimit(new Paddle(), limit: 10_000),
    new NatureOptions { WholeGames = forPoints, ClipReward = !forPoints });

using var environments = new VectorEnvironment(() => Make(forPoints: false));
DqnOptions options = new()
{
    NetArch = [512],
    LearningRate = 2e-4,
    BufferSize = 100_000,         // 7 kB each: a picture is stored once, though four observations and four successors show it
    LearningStarts = shortRun is null ? 5_000 : 100,
    TargetUpdateInterval = 1_000,
    TrainFreq = 4,
    ExplorationFinalEps = 0.01,
};
var agent = new Dqn(options, environments.ObservationSpace, environments.ActionSpace, 1, steps, new SeedSequence(1));
var evaluator = new Evaluator(() => Make(forPoints: true), copies: 5);
var trainer = new Trainer(agent, environments, new Metrics(), [new Progress(every: 10_000)]);
trainer.Run(steps, seed: 1);
Evaluation evaluation = evaluator.Run(agent, episodes: 5, seed: 100);
Console.WriteLine($"{evaluation.Returns.Count} games: {evaluation.MeanReturn:0.0} bricks on average; at random 4");

/// <summary>Prints how training goes.</summary>
internal sealed class Progress(long every) : ITrainingHook
{
    public void AfterStep(Trainer trainer)
    {
        if (trainer.Step % every != 0) return;
        Console.WriteLine($"step {trainer.Step,7}: {trainer.Episodes.MeanReturn:0.00} bricks a life");
    }
}
