using Bellman.Environments.Box2D.Physics;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.Box2D;

/// <summary>The variants of <see cref="BipedalWalker"/>, with Gymnasium's names and defaults.</summary>
public sealed record BipedalWalkerOptions
{
    /// <summary>Stumps, stairs and pits in the way.</summary>
    public bool Hardcore { get; init; }
}

/// <summary>How an episode of <see cref="BipedalWalker"/> stands.</summary>
public enum WalkerOutcome
{
    Walking,

    /// <summary>The hull touched the ground.</summary>
    Fell,

    /// <summary>Left the terrain backwards.</summary>
    WentBack,

    ReachedTheEnd,
}

/// <summary>
/// Gymnasium's BipedalWalker-v3: walk to the end of uneven ground on two legs with four motors. By Oleg Klimov; the numbers are
/// Gymnasium's own, bit for bit, for the same seed and actions.
/// </summary>
/// <remarks>
/// As in Gymnasium one world lasts over all episodes, and the numbers of its records decide the order in which contacts are
/// solved: an episode depends, in its last bits, on the episodes before it. Only the first is a function of the seed alone.
/// </remarks>
public sealed partial class BipedalWalker : IEnvironment, IStateful, IOutcome
{
    /// <summary>Pixels per metre.</summary>
    internal const double Scale = 30;

    private const double FramesPerSecondOfTask = 50;
    private const double MotorTorque = 80;   // N·m
    private const double HipSpeed = 4;       // rad/s
    private const double KneeSpeed = 6;
    private const double LidarRange = 160 / Scale;
    private const int LidarRays = 10;
    private const double InitialPush = 5;    // N
    private const double LegDown = -8 / Scale;
    private const double LegWidth = 8 / Scale;
    private const double LegHeight = 34 / Scale;
    private const double Width = 600 / Scale;
    private const double Height = 400 / Scale;

    // Category 1 is the ground; what belongs to the walker collides with nothing else.
    private const int GroundCategory = 1;
    private static readonly CollisionFilter WalkerFilter = new(Category: 0x20, Mask: GroundCategory);

    private static readonly Space Observations = new Box(
        [-Pi, -5, -5, -5, -Pi, -5, -Pi, -5, 0, -Pi, -5, -Pi, -5, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
        [Pi, 5, 5, 5, Pi, 5, Pi, 5, 5, Pi, 5, Pi, 5, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);

    private static readonly Space Actions = new Box(-1, 1, new(4));

    private static readonly Shape HullShape = Shape.Polygon(
        [Metres(-30, 9), Metres(6, 9), Metres(34, 1), Metres(34, -8), Metres(-30, -8)]);

    private static readonly Shape UpperShape = Shape.Rectangle((float)(LegWidth / 2), (float)(LegHeight / 2));
    private static readonly Shape LowerShape = Shape.Rectangle((float)(0.8 * LegWidth / 2), (float)(LegHeight / 2));
    private static readonly (double X, double Y)[] RayDirections = LidarDirections();

    private readonly BipedalWalkerOptions options;
    private readonly World world = new(new Vector(0, -10), fixtureCapacity: 256, bodyCapacity: 256);
    private readonly ContactDetector detector;
    private readonly BipedalTerrain terrain = new();
    private readonly float[] lidar = new float[LidarRays];
    private Pcg64 random = new(seed: 0);
    private Parts parts;
    private WalkerOutcome ending;
    private bool isReady;
    private bool hullTouched;
    private bool firstFootTouches;
    private bool secondFootTouches;
    private bool hasShaping;
    private double shaping;

    public BipedalWalker(BipedalWalkerOptions? options = null)
    {
        this.options = options ?? new BipedalWalkerOptions();
        detector = new ContactDetector(this);
    }

    public Space ObservationSpace => Observations;

    public Space ActionSpace => Actions;

    /// <summary>How the episode stands, or how the latest one ended.</summary>
    public WalkerOutcome Ending => ending;

    /// <inheritdoc/>
    public string? Outcome => ending switch
    {
        WalkerOutcome.Fell => "fell",
        WalkerOutcome.WentBack => "went back",
        WalkerOutcome.ReachedTheEnd => "reached the end",
        _ => null,
    };

    private const float Pi = (float)Math.PI;

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);
        DestroyAll();
        world.ContactListener = detector;
        hullTouched = false;
        firstFootTouches = false;
        secondFootTouches = false;
        hasShaping = false;
        frames = 0;

        terrain.Generate(world, random, options.Hardcore);
        terrain.DrawClouds(random);
        BuildWalker();
        isReady = true;
        Advance([0, 0, 0, 0], observation);
        ending = WalkerOutcome.Walking;
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(isReady && ending == WalkerOutcome.Walking);
        Guard.Finite(action, Actions);
        return Advance(action, observation);
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        state.Part(nameof(world), world);
        state.Part(nameof(terrain), terrain);
        state.Value(nameof(parts), ref parts);
        state.Values(nameof(lidar), lidar.AsSpan());
        state.Value(nameof(ending), ref ending);
        state.Value(nameof(isReady), ref isReady);
        state.Value(nameof(hullTouched), ref hullTouched);
        state.Value(nameof(firstFootTouches), ref firstFootTouches);
        state.Value(nameof(secondFootTouches), ref secondFootTouches);
        state.Value(nameof(hasShaping), ref hasShaping);
        state.Value(nameof(shaping), ref shaping);
        state.Value(nameof(frames), ref frames);
        world.ContactListener = isReady ? detector : null;
    }

