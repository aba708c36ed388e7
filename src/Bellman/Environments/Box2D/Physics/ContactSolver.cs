namespace Bellman.Environments.Box2D.Physics;

/// <summary>
/// Sequential impulses (Catto 2006): each contact in turn gets the impulse that stops its approach, with friction limited by the
/// normal impulse, and two points of one face solved together as a linear complementarity problem.
/// </summary>
internal sealed partial class ContactSolver(World world, Island island)
{
    // Beyond this the two points are too close for their 2 × 2 problem to be solved.
    private const float MaxConditionNumber = 1000.0f;

    private ContactConstraint[] constraints = [];
    private ContactImpulses[] impulses = [];
    private int count;

    /// <summary>The impulses accumulated so far.</summary>
    public Span<ContactImpulses> Impulses => impulses.AsSpan(0, count);

    /// <summary>Takes up the contacts of an island.</summary>
    public void Prepare(ReadOnlySpan<int> contacts, in TimeStep step)
    {
        count = contacts.Length;
        if (count > constraints.Length)
        {
            Array.Resize(ref constraints, 2 * count);
            Array.Resize(ref impulses, 2 * count);
        }

        for (int i = 0; i < count; i++)
        {
            ref ContactState contact = ref world.Contacts[contacts[i]];
            ref BodyState a = ref world.Bodies[contact.BodyA];
            ref BodyState b = ref world.Bodies[contact.BodyB];
            ref ContactConstraint constraint = ref constraints[i];
            constraint.Contact = contacts[i];
            constraint.IndexA = a.IslandIndex;
            constraint.IndexB = b.IslandIndex;
            constraint.InverseMassA = a.InverseMass;
            constraint.InverseMassB = b.InverseMass;
            constraint.InverseInertiaA = a.InverseInertia;
            constraint.InverseInertiaB = b.InverseInertia;
            constraint.LocalCentreA = a.Sweep.LocalCentre;
            constraint.LocalCentreB = b.Sweep.LocalCentre;
            constraint.Friction = contact.Friction;
            constraint.Restitution = contact.Restitution;
            constraint.RadiusA = world.Fixtures[contact.FixtureA].Shape.Radius;
            constraint.RadiusB = world.Fixtures[contact.FixtureB].Shape.Radius;
            constraint.Count = contact.Manifold.Count;
            impulses[i] = step.WarmStart ? FirstGuess(contact.Manifold, step.Ratio) : default;
        }
    }

    /// <summary>Works out arms, masses and rebounds at the present positions and velocities.</summary>
    public void Initialize()
    {
        for (int i = 0; i < count; i++)
        {
            ref ContactConstraint constraint = ref constraints[i];
            ref readonly Manifold manifold = ref world.Contacts[constraint.Contact].Manifold;
            BodyPosition positionA = island.Positions[constraint.IndexA];
            BodyPosition positionB = island.Positions[constraint.IndexB];
            var transformA = Transform.Around(positionA.Centre, positionA.Angle, constraint.LocalCentreA);
            var transformB = Transform.Around(positionB.Centre, positionB.Angle, constraint.LocalCentreB);
            for (int j = 0; j < constraint.Count; j++)
            {
                Vector point = WorldPoint(constraint, manifold, transformA, transformB, j, out constraint.Normal);
                constraint.Points[j].ArmA = point - positionA.Centre;
                constraint.Points[j].ArmB = point - positionB.Centre;
            }

            for (int j = 0; j < constraint.Count; j++)
            {
                InitializePoint(ref constraint, ref constraint.Points[j]);
            }

            if (constraint.Count == 2) InitializeBlock(ref constraint);
        }
    }

    /// <summary>Applies the first guess.</summary>
    public void WarmStart()
    {
        for (int i = 0; i < count; i++)
        {
            ref readonly ContactConstraint constraint = ref constraints[i];
            ref readonly ContactImpulses impulse = ref impulses[i];
            ref BodyVelocity a = ref island.Velocities[constraint.IndexA];
            ref BodyVelocity b = ref island.Velocities[constraint.IndexB];
            Vector normal = constraint.Normal;
            Vector tangent = normal.TurnRight();
            Vector first = (impulse.Normal1 * normal) + (impulse.Tangent1 * tangent);
            Push(constraint, constraint.Points[0], first, ref a, ref b);
            if (constraint.Count == 1) continue;
            Vector second = (impulse.Normal2 * normal) + (impulse.Tangent2 * tangent);
            Push(constraint, constraint.Points[1], second, ref a, ref b);
        }
    }

    /// <summary>Leaves the impulses with the contacts, as the next step's first guess.</summary>
    public void StoreImpulses()
    {
        for (int i = 0; i < count; i++)
        {
            ref ManifoldPoints points = ref world.Contacts[constraints[i].Contact].Manifold.Points;
            points[0].NormalImpulse = impulses[i].Normal1;
            points[0].TangentImpulse = impulses[i].Tangent1;
            if (constraints[i].Count == 1) continue;
            points[1].NormalImpulse = impulses[i].Normal2;
            points[1].TangentImpulse = impulses[i].Tangent2;
        }
    }

