namespace Bellman.Environments;

/// <summary>The pleasant face of one environment, for loops written by hand: arrays instead of spans, the return counted.</summary>
/// <example><code>
/// Gym environment = Gym.Make("CartPole-v1");
/// float[] observation = environment.Reset(seed: 42);
/// while (true)
/// {
///     Step step = environment.Step(environment.ActionSpace.Sample(random));
///     if (step.Terminated || step.Truncated) break;
/// }
/// </code></example>
public sealed class Gym
{
    private readonly float[] action;

    /// <param name="environment">Any environment, wrapped or not.</param>
    public Gym(IEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        Environment = environment;
        action = new float[environment.ActionSpace.FlatSize];
    }

    /// <summary>What stands behind this face.</summary>
    public IEnvironment Environment { get; }

    public Space ObservationSpace => Environment.ObservationSpace;

    public Space ActionSpace => Environment.ActionSpace;

    /// <summary>Makes an environment by its id, with its time limit.</summary>
    /// <param name="id">Such as <c>CartPole-v1</c>.</param>
    /// <param name="options">Gymnasium's keyword arguments, such as <c>("is_slippery", false)</c>.</param>
    /// <exception cref="ArgumentException">There is no such environment or option, or a value does not fit.</exception>
    public static Gym Make(string id, params IEnumerable<(string Name, object Value)> options) =>
        new(Registry.Find(id).Make(options.Select(option => KeyValuePair.Create(option.Name, option.Value))));

    /// <summary>Begins an episode and returns what is seen first, in an array of its own.</summary>
    public float[] Reset(ulong? seed = null)
    {
        var observation = new float[ObservationSpace.FlatSize];
        Environment.Reset(observation, seed);
        return observation;
    }

    /// <summary>Takes a discrete action.</summary>
    public Step Step(int action)
    {
        this.action[0] = action;
        return Step(this.action);
    }

    /// <summary>Takes an action of any space.</summary>
    public Step Step(ReadOnlySpan<float> action)
    {
        var observation = new float[ObservationSpace.FlatSize];
        StepResult result = Environment.Step(action, observation);
        return new Step(observation, result.Reward, result.Terminated, result.Truncated);
    }

    /// <summary>The picture of the present state, [height, width, 3].</summary>
    /// <exception cref="NotSupportedException">The environment cannot be drawn.</exception>
    public byte[] Render()
    {
        IRenderable renderable = Environment.Find<IRenderable>()
            ?? throw new NotSupportedException($"{Environment.Unwrapped().GetType().Name} cannot be drawn.");
        var pixels = new byte[renderable.Width * renderable.Height * 3];
        renderable.Render(pixels);
        return pixels;
    }
}

/// <summary>What a step brought, with the observation in an array of its own.</summary>
public readonly record struct Step(float[] Observation, double Reward, bool Terminated, bool Truncated);