    private static Vector Metres(double x, double y) => new((float)(x / Scale), (float)(y / Scale));

    private static (double X, double Y)[] LidarDirections()
    {
        var directions = new (double X, double Y)[LidarRays];
        for (int i = 0; i < LidarRays; i++)
        {
            directions[i] = (Math.Sin(1.5 * i / 10.0) * LidarRange, Math.Cos(1.5 * i / 10.0) * LidarRange);
        }

        return directions;
    }

    /// <param name="action">[4]: hip and knee of the first leg, then of the second.</param>
    /// <param name="observation">[24]</param>
    private StepResult Advance(ReadOnlySpan<float> action, Span<float> observation)
    {
        for (int i = 0; i < 4; i++)
        {
            double speed = i % 2 == 0 ? HipSpeed : KneeSpeed;
            double torque = MotorTorque * Math.Min(Math.Abs((double)action[i]), 1);
            world.JointAt(parts.Joint(i)).SetMotor((float)(speed * Math.Sign(action[i])), (float)torque);
        }

        world.Step((float)(1.0 / FramesPerSecondOfTask), velocityIterations: 6 * 30, positionIterations: 2 * 30);
        Body hull = world.BodyAt(parts.Hull);
        Observe(hull, observation);

        // Forward is good, a tilted head is bad; the rest of what the body does is its own affair.
        double before = shaping;
        shaping = 130 * (double)hull.Position.X / Scale;
        shaping -= 5.0 * Math.Abs((double)hull.Angle);
        double reward = hasShaping ? shaping - before : 0;
        hasShaping = true;
        foreach (float torque in action)
        {
            reward -= 0.00035 * MotorTorque * Math.Min(Math.Abs((double)torque), 1);
        }

        double position = hull.Position.X;
        bool terminated = false;
        if (hullTouched || position < 0)
        {
            ending = hullTouched ? WalkerOutcome.Fell : WalkerOutcome.WentBack;
            reward = -100;
            terminated = true;
        }

        if (position > (BipedalTerrain.Length - BipedalTerrain.Grass) * BipedalTerrain.Spacing)
        {
            if (!terminated) ending = WalkerOutcome.ReachedTheEnd;
            terminated = true;
        }

        return new StepResult(reward, terminated);
    }

    private void Observe(Body hull, Span<float> observation)
    {
        observation[0] = hull.Angle;
        observation[1] = (float)(2.0 * hull.AngularVelocity / FramesPerSecondOfTask);
        observation[2] = (float)(0.3 * hull.LinearVelocity.X * Width / FramesPerSecondOfTask);
        observation[3] = (float)(0.3 * hull.LinearVelocity.Y * Height / FramesPerSecondOfTask);
        for (int leg = 0; leg < 2; leg++)
        {
            RevoluteJoint hip = world.JointAt(parts.Joint(2 * leg));
            RevoluteJoint knee = world.JointAt(parts.Joint((2 * leg) + 1));
            Span<float> part = observation.Slice(4 + (5 * leg), 5);
            part[0] = hip.Angle;
            part[1] = (float)(hip.Speed / HipSpeed);
            part[2] = (float)(knee.Angle + 1.0);
            part[3] = (float)(knee.Speed / KneeSpeed);
            part[4] = (leg == 0 ? firstFootTouches : secondFootTouches) ? 1 : 0;
        }

        Vector position = hull.Position;
        for (int i = 0; i < LidarRays; i++)
        {
            (double x, double y) = RayDirections[i];
            var end = new Vector((float)(position.X + x), (float)(position.Y - y));
            lidar[i] = world.CastRay(position, end, GroundCategory);
        }

        lidar.CopyTo(observation[14..]);
    }

