using Bellman.Environments.Box2D.Physics;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.Box2D;

/// <summary>How an episode of <see cref="LunarLander"/> stands.</summary>
public enum LanderOutcome
{
    Flying,

    /// <summary>At rest on its legs.</summary>
    Landed,

    /// <summary>The hull touched the ground.</summary>
    Crashed,

    /// <summary>Left the view sideways.</summary>
    OutOfView,
}

/// <summary>
/// Gymnasium's LunarLander-v3: bring a lander with one main and two side engines to rest on its legs, best between the flags at
/// the origin. By Oleg Klimov; the numbers are Gymnasium's own, bit for bit, for the same seed and actions.
/// </summary>
/// <remarks>
/// Observation: position (x, y), velocity, angle, rotation, and for each leg 1 where it touches the ground; scaled so that flight
/// happens near [−1, 1]. See docs/environments/lunar-lander.md for units and bounds.
/// </remarks>
public sealed partial class LunarLander : IEnvironment, IStateful, IOutcome
{
    private const double FramesPerSecondOfTask = 50;

    /// <summary>Pixels per metre.</summary>
    private const double Scale = 30;

    private const double Width = 600 / Scale;
    private const double Height = 400 / Scale;
    private const double MainEnginePower = 13;
    private const double SideEnginePower = 0.6;
    private const double InitialPush = 1000;   // N
    private const double LegAway = 20;         // pixels, like all measures of the lander
    private const double LegDown = 18;
    private const double SideEngineHeight = 14;
    private const double SideEngineAway = 12;
    private const double MainEngineHeight = 4;
    private const int TerrainPoints = 11;
    private const float StepDuration = (float)(1 / FramesPerSecondOfTask);
    private const int VelocityIterations = 6 * 30;
    private const int PositionIterations = 2 * 30;
    private const double PadHeight = Height / 4;

    private static readonly Space Observations = new Box(
        [-2.5f, -2.5f, -10, -10, (float)(-2 * Math.PI), -10, 0, 0], [2.5f, 2.5f, 10, 10, (float)(2 * Math.PI), 10, 1, 1]);

    private static readonly Discrete FourActions = new(4);
    private static readonly Space TwoThrottles = new Box(-1, 1, new(2));

    private static readonly Shape HullShape = Shape.Polygon(
        [Metres(-14, 17), Metres(-17, 0), Metres(-17, -10), Metres(17, -10), Metres(17, 0), Metres(14, 17)]);

    private static readonly Shape LegShape = Shape.Rectangle((float)(2 / Scale), (float)(8 / Scale));

    private readonly LunarLanderOptions options;
    private readonly World world;
    private readonly double[] ground = new double[TerrainPoints];
    private Body hull;
    private Body leftLeg;
    private Body rightLeg;
    private Pcg64 random = new(seed: 0);
    private LanderOutcome ending;
    private bool isReady;
    private bool hullTouched;
    private bool leftLegTouches;
    private bool rightLegTouches;
    private bool hasShaping;
    private double shaping;
    private long windIndex;
    private long turbulenceIndex;

    public LunarLander(LunarLanderOptions? options = null)
    {
        this.options = options ?? new LunarLanderOptions();
        this.options.Check();
        ActionSpace = this.options.Continuous ? TwoThrottles : FourActions;
        world = new World(new Vector(0, (float)this.options.Gravity), fixtureCapacity: 14, bodyCapacity: 4)
        {
            ContactListener = new ContactDetector(this),
        };
        BuildGround(world);
        BuildHull();
        BuildLegs();
    }

    public Space ObservationSpace => Observations;

    public Space ActionSpace { get; }

    /// <summary>How the episode stands, or how the latest one ended.</summary>
    public LanderOutcome Ending => ending;

    /// <inheritdoc/>
    public string? Outcome => ending switch
    {
        LanderOutcome.Landed => "landed",
        LanderOutcome.Crashed => "crashed",
        LanderOutcome.OutOfView => "out of view",
        _ => null,
    };

    public void Reset(Span<float> observation, ulong? seed = null)
    {
        if (seed is ulong value) random = new Pcg64(value);
        hullTouched = false;
        leftLegTouches = false;
        rightLegTouches = false;
        hasShaping = false;
        Array.Clear(puffs);
        steps = 0;
        world.Clear();

        DrawGround();
        BuildGround(world);
        BuildHull();
        var push = new Vector(
            (float)random.Uniform(-InitialPush, InitialPush), (float)random.Uniform(-InitialPush, InitialPush));
        hull.ApplyForce(push);
        if (options.EnableWind)
        {
            windIndex = random.Integers(-9999, 9999);
            turbulenceIndex = random.Integers(-9999, 9999);
        }

        BuildLegs();
        isReady = true;
        Advance(mainThrottle: 0, sideThrottle: 0, observation);
        ending = LanderOutcome.Flying;
    }

