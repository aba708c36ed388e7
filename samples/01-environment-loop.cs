#:project ../src/Bellman/Bellman.csproj

// The loop of agent and environment: look, act, get a reward, until the episode ends. This agent acts at random.

using Bellman.Environments;
using Bellman.Neural.Random;

Gym environment = Gym.Make("CartPole-v1");
var random = new Pcg64(seed: 0);

Console.WriteLine($"observations: {environment.ObservationSpace}");
Console.WriteLine($"actions:      {environment.ActionSpace}");
for (int episode = 1; episode <= 5; episode++)
{
    float[] observation = environment.Reset(seed: episode == 1 ? 42UL : null);
    double episodeReturn = 0;
    int steps = 0;
    Step step;
    do
    {
        step = environment.Step(environment.ActionSpace.Sample(random));
        observation = step.Observation;
        episodeReturn += step.Reward;
        steps++;
    }
    while (!(step.Terminated || step.Truncated));

    string end = step.Terminated ? "terminated" : "truncated";
    Console.WriteLine($"episode {episode}: {steps} steps, return {episodeReturn}, {end} at angle {observation[2]:0.000} rad");
}
