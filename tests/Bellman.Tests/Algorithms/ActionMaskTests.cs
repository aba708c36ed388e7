using Bellman.Algorithms;
using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;
using Bellman.Telemetry;
using Bellman.Training;

namespace Bellman.Tests.Algorithms;

/// <summary>Algorithms that take masks never act against them, in training or evaluation, and learn the best of what is allowed.</summary>
public sealed class ActionMaskTests
{
    public static TheoryData<string> Masked() => ["dqn", "c51", "qrdqn", "rainbow", "a2c", "ppo", "trpo", "recurrentppo"];

    [Theory]
    [MemberData(nameof(Masked))]
    public void A_forbidden_action_is_never_taken(string algorithm)
    {
        (string options, int copies, int steps) = QuickSettings.Of(algorithm);
        using var environments = new VectorEnvironment(() => new Fenced(), copies);
        AlgorithmEntry entry = AlgorithmRegistry.Find(algorithm);
        var task = new AgentTask(environments.ObservationSpace, environments.ActionSpace, copies, steps);
        IAgent agent = entry.Create(entry.Options(options.Split(' ').Select(OptionRecord.SplitAssignment)), task, new SeedSequence(1));
        using var metrics = new Metrics();
        new Trainer(agent, environments, metrics).Run(steps, seed: 2);
        Evaluation evaluation = new Evaluator(() => new Fenced(), copies: 4).Run(agent, episodes: 20, seed: 9);

        // Of the allowed actions the one with the higher number earns more: 2 on average.
        Assert.InRange(evaluation.MeanReturn, 1.5, 2.5);
    }

    [Fact]
    public void Masks_are_those_of_the_state_that_the_next_action_meets()
    {
        using var environments = new VectorEnvironment(() => new Fenced(), count: 3);
        environments.Reset(seed: 4);
        for (int step = 0; step < 20; step++)
        {
            for (int i = 0; i < 3; i++)
            {
                int closed = (int)environments.Observations.Values[i];
                for (int action = 0; action < 4; action++)
                {
                    Assert.Equal(action == closed ? 0 : 1, environments.ActionMasks![i, action]);
                }

                environments.Actions[i] = (closed + 1) % 4;
            }

            environments.Step();
        }
    }

    /// <summary>One step: an action earns its number; one of the two best, which is shown, is closed and throws.</summary>
    private sealed class Fenced : IEnvironment, IActionMask, IStateful
    {
        private Pcg64 random = new(0);
        private int closed;

        public Space ObservationSpace { get; } = new Box(0, 3, new Shape(1));

        public Space ActionSpace { get; } = new Discrete(4);

        public void Reset(Span<float> observation, ulong? seed = null)
        {
            if (seed is ulong value) random = new Pcg64(value);
            closed = 2 + random.Integers(2);
            observation[0] = closed;
        }

        public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
        {
            if ((int)action[0] == closed) throw new InvalidOperationException("A forbidden action was taken.");
            observation[0] = closed;
            return new StepResult(action[0], Terminated: true);
        }

        public void WriteActionMask(Span<float> mask)
        {
            mask.Fill(1);
            mask[closed] = 0;
        }

        public void Visit(IStateVisitor state)
        {
            state.Part(nameof(random), random);
            state.Value(nameof(closed), ref closed);
        }
    }
}