    public StepResult Step(ReadOnlySpan<float> action, Span<float> observation)
    {
        Guard.Running(isReady && ending == LanderOutcome.Flying);
        if (options.Continuous)
        {
            Guard.Finite(action, ActionSpace);
            double main = Math.Clamp((double)action[0], -1, 1);
            double side = Math.Clamp((double)action[1], -1, 1);
            double sidePower = Math.Abs(side) > 0.5 ? Math.Clamp(Math.Abs(side), 0.5, 1) * Math.Sign(side) : 0;
            return Advance(main > 0 ? (Math.Clamp(main, 0, 1) + 1) * 0.5 : 0, sidePower, observation);
        }

        return Guard.Index(action, FourActions) switch
        {
            1 => Advance(mainThrottle: 0, sideThrottle: -1, observation),
            2 => Advance(mainThrottle: 1, sideThrottle: 0, observation),
            3 => Advance(mainThrottle: 0, sideThrottle: 1, observation),
            _ => Advance(mainThrottle: 0, sideThrottle: 0, observation),
        };
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(random), random);
        state.Part(nameof(world), world);
        state.Values(nameof(ground), ground.AsSpan());
        state.Value(nameof(ending), ref ending);
        state.Value(nameof(isReady), ref isReady);
        state.Value(nameof(hullTouched), ref hullTouched);
        state.Value(nameof(leftLegTouches), ref leftLegTouches);
        state.Value(nameof(rightLegTouches), ref rightLegTouches);
        state.Value(nameof(hasShaping), ref hasShaping);
        state.Value(nameof(shaping), ref shaping);
        state.Value(nameof(windIndex), ref windIndex);
        state.Value(nameof(turbulenceIndex), ref turbulenceIndex);
        for (int i = 0; i < MaxPuffs; i++)
        {
            state.Value($"puff{i}", ref puffs[i]);
        }

