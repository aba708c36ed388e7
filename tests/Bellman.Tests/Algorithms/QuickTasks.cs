using Bellman.Environments;
using Bellman.Neural.Random;
using Bellman.Neural.State;
using Bellman.Neural.Tensors;

namespace Bellman.Tests.Algorithms;

/// <summary>Small tasks, each of which an algorithm that works learns in seconds, with the return of the best policy.</summary>
internal static class QuickTasks
{
    /// <summary>Name, and how it is made for discrete or continuous actions.</summary>
    public static IReadOnlyDictionary<string, Func<bool, IEnvironment>> All { get; } = new Dictionary<string, Func<bool, IEnvironment>>
    {
        ["identity"] = continuous => new QuickTask(continuous, steps: 1, delay: false, isShown: true),
        ["bandit"] = continuous => new QuickTask(continuous, steps: 1, delay: false, isShown: false),
        ["sequence"] = continuous => new QuickTask(continuous, steps: 4, delay: false, isShown: true),
        ["delay"] = continuous => new QuickTask(continuous, steps: 2, delay: true, isShown: true),
    };
}

/// <summary>
/// A number of three is asked for at each step; the reward is 0 for the right answer and less the farther off it is. Continuous answers are −0.8, 0 and
/// 0.8 for the three numbers.
/// </summary>
/// <param name="continuous">A box of actions; else three of them.</param>
/// <param name="steps">Of an episode.</param>
/// <param name="delay">The rewards of all steps come together at the end, and each later number is the one after the answer's.</param>
/// <param name="isShown">The observation tells the number; else it is always the last of the three.</param>
internal sealed class QuickTask(bool continuous, int steps, bool delay, bool isShown) : IEnvironment, IStateful
{
    private const int Numbers = 3;

    private Pcg64 random = new(0);
    private int asked;
    private int step;
    private double owed;

    public Space ObservationSpace { get; } = new Box(0, 1, new Shape(Numbers + 1));

    public Space ActionSpace { get; } = continuous ? new Box(-1, 1, new Shape(1)) : new Discrete(Numbers);

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);
        step = 0;
        owed = 0;
        Ask(observation);
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        double error = continuous ? Math.Abs(action[0] - (0.8 * (asked - 1))) : Math.Abs(action[0] - asked) / 2;
        step++;
        owed -= error;
        Ask(observation);
        bool isOver = step == steps;
        double reward = delay && !isOver ? 0 : owed;
        if (!delay || isOver) owed = 0;
        return new StepResult(reward, Terminated: isOver);
    }

    public void Visit(IStateVisitor state)
    {
        state.Part(nameof(random), random);
        state.Value(nameof(asked), ref asked);
        state.Value(nameof(step), ref step);
        state.Value(nameof(owed), ref owed);
    }

    private void Ask(Span<float> observation)
    {
        asked = isShown ? random.Integers(Numbers) : Numbers - 1;
        observation.Clear();
        if (isShown) observation[asked] = 1;
        observation[Numbers] = (float)step / steps;
    }
}
