using Bellman.Environments.Rendering;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.ClassicControl;

/// <summary>An underpowered car must swing up a hill by first driving away from it. Moore 1990.</summary>
/// <remarks>
/// Observation: position (m) in [−1.2, 0.6] and velocity (m per step) in ±0.07. Action: 0 pushes left, 1 not at all, 2 right. Reward −1
/// for every step; the episode ends at position 0.5.
/// </remarks>
public sealed class MountainCar : IEnvironment, IStateful, IRenderable, IOutcome
{
    internal const double MinPosition = -1.2;
    internal const double MaxPosition = 0.6;
    internal const double MaxSpeed = 0.07;
    private const double Goal = 0.5;
    private const double Force = 0.001;
    private const double Gravity = 0.0025;

    internal static readonly Box Observations = new([(float)MinPosition, (float)-MaxSpeed], [(float)MaxPosition, (float)MaxSpeed]);
    private static readonly Discrete Actions = new(3);

    private readonly double goalVelocity;
    private Pcg64 random = new(0);
    private double position;
    private double velocity;
    private bool isRunning;
    private bool hasArrived;

    /// <param name="goalVelocity">Smallest velocity at the goal that counts as arriving.</param>
    public MountainCar(double goalVelocity = 0) => this.goalVelocity = goalVelocity;

    public Space ObservationSpace => Observations;

    public Space ActionSpace => Actions;

    public int Width => MountainCarRenderer.Width;

    public int Height => MountainCarRenderer.Height;

    public int FramesPerSecond => 30;

    public string? Outcome => hasArrived ? "arrived" : null;

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);
        position = random.Uniform(-0.6, -0.4);
        velocity = 0;
        isRunning = true;
        hasArrived = false;
        Observe(observation);
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(isRunning);
        int push = Guard.Index(action, Actions) - 1;
        velocity += (push * Force) + (Math.Cos(3 * position) * -Gravity);
        velocity = Math.Clamp(velocity, -MaxSpeed, MaxSpeed);
        position = Math.Clamp(position + velocity, MinPosition, MaxPosition);

        // The wall on the left takes all speed.
        if (position == MinPosition && velocity < 0) velocity = 0;
        hasArrived = position >= Goal && velocity >= goalVelocity;
        isRunning = !hasArrived;
        Observe(observation);
        return new StepResult(-1, hasArrived);
    }

    public void Render(Span<byte> pixels) => MountainCarRenderer.Draw(pixels, position, Goal);

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        state.Value(nameof(position), ref position);
        state.Value(nameof(velocity), ref velocity);
        state.Value(nameof(isRunning), ref isRunning);
        state.Value(nameof(hasArrived), ref hasArrived);
    }

    private void Observe(Span<float> observation)
    {
        observation[1] = (float)velocity;
        observation[0] = (float)position;
    }
}
