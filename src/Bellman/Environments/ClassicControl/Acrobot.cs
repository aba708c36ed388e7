using Bellman.Environments.Rendering;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.ClassicControl;

/// <summary>
/// Two links hang from a joint; a motor at the elbow between them must swing the tip above a line one link's length over the joint.
/// Sutton 1996, with the equations of Sutton &amp; Barto's book.
/// </summary>
/// <remarks>
/// Observation: cosine and sine of both angles, then both angular velocities (rad/s) in ±4π and ±9π; the first angle is from hanging
/// down, the second relative to the first link. Action: 0, 1, 2 for a torque of −1, 0, 1 N m. Reward −1 for every step but the last.
/// </remarks>
public sealed class Acrobot : IEnvironment, IStateful, IRenderable, IOutcome
{
    private const double TimeStep = 0.2;          // s
    private const double Length = 1;              // m, of the first link
    private const double Centre = 0.5;            // m, from a link's joint to its centre of mass
    private const double Mass = 1;                // kg, of each link
    private const double Inertia = 1;             // kg m², of each link
    private const double Gravity = 9.8;           // m/s²
    private const double MaxSpin1 = 4 * Math.PI;  // rad/s
    private const double MaxSpin2 = 9 * Math.PI;  // rad/s

    private static readonly Discrete Actions = new(3);

    private static readonly Box Observations = new(
        [-1, -1, -1, -1, (float)-MaxSpin1, (float)-MaxSpin2], [1, 1, 1, 1, (float)MaxSpin1, (float)MaxSpin2]);

    private Pcg64 random = new(0);
    private Motion motion;
    private bool isRunning;
    private bool hasArrived;

    public Space ObservationSpace => Observations;

    public Space ActionSpace => Actions;

    public int Width => AcrobotRenderer.Width;

    public int Height => AcrobotRenderer.Height;

    public int FramesPerSecond => 15;

    public string? Outcome => hasArrived ? "arrived" : null;

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);

        // The start is rounded to single precision, and Gymnasium shows the single-precision sine of it.
        float angle1 = (float)random.Uniform(-0.1, 0.1);
        float angle2 = (float)random.Uniform(-0.1, 0.1);
        motion = new Motion(angle1, angle2, (float)random.Uniform(-0.1, 0.1), (float)random.Uniform(-0.1, 0.1));
        isRunning = true;
        hasArrived = false;
        observation[5] = (float)motion.Spin2;
        observation[4] = (float)motion.Spin1;
        observation[3] = NumpyMath.Sin(angle2);
        observation[2] = NumpyMath.Cos(angle2);
        observation[1] = NumpyMath.Sin(angle1);
        observation[0] = NumpyMath.Cos(angle1);
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(isRunning);
        double torque = Guard.Index(action, Actions) - 1;
        motion = RungeKutta(motion, torque);
        motion = new Motion(
            Wrap(motion.Angle1), Wrap(motion.Angle2),
            Math.Clamp(motion.Spin1, -MaxSpin1, MaxSpin1), Math.Clamp(motion.Spin2, -MaxSpin2, MaxSpin2));
        double cos1 = NumpyMath.Cos(motion.Angle1);
        hasArrived = -cos1 - NumpyMath.Cos(motion.Angle2 + motion.Angle1) > 1;
        isRunning = !hasArrived;
        observation[5] = (float)motion.Spin2;
        observation[4] = (float)motion.Spin1;
        observation[3] = (float)NumpyMath.Sin(motion.Angle2);
        observation[2] = (float)NumpyMath.Cos(motion.Angle2);
        observation[1] = (float)NumpyMath.Sin(motion.Angle1);
        observation[0] = (float)cos1;
        return new StepResult(hasArrived ? 0 : -1, hasArrived);
    }

    public void Render(Span<byte> pixels) => AcrobotRenderer.Draw(pixels, motion.Angle1, motion.Angle2);

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        (double angle1, double angle2, double spin1, double spin2) = motion;
        state.Value(nameof(angle1), ref angle1);
        state.Value(nameof(angle2), ref angle2);
        state.Value(nameof(spin1), ref spin1);
        state.Value(nameof(spin2), ref spin2);
        motion = new Motion(angle1, angle2, spin1, spin2);
        state.Value(nameof(isRunning), ref isRunning);
        state.Value(nameof(hasArrived), ref hasArrived);
    }

    /// <summary>One step of the classic fourth-order method.</summary>
    private static Motion RungeKutta(Motion y, double torque)
    {
        const double Half = TimeStep / 2;
        const double Sixth = TimeStep / 6;
        Motion k1 = Derivative(y, torque);
        Motion k2 = Derivative(y + (Half * k1), torque);
        Motion k3 = Derivative(y + (Half * k2), torque);
        Motion k4 = Derivative(y + (TimeStep * k3), torque);
        return y + (Sixth * (k1 + (2 * k2) + (2 * k3) + k4));
    }

    private static Motion Derivative(Motion y, double torque)
    {
        double sin2 = NumpyMath.Sin(y.Angle2);
        double cos2 = NumpyMath.Cos(y.Angle2);

        // Squares of variables are C's pow, as NumPy's of single numbers: in its last place it may differ from the product.
        double d1 = (Mass * (Centre * Centre)) + (Mass * ((Length * Length) + (Centre * Centre) + (2 * Length * Centre * cos2)))
            + Inertia + Inertia;
        double d2 = (Mass * ((Centre * Centre) + (Length * Centre * cos2))) + Inertia;
        double phi2 = Mass * Centre * Gravity * NumpyMath.Cos(y.Angle1 + y.Angle2 - (Math.PI / 2));
        double phi1 = (-Mass * Length * Centre * Math.Pow(y.Spin2, 2) * sin2)
            - (2 * Mass * Length * Centre * y.Spin2 * y.Spin1 * sin2)
            + (((Mass * Centre) + (Mass * Length)) * Gravity * NumpyMath.Cos(y.Angle1 - (Math.PI / 2)))
            + phi2;
        double spinRate2 = (torque + (d2 / d1 * phi1) - (Mass * Length * Centre * Math.Pow(y.Spin1, 2) * sin2) - phi2)
            / ((Mass * (Centre * Centre)) + Inertia - (Math.Pow(d2, 2) / d1));
        double spinRate1 = -((d2 * spinRate2) + phi1) / d1;
        return new Motion(y.Spin1, y.Spin2, spinRate1, spinRate2);
    }

    private static double Wrap(double angle)
    {
        while (angle > Math.PI) angle -= 2 * Math.PI;
        while (angle < -Math.PI) angle += 2 * Math.PI;
        return angle;
    }

    /// <summary>Angles and angular velocities, or the rates at which they change.</summary>
    private readonly record struct Motion(double Angle1, double Angle2, double Spin1, double Spin2)
    {
        public static Motion operator +(Motion a, Motion b) =>
            new(a.Angle1 + b.Angle1, a.Angle2 + b.Angle2, a.Spin1 + b.Spin1, a.Spin2 + b.Spin2);

        public static Motion operator *(double scale, Motion a) =>
            new(scale * a.Angle1, scale * a.Angle2, scale * a.Spin1, scale * a.Spin2);
    }
}