    private void DestroyAll()
    {
        if (!isReady) return;
        world.ContactListener = null;
        terrain.Destroy(world);
        world.Destroy(world.BodyAt(parts.Hull));
        world.Destroy(world.BodyAt(parts.FirstUpper));
        world.Destroy(world.BodyAt(parts.FirstLower));
        world.Destroy(world.BodyAt(parts.SecondUpper));
        world.Destroy(world.BodyAt(parts.SecondLower));
    }

    private void BuildWalker()
    {
        const double X = BipedalTerrain.Spacing * BipedalTerrain.StartPad / 2;
        const double Y = BipedalTerrain.BaseHeight + (2 * LegHeight);
        Body hull = world.CreateBody(new BodyDefinition(BodyKind.Dynamic, new Vector((float)X, (float)Y)));
        hull.Attach(new FixtureDefinition(HullShape, Density: 5) { Friction = 0.1f, Filter = WalkerFilter });
        hull.ApplyForce(new Vector((float)random.Uniform(-InitialPush, InitialPush), 0));
        parts.Hull = hull.Index;
        (parts.FirstUpper, parts.FirstLower, parts.FirstHip, parts.FirstKnee) = BuildLeg(hull, X, Y, side: -1);
        (parts.SecondUpper, parts.SecondLower, parts.SecondHip, parts.SecondKnee) = BuildLeg(hull, X, Y, side: 1);
    }

    private (int Upper, int Lower, int Hip, int Knee) BuildLeg(Body hull, double x, double y, int side)
    {
        float angle = (float)(side * 0.05);
        Body upper = BuildLimb(UpperShape, x, y - (LegHeight / 2) - LegDown, angle);
        RevoluteJoint hip = world.CreateJoint(new RevoluteJointDefinition(hull, upper)
        {
            LocalAnchorA = new Vector(0, (float)LegDown),
            LocalAnchorB = new Vector(0, (float)(LegHeight / 2)),
            ReferenceAngle = angle,
            HasLimits = true,
            LowerAngle = -0.8f,
            UpperAngle = 1.1f,
            HasMotor = true,
            MotorSpeed = side,
            MaxMotorTorque = (float)MotorTorque,
        });

        Body lower = BuildLimb(LowerShape, x, y - (LegHeight * 3 / 2) - LegDown, angle);
        RevoluteJoint knee = world.CreateJoint(new RevoluteJointDefinition(upper, lower)
        {
            LocalAnchorA = new Vector(0, (float)(-LegHeight / 2)),
            LocalAnchorB = new Vector(0, (float)(LegHeight / 2)),
            HasLimits = true,
            LowerAngle = -1.6f,
            UpperAngle = -0.1f,
            HasMotor = true,
            MotorSpeed = 1,
            MaxMotorTorque = (float)MotorTorque,
        });
        return (upper.Index, lower.Index, hip.Index, knee.Index);
    }

    private Body BuildLimb(in Shape shape, double x, double y, float angle)
    {
        Body limb = world.CreateBody(new BodyDefinition(BodyKind.Dynamic, new Vector((float)x, (float)y), angle));
        limb.Attach(new FixtureDefinition(shape, Density: 1) { Filter = WalkerFilter });
        return limb;
    }

    /// <summary>The numbers of the walker's bodies and joints in the world.</summary>
    private struct Parts
    {
        public int Hull;
        public int FirstUpper;
        public int FirstLower;
        public int SecondUpper;
        public int SecondLower;
        public int FirstHip;
        public int FirstKnee;
        public int SecondHip;
        public int SecondKnee;

        public readonly int Joint(int index) => index switch
        {
            0 => FirstHip,
            1 => FirstKnee,
            2 => SecondHip,
            _ => SecondKnee,
        };
    }

    private sealed class ContactDetector(BipedalWalker walker) : IContactListener
    {
        public void BeginContact(Body a, Body b)
        {
            if (a.Index == walker.parts.Hull || b.Index == walker.parts.Hull) walker.hullTouched = true;
            SetFeet(a, b, touches: true);
        }

        public void EndContact(Body a, Body b) => SetFeet(a, b, touches: false);

        private void SetFeet(Body a, Body b, bool touches)
        {
            if (a.Index == walker.parts.FirstLower || b.Index == walker.parts.FirstLower) walker.firstFootTouches = touches;
            if (a.Index == walker.parts.SecondLower || b.Index == walker.parts.SecondLower) walker.secondFootTouches = touches;
        }
    }
}