        state.Value(nameof(nextPuff), ref nextPuff);
        state.Value(nameof(steps), ref steps);
    }

    private static Vector Metres(double x, double y) => new((float)(x / Scale), (float)(y / Scale));

    /// <param name="mainThrottle">0, or 0.5 to 1.</param>
    /// <param name="sideThrottle">0, or 0.5 to 1 with the sign of the side: the left engine is negative.</param>
    /// <param name="observation">[8]</param>
    private StepResult Advance(double mainThrottle, double sideThrottle, Span<float> observation)
    {
        if (options.EnableWind && !(leftLegTouches || rightLegTouches)) Blow();
        steps++;
        FireEngines(mainThrottle, sideThrottle);
        world.Step(StepDuration, VelocityIterations, PositionIterations);

        Vector position = hull.Position;
        Vector velocity = hull.LinearVelocity;
        double x = (position.X - (Width / 2)) / (Width / 2);
        double y = (position.Y - (PadHeight + (LegDown / Scale))) / (Height / 2);
        double velocityX = velocity.X * (Width / 2) / FramesPerSecondOfTask;
        double velocityY = velocity.Y * (Height / 2) / FramesPerSecondOfTask;
        double angle = hull.Angle;
        double left = leftLegTouches ? 1 : 0;
        double right = rightLegTouches ? 1 : 0;
        observation[0] = (float)x;
        observation[1] = (float)y;
        observation[2] = (float)velocityX;
        observation[3] = (float)velocityY;
        observation[4] = (float)angle;
        observation[5] = (float)(20.0 * hull.AngularVelocity / FramesPerSecondOfTask);
        observation[6] = (float)left;
        observation[7] = (float)right;

        // The reward is what the shaping gains, less fuel: −100 for distance, speed and tilt, +10 for each leg on the ground.
        double before = shaping;
        shaping = (-100 * Math.Sqrt((x * x) + (y * y)))
            - (100 * Math.Sqrt((velocityX * velocityX) + (velocityY * velocityY)))
            - (100 * Math.Abs(angle)) + (10 * left) + (10 * right);
        double reward = hasShaping ? shaping - before : 0;
        hasShaping = true;
        reward -= mainThrottle * 0.30;
        reward -= Math.Abs(sideThrottle) * 0.03;

        if (hullTouched || Math.Abs(x) >= 1)
        {
            ending = hullTouched ? LanderOutcome.Crashed : LanderOutcome.OutOfView;
            reward = -100;
        }

        if (!hull.IsAwake)
        {
            ending = LanderOutcome.Landed;
            reward = 100;
        }

        return new StepResult(reward, Terminated: ending != LanderOutcome.Flying);
    }

    private void Blow()
    {
        hull.ApplyForce(new Vector((float)(Gust(windIndex++) * options.WindPower), 0));
        hull.ApplyTorque((float)(Gust(turbulenceIndex++) * options.TurbulencePower));
    }

    /// <summary>tanh(sin(2kt) + sin(πkt)) with k = 0.01, which never repeats itself.</summary>
    private static double Gust(long time) => Math.Tanh(Math.Sin(0.02 * time) + Math.Sin(Math.PI * 0.01 * time));

    private void FireEngines(double mainThrottle, double sideThrottle)
    {
        double angle = hull.Angle;
        double tipX = Math.Sin(angle);
        double tipY = Math.Cos(angle);
        double sideX = -tipY;
        double sideY = tipX;
        double dispersion1 = random.Uniform(-1, 1) / Scale;
        double dispersion2 = random.Uniform(-1, 1) / Scale;

        if (mainThrottle > 0)
        {
            double along = (MainEngineHeight / Scale) + (2 * dispersion1);
            double x = (tipX * along) + (sideX * dispersion2);
            double y = (-tipY * along) - (sideY * dispersion2);
            var point = new Vector((float)(hull.Position.X + x), (float)(hull.Position.Y + y));
            Fire(x, y, MainEnginePower, mainThrottle, point);
            var impulse = new Vector((float)(x * MainEnginePower * mainThrottle), (float)(y * MainEnginePower * mainThrottle));
            AddPuff(new Puff(point, impulse, Density: 3.5f, mainThrottle, steps));
        }

        if (sideThrottle != 0)
        {
            double throttle = Math.Abs(sideThrottle);
            double across = (3 * dispersion2) + (Math.Sign(sideThrottle) * SideEngineAway / Scale);
            double x = (tipX * dispersion1) + (sideX * across);
            double y = (-tipY * dispersion1) - (sideY * across);

            // The 17 stands where one expects the engine's height; Gymnasium keeps it, so that scores stay comparable.
            var point = new Vector(
                (float)(hull.Position.X + x - (tipX * 17 / Scale)),
                (float)(hull.Position.Y + y + (tipY * SideEngineHeight / Scale)));
            Fire(x, y, SideEnginePower, throttle, point);
            var impulse = new Vector((float)(x * SideEnginePower * throttle), (float)(y * SideEnginePower * throttle));
            AddPuff(new Puff(point, impulse, Density: 0.7f, throttle, steps));
        }
    }

    private void Fire(double x, double y, double power, double throttle, Vector point) =>
        hull.ApplyImpulse(new Vector((float)(-x * power * throttle), (float)(-y * power * throttle)), point);

    private void DrawGround()
    {
        Span<double> heights = stackalloc double[TerrainPoints + 1];
        foreach (ref double height in heights) height = random.Uniform(0, Height / 2);
        heights.Slice((TerrainPoints / 2) - 2, 5).Fill(PadHeight);
        for (int i = 0; i < TerrainPoints; i++)
        {
            ground[i] = 0.33 * (heights[i == 0 ? TerrainPoints : i - 1] + heights[i] + heights[i + 1]);
        }
    }

    private void BuildGround(World place)
    {
        Body moon = place.CreateBody(new BodyDefinition(BodyKind.Static));
        moon.Attach(new FixtureDefinition(Shape.Edge(default, new Vector((float)Width, 0))));
        for (int i = 0; i + 1 < TerrainPoints; i++)
        {
            moon.Attach(new FixtureDefinition(Shape.Edge(GroundPoint(i), GroundPoint(i + 1))) { Friction = 0.1f });
        }
    }

    private Vector GroundPoint(int index) => new((float)(Width / (TerrainPoints - 1) * index), (float)ground[index]);

    private void BuildHull()
    {
        hull = world.CreateBody(
            new BodyDefinition(BodyKind.Dynamic, new Vector((float)(Width / 2), (float)Height)));
        hull.Attach(new FixtureDefinition(HullShape, Density: 5)
        {
            Friction = 0.1f,
            Filter = new CollisionFilter(Category: 0x10, Mask: 1),
        });
    }

    private void BuildLegs()
    {
        leftLeg = BuildLeg(side: -1, lower: 0.9 - 0.5, upper: 0.9);
        rightLeg = BuildLeg(side: 1, lower: -0.9, upper: -0.9 + 0.5);
    }

    // A leg hangs on a hinge whose motor presses it outwards: a spring.
    private Body BuildLeg(int side, double lower, double upper)
    {
        float angle = (float)(side * 0.05);
        Body leg = world.CreateBody(new BodyDefinition(
            BodyKind.Dynamic, new Vector((float)((Width / 2) - (side * LegAway / Scale)), (float)Height), angle));
        leg.Attach(new FixtureDefinition(LegShape, Density: 1)
        {
            Filter = new CollisionFilter(Category: 0x20, Mask: 1),
        });
        world.CreateJoint(new RevoluteJointDefinition(hull, leg)
        {
            LocalAnchorB = Metres(side * LegAway, LegDown),
            ReferenceAngle = angle,
            HasLimits = true,
            LowerAngle = (float)lower,
            UpperAngle = (float)upper,
            HasMotor = true,
            MotorSpeed = (float)(0.3 * side),
            MaxMotorTorque = 40,
        });
        return leg;
    }

    private sealed class ContactDetector(LunarLander lander) : IContactListener
    {
        public void BeginContact(Body a, Body b)
        {
            if (a == lander.hull || b == lander.hull) lander.hullTouched = true;
            SetLegs(a, b, touches: true);
        }

        public void EndContact(Body a, Body b) => SetLegs(a, b, touches: false);

        private void SetLegs(Body a, Body b, bool touches)
        {
            if (a == lander.leftLeg || b == lander.leftLeg) lander.leftLegTouches = touches;
            if (a == lander.rightLeg || b == lander.rightLeg) lander.rightLegTouches = touches;
        }
    }
}
