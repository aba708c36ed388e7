using Bellman.Environments.Rendering;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.ClassicControl;

/// <summary>Swing a pendulum up with a weak motor and hold it there.</summary>
/// <remarks>
/// Observation: cosine and sine of the angle from upright, and the angular velocity (rad/s) in ±8. Action: torque (N m), cut off at ±2.
/// Reward −(angle² + 0.1 · velocity² + 0.001 · torque²), the angle brought to ±π. No end but the time limit.
/// </remarks>
public sealed class Pendulum : IEnvironment, IStateful, IRenderable
{
    private const double MaxSpeed = 8;      // rad/s
    private const double MaxTorque = 2;     // N m
    private const double TimeStep = 0.05;   // s
    private const double Mass = 1;          // kg
    private const double Length = 1;        // m

    private static readonly Box Actions = new([(float)-MaxTorque], [(float)MaxTorque]);
    private static readonly Box Observations = new([-1, -1, (float)-MaxSpeed], [1, 1, (float)MaxSpeed]);

    private readonly double gravity;
    private Pcg64 random = new(0);
    private double angle;
    private double spin;
    private double torque;
    private bool hasActed;
    private bool isRunning;

    /// <param name="gravity">m/s²</param>
    public Pendulum(double gravity = 10) => this.gravity = gravity;

    public Space ObservationSpace => Observations;

    public Space ActionSpace => Actions;

    public int Width => PendulumRenderer.Width;

    public int Height => PendulumRenderer.Height;

    public int FramesPerSecond => 30;

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);
        angle = random.Uniform(-Math.PI, Math.PI);
        spin = random.Uniform(-1, 1);
        hasActed = false;
        isRunning = true;
        Observe(observation);
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(isRunning);
        Guard.Finite(action, Actions);
        torque = Math.Clamp(action[0], (float)-MaxTorque, (float)MaxTorque);
        hasActed = true;
        double fromUpright = Normalise(angle);
        double cost = (fromUpright * fromUpright) + (0.1 * (spin * spin)) + (0.001 * (torque * torque));
        double acceleration = (3 * gravity / (2 * Length) * NumpyMath.Sin(angle)) + (3.0 / (Mass * (Length * Length)) * torque);
        spin = Math.Clamp(spin + (acceleration * TimeStep), -MaxSpeed, MaxSpeed);
        angle += spin * TimeStep;
        Observe(observation);
        return new StepResult(-cost, Terminated: false);
    }

    public void Render(Span<byte> pixels) => PendulumRenderer.Draw(pixels, angle, hasActed ? torque : null);

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        state.Value(nameof(angle), ref angle);
        state.Value(nameof(spin), ref spin);
        state.Value(nameof(torque), ref torque);
        state.Value(nameof(hasActed), ref hasActed);
        state.Value(nameof(isRunning), ref isRunning);
    }

    /// <summary>The angle in [−π, π), with the remainder of Python, whose sign is the divisor's.</summary>
    private static double Normalise(double angle)
    {
        const double Turn = 2 * Math.PI;
        double remainder = (angle + Math.PI) % Turn;
        return (remainder < 0 ? remainder + Turn : remainder) - Math.PI;
    }

    private void Observe(Span<float> observation)
    {
        observation[2] = (float)spin;
        observation[1] = (float)NumpyMath.Sin(angle);
        observation[0] = (float)NumpyMath.Cos(angle);
    }
}
