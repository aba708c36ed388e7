using Bellman.Environments.Rendering;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.ClassicControl;

/// <summary>
/// A pole stands on a cart that is pushed left or right; the longer it stands, the higher the return. Barto, Sutton &amp; Anderson 1983,
/// with the equations of Florian 2007.
/// </summary>
/// <remarks>
/// Observation: position of the cart (m), its velocity (m/s), angle of the pole (rad), its angular velocity (rad/s). Action: 0 pushes to
/// the left, 1 to the right. The episode ends beyond ±2.4 m or ±12°. Reward 1 for every step, the last one included.
/// </remarks>
public sealed class CartPole : IEnvironment, IStateful, IRenderable, IOutcome
{
    private const double Gravity = 9.8;                        // m/s²
    private const double CartMass = 1;                         // kg
    private const double PoleMass = 0.1;                       // kg
    private const double TotalMass = PoleMass + CartMass;      // kg
    private const double HalfLength = 0.5;                     // m
    private const double PoleMoment = PoleMass * HalfLength;   // kg m
    private const double Push = 10;                            // N
    private const double TimeStep = 0.02;                      // s
    private const double MaxPosition = 2.4;                    // m
    private const double MaxAngle = 12 * 2 * Math.PI / 360;    // rad
    private const double StartRange = 0.05;

    private static readonly Discrete Actions = new(2);

    private static readonly Box Observations = new(
        [(float)(-2 * MaxPosition), float.NegativeInfinity, (float)(-2 * MaxAngle), float.NegativeInfinity],
        [(float)(2 * MaxPosition), float.PositiveInfinity, (float)(2 * MaxAngle), float.PositiveInfinity]);

    private readonly bool suttonBartoReward;
    private Pcg64 random = new(0);
    private double position;
    private double velocity;
    private double angle;
    private double spin;
    private bool isRunning;
    private bool hasFallen;

    /// <param name="suttonBartoReward">0 for every step and −1 at the fall, as in Sutton &amp; Barto 2018, example 3.4.</param>
    public CartPole(bool suttonBartoReward = false) => this.suttonBartoReward = suttonBartoReward;

    public Space ObservationSpace => Observations;

    public Space ActionSpace => Actions;

    public int Width => CartPoleRenderer.Width;

    public int Height => CartPoleRenderer.Height;

    public int FramesPerSecond => 50;

    /// <summary>Of the cart, in metres from the middle of the track.</summary>
    public double Position => position;

    /// <summary>Of the pole, in radians from upright, positive to the right.</summary>
    public double Angle => angle;

    public string? Outcome => !hasFallen ? null : Math.Abs(position) > MaxPosition ? "ran off" : "fell";

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);
        position = random.Uniform(-StartRange, StartRange);
        velocity = random.Uniform(-StartRange, StartRange);
        angle = random.Uniform(-StartRange, StartRange);
        spin = random.Uniform(-StartRange, StartRange);
        isRunning = true;
        hasFallen = false;
        Observe(observation);
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(isRunning);
        double force = Guard.Index(action, Actions) == 1 ? Push : -Push;
        (double sin, double cos) = (NumpyMath.Sin(angle), NumpyMath.Cos(angle));

        // Florian 2007, equations 23 and 24: the frictionless case.
        double thrust = (force + (PoleMoment * (spin * spin) * sin)) / TotalMass;
        double spinRate = ((Gravity * sin) - (cos * thrust)) / (HalfLength * ((4.0 / 3.0) - (PoleMass * (cos * cos) / TotalMass)));
        double acceleration = thrust - (PoleMoment * spinRate * cos / TotalMass);

        // Explicit Euler: positions move with the old velocities.
        position += TimeStep * velocity;
        velocity += TimeStep * acceleration;
        angle += TimeStep * spin;
        spin += TimeStep * spinRate;

        hasFallen = position is < -MaxPosition or > MaxPosition || angle is < -MaxAngle or > MaxAngle;
        isRunning = !hasFallen;
        Observe(observation);
        double reward = suttonBartoReward ? (hasFallen ? -1 : 0) : 1;
        return new StepResult(reward, hasFallen);
    }

    public void Render(Span<byte> pixels) => CartPoleRenderer.Draw(pixels, position, angle);

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        state.Value(nameof(position), ref position);
        state.Value(nameof(velocity), ref velocity);
        state.Value(nameof(angle), ref angle);
        state.Value(nameof(spin), ref spin);
        state.Value(nameof(isRunning), ref isRunning);
        state.Value(nameof(hasFallen), ref hasFallen);
    }

    private void Observe(Span<float> observation)
    {
        observation[3] = (float)spin;
        observation[2] = (float)angle;
        observation[1] = (float)velocity;
        observation[0] = (float)position;
    }
}
