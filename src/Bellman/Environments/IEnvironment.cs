using Bellman.Neural.State;

namespace Bellman.Environments;

/// <summary>
/// One copy of a task, in the manner of Gymnasium. The caller owns the memory: an observation is written into the caller's span of
/// <see cref="Space.FlatSize"/> numbers, and a step allocates nothing.
/// </summary>
/// <remarks>
/// A discrete action is its index in <c>action[0]</c>, a discrete observation likewise; pixels are 0 … 255. An environment that also
/// implements <see cref="IStateful"/> can be checkpointed, one that implements <see cref="IRenderable"/> can be seen.
/// </remarks>
public interface IEnvironment
{
    Space ObservationSpace { get; }

    Space ActionSpace { get; }

    /// <summary>Begins an episode. A seed restarts the environment's random stream; without one the stream runs on.</summary>
    void Reset(Span<float> observation, ulong? seed = null);

    /// <summary>Acts once and writes what is seen next. After an end the environment must be reset first.</summary>
    StepResult Step(ReadOnlySpan<float> action, Span<float> observation);
}

/// <summary>What a step brought.</summary>
/// <param name="Reward">In double precision, as Gymnasium computes it.</param>
/// <param name="Terminated">The task has ended: the value of what follows is zero.</param>
/// <param name="Truncated">The episode was cut off from outside, a time limit for example: what follows still has its value.</param>
public readonly record struct StepResult(double Reward, bool Terminated, bool Truncated = false);

/// <summary>An environment around another one, changing one thing about it.</summary>
public interface IWrapper : IEnvironment
{
    /// <summary>The environment inside.</summary>
    IEnvironment Inner { get; }

    /// <summary>Steps of the environment inside that one step takes.</summary>
    int InnerSteps => 1;
}

/// <summary>An environment that can be seen.</summary>
public interface IRenderable
{
    /// <summary>Pixels.</summary>
    int Width { get; }

    /// <summary>Pixels.</summary>
    int Height { get; }

    /// <summary>Frames per second at which a film of the environment looks natural.</summary>
    int FramesPerSecond { get; }

    /// <summary>Draws the present state: [height, width, 3], rows from the top, red, green, blue.</summary>
    void Render(Span<byte> pixels);
}

/// <summary>An environment that shows itself as text (Gymnasium's mode <c>ansi</c>).</summary>
public interface ITextRenderable
{
    string RenderText();
}

/// <summary>An environment that can say how its latest episode ended.</summary>
public interface IOutcome
{
    /// <summary>A word or two such as "landed" or "crashed"; null while the episode runs.</summary>
    string? Outcome { get; }
}

/// <summary>An environment in which some actions are forbidden at times.</summary>
public interface IActionMask
{
    /// <summary>Writes, for the state that the next action meets, one number for each action: 1 where it may be taken, 0 where it may not.</summary>
    /// <param name="mask">As many numbers as a Discrete space has actions, or as the choices of a MultiDiscrete space have together.</param>
    void WriteActionMask(Span<float> mask);
}

public static class EnvironmentExtensions
{
    /// <summary>The outermost layer of the environment that is a <typeparamref name="T"/>, or null.</summary>
    public static T? Find<T>(this IEnvironment environment) where T : class
    {
        for (IEnvironment? layer = environment; layer is not null; layer = (layer as IWrapper)?.Inner)
        {
            if (layer is T found) return found;
        }

        return null;
    }

    /// <summary>The innermost environment, without its wrappers.</summary>
    public static IEnvironment Unwrapped(this IEnvironment environment)
    {
        IEnvironment layer = environment;
        while (layer is IWrapper wrapper)
        {
            layer = wrapper.Inner;
        }

        return layer;
    }

    /// <summary>Visits the environment inside a wrapper, in the scope "inner".</summary>
    /// <exception cref="NotSupportedException">It keeps no list of its state.</exception>
    public static void VisitInner(this IStateVisitor state, IEnvironment inner)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (inner is not IStateful stateful)
        {
            throw new NotSupportedException(
                $"{inner.GetType().Name} cannot be saved: it does not implement {nameof(IStateful)}, whose Visit names its state.");
        }

        state.Part("inner", stateful);
    }
}
