namespace Bellman.Environments.Box2D.Physics;

public enum BodyKind
{
    /// <summary>Never moves and has no mass.</summary>
    Static,

    /// <summary>Moved by forces, joints and contacts.</summary>
    Dynamic,
}

/// <summary>How a body begins.</summary>
/// <param name="Kind">Whether it moves.</param>
/// <param name="Position">Of the body's origin, metres.</param>
/// <param name="Angle">Radians, counter-clockwise.</param>
public readonly record struct BodyDefinition(BodyKind Kind, Vector Position = default, float Angle = 0)
{
    /// <summary>A factor on the world's gravity.</summary>
    public float GravityScale { get; init; } = 1;
}

/// <summary>Which fixtures collide: each must have its category in the other's mask.</summary>
/// <param name="Category">What this fixture is, one bit.</param>
/// <param name="Mask">What it collides with.</param>
/// <param name="Group">Two fixtures of the same positive group always collide, of the same negative group never.</param>
public readonly record struct CollisionFilter(int Category, int Mask, int Group = 0)
{
    /// <summary>Category 1, collides with everything.</summary>
    public static CollisionFilter Everything { get; } = new(Category: 1, Mask: 0xFFFF);

    internal static bool Collide(in CollisionFilter a, in CollisionFilter b)
    {
        if (a.Group == b.Group && a.Group != 0) return a.Group > 0;
        return (a.Mask & b.Category) != 0 && (a.Category & b.Mask) != 0;
    }
}

/// <summary>A shape attached to a body.</summary>
/// <param name="Shape">In the body's coordinates.</param>
/// <param name="Density">kg/m².</param>
public readonly record struct FixtureDefinition(Shape Shape, float Density = 0)
{
    /// <summary>Coulomb's coefficient; two fixtures meet with the geometric mean of theirs.</summary>
    public float Friction { get; init; } = 0.2f;

    /// <summary>0 inelastic, 1 elastic; two fixtures meet with the larger of theirs.</summary>
    public float Restitution { get; init; }

    public CollisionFilter Filter { get; init; } = CollisionFilter.Everything;
}

/// <summary>A body of a <see cref="Physics.World"/>: a name for a record in the world's pool, valid until it is destroyed.</summary>
public readonly record struct Body
{
    internal Body(World world, int index)
    {
        World = world;
        Index = index;
    }

    /// <summary>Of the body's origin, metres.</summary>
    public Vector Position => State.Transform.Position;

    /// <summary>Radians, counter-clockwise, whole turns included.</summary>
    public float Angle => State.Sweep.Angle;

    /// <summary>Of the centre of mass, metres per second.</summary>
    public Vector LinearVelocity => State.LinearVelocity;

    /// <summary>Radians per second.</summary>
    public float AngularVelocity => State.AngularVelocity;

    /// <summary>Kilograms.</summary>
    public float Mass => State.Mass;

    /// <summary>False once the body has come to rest and sleeps.</summary>
    public bool IsAwake => State.IsAwake;

    internal World World { get; }

    internal int Index { get; }

    private ref BodyState State => ref World.Bodies[Index];

    public void Attach(in FixtureDefinition definition) => World.Attach(Index, definition);

    /// <summary>A point of the body in the world.</summary>
    public Vector ToWorld(Vector local) => State.Transform * local;

    /// <param name="force">Newtons, on the centre of mass, during the next step. Wakes the body.</param>
    public void ApplyForce(Vector force)
    {
        State.Wake();
        State.Force += force;
    }

    /// <param name="torque">Newton metres, during the next step. Wakes the body.</param>
    public void ApplyTorque(float torque)
    {
        State.Wake();
        State.Torque += torque;
    }

    /// <summary>Changes the velocity at once. Wakes the body.</summary>
    /// <param name="impulse">Newton seconds.</param>
    /// <param name="point">Where it acts, in the world.</param>
    public void ApplyImpulse(Vector impulse, Vector point)
    {
        State.Wake();
        State.LinearVelocity += State.InverseMass * impulse;
        State.AngularVelocity += State.InverseInertia * Vector.Cross(point - State.Sweep.Centre, impulse);
    }
}

/// <summary>A body's record.</summary>
internal struct BodyState
{
    public BodyKind Kind;
    public int Awake;

    /// <summary>1 while the body belongs to the group that is being solved.</summary>
    public int InIsland;

    public int IslandIndex;
    public int Previous;
    public int Next;
    public int FirstFixture;
    public int FirstJointLink;
    public int FirstContactLink;
    public Transform Transform;
    public Sweep Sweep;
    public Vector LinearVelocity;
    public float AngularVelocity;
    public Vector Force;
    public float Torque;
    public float Mass;
    public float InverseMass;

    /// <summary>About the centre of mass.</summary>
    public float Inertia;

    public float InverseInertia;
    public float GravityScale;

    /// <summary>How long the body has been still, seconds.</summary>
    public float SleepTime;

    public readonly bool IsAwake => Awake != 0;

    public readonly bool IsDynamic => Kind == BodyKind.Dynamic;

    public void Wake()
    {
        if (IsAwake) return;
        Awake = 1;
        SleepTime = 0;
    }

    public void Sleep()
    {
        Awake = 0;
        SleepTime = 0;
        LinearVelocity = default;
        AngularVelocity = 0;
        Force = default;
        Torque = 0;
    }

    /// <summary>Places the body where its sweep ends.</summary>
    public void PlaceAtEnd() => Transform = Transform.Around(Sweep.Centre, Sweep.Angle, Sweep.LocalCentre);

    /// <summary>Places the body at a fraction of the step, forgetting the rest of its motion.</summary>
    public void PlaceAt(float time)
    {
        Sweep.AdvanceStart(time);
        Sweep.Centre = Sweep.StartCentre;
        Sweep.Angle = Sweep.StartAngle;
        PlaceAtEnd();
    }
}

/// <summary>A fixture's record.</summary>
internal struct FixtureState
{
    public int Body;

    /// <summary>The next fixture of the same body.</summary>
    public int Next;

    /// <summary>The leaf in the broad phase.</summary>
    public int Leaf;

    public float Density;
    public float Friction;
    public float Restitution;
    public CollisionFilter Filter;
    public Shape Shape;
}