    private static ContactImpulses FirstGuess(in Manifold manifold, float ratio)
    {
        ContactImpulses guess = new()
        {
            Normal1 = ratio * manifold.Points[0].NormalImpulse,
            Tangent1 = ratio * manifold.Points[0].TangentImpulse,
        };
        if (manifold.Count == 1) return guess;
        guess.Normal2 = ratio * manifold.Points[1].NormalImpulse;
        guess.Tangent2 = ratio * manifold.Points[1].TangentImpulse;
        return guess;
    }

    // Halfway between the two skins.
    private static Vector WorldPoint(
        in ContactConstraint constraint,
        in Manifold manifold,
        in Transform transformA,
        in Transform transformB,
        int point,
        out Vector normal)
    {
        if (manifold.Kind == ManifoldKind.Points)
        {
            Vector centreA = transformA * manifold.LocalPoint;
            Vector centreB = transformB * manifold.Points[0].LocalPoint;
            Vector way = centreB - centreA;
            normal = new Vector(1, 0);
            if (way.LengthSquared > Tuning.Epsilon * Tuning.Epsilon) normal = way.Normalized();
            return 0.5f * (centreA + (constraint.RadiusA * normal) + (centreB - (constraint.RadiusB * normal)));
        }

        bool faceA = manifold.Kind == ManifoldKind.FaceA;
        float own = faceA ? constraint.RadiusA : constraint.RadiusB;
        float others = faceA ? constraint.RadiusB : constraint.RadiusA;
        manifold.Locate(transformA, transformB, point, out normal, out Vector plane, out Vector clip);
        Vector onFace = clip + ((own - Vector.Dot(clip - plane, normal)) * normal);
        Vector onOther = clip - (others * normal);
        if (!faceA) normal = -normal;
        return 0.5f * (onFace + onOther);
    }

    private static float MassAlong(in ContactConstraint constraint, float leverA, float leverB, float otherA, float otherB) =>
        constraint.InverseMassA + constraint.InverseMassB
        + (constraint.InverseInertiaA * leverA * otherA) + (constraint.InverseInertiaB * leverB * otherB);

    private static void InitializeBlock(ref ContactConstraint constraint)
    {
        Vector normal = constraint.Normal;
        float a1 = Vector.Cross(constraint.Points[0].ArmA, normal);
        float b1 = Vector.Cross(constraint.Points[0].ArmB, normal);
        float a2 = Vector.Cross(constraint.Points[1].ArmA, normal);
        float b2 = Vector.Cross(constraint.Points[1].ArmB, normal);
        float k11 = MassAlong(constraint, a1, b1, a1, b1);
        float k22 = MassAlong(constraint, a2, b2, a2, b2);
        float k12 = MassAlong(constraint, a1, b1, a2, b2);
        float determinant = (k11 * k22) - (k12 * k12);
        if (!(k11 * k11 < MaxConditionNumber * determinant))
        {
            constraint.Count = 1;
            return;
        }

        if (determinant != 0) determinant = 1.0f / determinant;
        constraint.K11 = k11;
        constraint.K12 = k12;
        constraint.K22 = k22;
        constraint.Inverse11 = determinant * k22;
        constraint.Inverse12 = -determinant * k12;
        constraint.Inverse21 = -determinant * k12;
        constraint.Inverse22 = determinant * k11;
    }

    private static void Push(
        in ContactConstraint constraint, in ConstraintPoint point, Vector impulse, ref BodyVelocity a, ref BodyVelocity b)
    {
        a.Angular -= constraint.InverseInertiaA * Vector.Cross(point.ArmA, impulse);
        a.Linear -= constraint.InverseMassA * impulse;
        b.Angular += constraint.InverseInertiaB * Vector.Cross(point.ArmB, impulse);
        b.Linear += constraint.InverseMassB * impulse;
    }

    private void InitializePoint(ref ContactConstraint constraint, ref ConstraintPoint point)
    {
        Vector normal = constraint.Normal;
        float normalA = Vector.Cross(point.ArmA, normal);
        float normalB = Vector.Cross(point.ArmB, normal);
        float normalMass = MassAlong(constraint, normalA, normalB, normalA, normalB);
        point.NormalMass = normalMass > 0 ? 1.0f / normalMass : 0;

        Vector tangent = normal.TurnRight();
        float tangentA = Vector.Cross(point.ArmA, tangent);
        float tangentB = Vector.Cross(point.ArmB, tangent);
        float tangentMass = MassAlong(constraint, tangentA, tangentB, tangentA, tangentB);
        point.TangentMass = tangentMass > 0 ? 1.0f / tangentMass : 0;

        BodyVelocity a = island.Velocities[constraint.IndexA];
        BodyVelocity b = island.Velocities[constraint.IndexB];
        float approach = Vector.Dot(
            normal, b.Linear + Vector.Cross(b.Angular, point.ArmB) - a.Linear - Vector.Cross(a.Angular, point.ArmA));
        point.Bounce = approach < -Tuning.BounceThreshold ? -constraint.Restitution * approach : 0;
    }
}
