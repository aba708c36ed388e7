using Bellman.Environments.Rendering;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.ClassicControl;

/// <summary>The mountain car with a force of any size, which costs energy.</summary>
/// <remarks>
/// Observation: position (m) in [−1.2, 0.6] and velocity (m per step) in ±0.07. Action: force in [−1, 1]; more is cut off but paid for.
/// Reward −0.1 · force² for every step and 100 at the goal, position 0.45. From the first step on the state is kept in single
/// precision, as Gymnasium keeps it.
/// </remarks>
public sealed class MountainCarContinuous : IEnvironment, IStateful, IRenderable, IOutcome
{
    private const double Goal = 0.45;
    private const double Power = 0.0015;

    private static readonly Box Actions = new([-1], [1]);

    private readonly double goalVelocity;
    private Pcg64 random = new(0);
    private double position;
    private double velocity;
    private bool isRunning;
    private bool hasArrived;

    /// <param name="goalVelocity">Smallest velocity at the goal that counts as arriving.</param>
    public MountainCarContinuous(double goalVelocity = 0) => this.goalVelocity = goalVelocity;

    public Space ObservationSpace => MountainCar.Observations;

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
        observation[1] = 0;
        observation[0] = (float)position;
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(isRunning);
        Guard.Finite(action, Actions);
        double wanted = action[0];
        double force = Math.Clamp(wanted, -1, 1);
        velocity += (force * Power) - (0.0025 * Math.Cos(3 * position));
        velocity = Math.Clamp(velocity, -MountainCar.MaxSpeed, MountainCar.MaxSpeed);
        position = Math.Clamp(position + velocity, MountainCar.MinPosition, MountainCar.MaxPosition);
        if (position == MountainCar.MinPosition && velocity < 0) velocity = 0;
        hasArrived = position >= Goal && velocity >= goalVelocity;
        isRunning = !hasArrived;

        observation[1] = (float)velocity;
        observation[0] = (float)position;
        velocity = observation[1];
        position = observation[0];
        return new StepResult((hasArrived ? 100.0 : 0) - (wanted * wanted * 0.1), hasArrived);
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
}
