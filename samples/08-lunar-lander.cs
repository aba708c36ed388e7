#:project ../src/Bellman/Bellman.csproj

// The library face of `bellman train ppo LunarLander-v3`: the tuned preset, a run directory, periodic evaluation that keeps the best policy; then the
// saved policy is loaded again, measured and filmed. A million steps take minutes.

using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Environments.Rendering;
using Bellman.Neural.Tensors;
using Bellman.Training;

const string Algorithm = "ppo";
const string Task = "LunarLander-v3";
string? shortRun = Environment.GetEnvironmentVariable("BELLMAN_SAMPLE_STEPS");

Preset preset = Preset.Find(Algorithm, Task, name: "tuned");
RunOptions options = RunOptions.From(AlgorithmRegistry.Find(Algorithm), Task, preset, changes: []) with { Seed = 1 };
if (shortRun is not null) options = options with { Steps = long.Parse(shortRun), EvaluationInterval = 0 };

RunDirectory directory = RunDirectory.Create(path: null, title: $"{Algorithm}-{Task}-1");
using (TrainingRun run = TrainingRun.Begin(options, directory, TimeProvider.System, threads: 1, new Progress(every: 50_000)))
{
    RunResult result = run.Execute();
    Console.WriteLine($"{result.Steps} steps in {result.TrainingTime.TotalSeconds:0} s; policy in {directory.Path}");
}

// Everything that a policy needs is in its directory: the options that it was made from, and its numbers.
IAgent agent = TrainingRun.LoadPolicy(RunOptions.Load(directory.Options), directory.BestKeptPolicy).Agent;
Evaluation evaluation = new Evaluator(() => Registry.Find(Task).Make()).Run(agent, episodes: 100, options.EvaluationSeed);
Console.WriteLine($"100 episodes: mean return {evaluation.MeanReturn:0.0} ± {evaluation.StandardDeviation:0.0}; 200 counts as solved");
Film(Path.Combine(directory.Path, "landing.gif"), seed: 7);

void Film(string path, ulong seed)
{
    IEnvironment environment = Registry.Find(Task).Make();
    using var video = new VideoRecorder(environment, path);
    Tensor observation = Tensor.Zeros(1, environment.ObservationSpace.FlatSize);
    Tensor action = Tensor.Zeros(1, 1);
    environment.Reset(observation.Values, seed);
    double episodeReturn = 0;
    StepResult step;
    do
    {
        video.Capture();
        agent.Act(observation, action);
        step = environment.Step(action.Values, observation.Values);
        episodeReturn += step.Reward;
    }
    while (!(step.Terminated || step.Truncated));

    video.Capture();
    Console.WriteLine($"{path}: one episode, return {episodeReturn:0.0}");
}

/// <summary>Prints how training goes.</summary>
internal sealed class Progress(long every) : ITrainingHook
{
    public void AfterStep(Trainer trainer)
    {
        if (trainer.Step % every >= trainer.Environments.Count) return;
        Console.WriteLine($"step {trainer.Step,8}: mean return of the last 100 episodes {trainer.Episodes.MeanReturn:0.0}");
    }
}
