namespace Bellman.Environments.Box2D.Physics;

/// <summary>How a hinge begins. The two bodies do not collide with each other.</summary>
/// <param name="BodyA">The body in whose frame angles are measured.</param>
/// <param name="BodyB">The body that turns.</param>
public readonly record struct RevoluteJointDefinition(Body BodyA, Body BodyB)
{
    /// <summary>The hinge in A's coordinates.</summary>
    public Vector LocalAnchorA { get; init; }

    public Vector LocalAnchorB { get; init; }

    /// <summary>B's angle less A's where the joint's angle is 0, radians.</summary>
    public float ReferenceAngle { get; init; }

    /// <summary>Whether the angle is kept between the two below.</summary>
    public bool HasLimits { get; init; }

    public float LowerAngle { get; init; }

    public float UpperAngle { get; init; }

    /// <summary>Whether a motor turns B.</summary>
    public bool HasMotor { get; init; }

    /// <summary>Radians per second.</summary>
    public float MotorSpeed { get; init; }

    /// <summary>Newton metres.</summary>
    public float MaxMotorTorque { get; init; }
}

/// <summary>A hinge of a <see cref="World"/>, valid until one of its bodies is destroyed.</summary>
public readonly record struct RevoluteJoint
{
    private readonly World world;

    internal RevoluteJoint(World world, int index)
    {
        this.world = world;
        Index = index;
    }

    /// <summary>Radians.</summary>
    public float Angle
    {
        get
        {
            ref JointState state = ref State;
            return world.Bodies[state.BodyB].Sweep.Angle - world.Bodies[state.BodyA].Sweep.Angle - state.ReferenceAngle;
        }
    }

    /// <summary>Radians per second.</summary>
    public float Speed => world.Bodies[State.BodyB].AngularVelocity - world.Bodies[State.BodyA].AngularVelocity;

    internal int Index { get; }

    private ref JointState State => ref world.Joints[Index];

    /// <summary>Wakes both bodies.</summary>
    /// <param name="speed">Radians per second.</param>
    /// <param name="maxTorque">Newton metres.</param>
    public void SetMotor(float speed, float maxTorque)
    {
        ref JointState state = ref State;
        world.Bodies[state.BodyA].Wake();
        world.Bodies[state.BodyB].Wake();
        state.MotorSpeed = speed;
        state.MaxMotorTorque = maxTorque;
    }
}

internal enum LimitState
{
    Free,
    AtLower,
    AtUpper,

    /// <summary>The limits are so close that the joint is stiff.</summary>
    Equal,
}

/// <summary>A joint's record.</summary>
internal struct JointState
{
    public int BodyA;
    public int BodyB;
    public int Previous;
    public int Next;
    public int InIsland;
    public int HasLimits;
    public int HasMotor;
    public Vector LocalAnchorA;
    public Vector LocalAnchorB;
    public float ReferenceAngle;
    public float LowerAngle;
    public float UpperAngle;
    public float MotorSpeed;
    public float MaxMotorTorque;
    public LimitState Limit;
    public JointImpulses Impulses;
}

/// <summary>What a joint has given its bodies, newton (metre) seconds.</summary>
internal struct JointImpulses
{
    public float X;
    public float Y;
    public float Limit;
    public float Motor;
}
