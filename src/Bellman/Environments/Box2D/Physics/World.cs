using Bellman.Neural.State;

namespace Bellman.Environments.Box2D.Physics;

/// <summary>
/// Rigid bodies in the plane under gravity, hinges and contacts: Box2D 2.3's algorithms (Catto, GDC 2006 to 2013) in float32 and
/// in its order of operations, so that the same bodies created in the same order move exactly as they do there.
/// </summary>
/// <remarks>
/// Bodies, fixtures, joints, contacts and tree nodes are records in pools that refer to each other by number. After the pools have
/// grown to what a scene needs, nothing is allocated; and <see cref="Visit"/> saves the pools as they are, so that a restored world
/// goes on bit for bit.
/// </remarks>
public sealed partial class World : IStateful
{
    internal const int None = Pool<BodyState>.None;

    private readonly Pool<BodyState> bodies;
    private readonly Pool<FixtureState> fixtures;
    private readonly Pool<JointState> joints = new(capacity: 4);
    private readonly Pool<ContactState> contacts = new(capacity: 16);
    private readonly BroadPhase broadPhase;
    private readonly Island island;
    private readonly IndexList pending = new();
    private Link[] jointLinks = new Link[8];
    private Link[] contactLinks = new Link[32];
    private int firstBody = None;
    private int firstJoint = None;
    private int firstContact = None;

    // 1 where fixtures were added since the last step, which may overlap others already.
    private int hasNewFixtures;
    private float latestDuration;

    /// <param name="gravity">Metres per second squared.</param>
    /// <param name="fixtureCapacity">How many fixtures there is room for before memory grows.</param>
    /// <param name="bodyCapacity">How many bodies there is room for before memory grows.</param>
    public World(Vector gravity, int fixtureCapacity = 16, int bodyCapacity = 8)
    {
        Gravity = gravity;
        bodies = new Pool<BodyState>(bodyCapacity);
        fixtures = new Pool<FixtureState>(fixtureCapacity);
        broadPhase = new BroadPhase(fixtureCapacity);
        island = new Island(this);
    }

    /// <summary>Metres per second squared.</summary>
    public Vector Gravity { get; }

    /// <summary>Is told of contacts; null where nobody listens.</summary>
    public IContactListener? ContactListener { get; set; }

    internal Pool<BodyState> Bodies => bodies;

    internal Pool<FixtureState> Fixtures => fixtures;

    internal Pool<JointState> Joints => joints;

    internal Pool<ContactState> Contacts => contacts;

    /// <summary>The body whose <see cref="Body.Index"/> this is.</summary>
    internal Body BodyAt(int index) => new(this, index);

    /// <summary>The shape attached to a body last.</summary>
    internal Shape ShapeOf(int body) => fixtures[bodies[body].FirstFixture].Shape;

    /// <summary>The joint whose <see cref="RevoluteJoint.Index"/> this is.</summary>
    internal RevoluteJoint JointAt(int index) => new(this, index);

    public Body CreateBody(in BodyDefinition definition)
    {
        int index = bodies.Take();
        bool moves = definition.Kind == BodyKind.Dynamic;
        bodies[index] = new BodyState
        {
            Kind = definition.Kind,
            Awake = 1,
            Previous = None,
            Next = firstBody,
            FirstFixture = None,
            FirstJointLink = None,
            FirstContactLink = None,
            Transform = new Transform(definition.Position, Rotation.FromAngle(definition.Angle)),
            Sweep = new Sweep
            {
                StartCentre = definition.Position,
                Centre = definition.Position,
                StartAngle = definition.Angle,
                Angle = definition.Angle,
            },
            Mass = moves ? 1 : 0,
            InverseMass = moves ? 1 : 0,
            GravityScale = definition.GravityScale,
        };
        if (firstBody != None) bodies[firstBody].Previous = index;
        firstBody = index;
        return new Body(this, index);
    }

    /// <summary>Removes a body with its fixtures, joints and contacts; bodies that touched it or hung on it wake up.</summary>
    public void Destroy(Body body)
    {
        ref BodyState state = ref bodies[body.Index];
        while (state.FirstJointLink != None) DestroyJoint(state.FirstJointLink >> 1);
        while (state.FirstContactLink != None) DestroyContact(state.FirstContactLink >> 1);
        for (int fixture = state.FirstFixture; fixture != None; fixture = fixtures[fixture].Next)
        {
            broadPhase.Remove(fixtures[fixture].Leaf);
            fixtures.Release(fixture);
        }

        if (state.Previous != None) bodies[state.Previous].Next = state.Next;
        if (state.Next != None) bodies[state.Next].Previous = state.Previous;
        if (firstBody == body.Index) firstBody = state.Next;
        bodies.Release(body.Index);
    }

    public RevoluteJoint CreateJoint(in RevoluteJointDefinition definition)
    {
        int index = joints.Take();
        if (2 * joints.Used > jointLinks.Length) Array.Resize(ref jointLinks, 4 * joints.Used);
        int a = definition.BodyA.Index;
        int b = definition.BodyB.Index;
        joints[index] = new JointState
        {
            BodyA = a,
            BodyB = b,
            Previous = None,
            Next = firstJoint,
            HasLimits = definition.HasLimits ? 1 : 0,
            HasMotor = definition.HasMotor ? 1 : 0,
            LocalAnchorA = definition.LocalAnchorA,
            LocalAnchorB = definition.LocalAnchorB,
            ReferenceAngle = definition.ReferenceAngle,
            LowerAngle = definition.LowerAngle,
            UpperAngle = definition.UpperAngle,
            MotorSpeed = definition.MotorSpeed,
            MaxMotorTorque = definition.MaxMotorTorque,
        };
        if (firstJoint != None) joints[firstJoint].Previous = index;
        firstJoint = index;
        Link.PushFront(jointLinks, ref bodies[a].FirstJointLink, 2 * index, b);
        Link.PushFront(jointLinks, ref bodies[b].FirstJointLink, (2 * index) + 1, a);
        RefilterContacts(a, b);
        return new RevoluteJoint(this, index);
    }

    /// <summary>Removes everything, as if the world were new.</summary>
    public void Clear()
    {
        bodies.Clear();
        fixtures.Clear();
        joints.Clear();
        contacts.Clear();
        broadPhase.Clear();
        firstBody = None;
        firstJoint = None;
        firstContact = None;
        hasNewFixtures = 0;
        latestDuration = 0;
    }

    public void Visit(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Part(nameof(bodies), bodies);
        state.Part(nameof(fixtures), fixtures);
        state.Part(nameof(joints), joints);
        state.Part(nameof(contacts), contacts);
        state.Part(nameof(broadPhase), broadPhase);
        FitLinks();
        state.Values(nameof(jointLinks), jointLinks.AsSpan(0, 2 * joints.Used));
        state.Values(nameof(contactLinks), contactLinks.AsSpan(0, 2 * contacts.Used));
        state.Value(nameof(firstBody), ref firstBody);
        state.Value(nameof(firstJoint), ref firstJoint);
        state.Value(nameof(firstContact), ref firstContact);
        state.Value(nameof(hasNewFixtures), ref hasNewFixtures);
        state.Value(nameof(latestDuration), ref latestDuration);
    }

    internal void Attach(int body, in FixtureDefinition definition)
    {
        int index = fixtures.Take();
        ref BodyState state = ref bodies[body];
        fixtures[index] = new FixtureState
        {
            Body = body,
            Next = state.FirstFixture,
            Leaf = broadPhase.Add(definition.Shape.BoundsAt(state.Transform), index),
            Density = definition.Density,
            Friction = definition.Friction,
            Restitution = definition.Restitution,
            Filter = definition.Filter,
            Shape = definition.Shape,
        };
        state.FirstFixture = index;
        if (definition.Density > 0) UpdateMass(ref state);
        hasNewFixtures = 1;
    }

    private void UpdateMass(ref BodyState body)
    {
        if (!body.IsDynamic) return;
        float mass = 0;
        float inertia = 0;
        Vector centre = default;
        for (int fixture = body.FirstFixture; fixture != None; fixture = fixtures[fixture].Next)
        {
            if (fixtures[fixture].Density == 0) continue;
            var part = MassData.Of(fixtures[fixture].Shape, fixtures[fixture].Density);
            mass += part.Mass;
            centre += part.Mass * part.Centre;
            inertia += part.Inertia;
        }

        // A body that moves has mass, also where its shapes have none.
        body.Mass = mass > 0 ? mass : 1;
        body.InverseMass = 1.0f / body.Mass;
        if (mass > 0) centre = body.InverseMass * centre;
        if (inertia > 0) inertia -= body.Mass * Vector.Dot(centre, centre);
        body.Inertia = inertia;
        body.InverseInertia = inertia > 0 ? 1.0f / inertia : 0;

        Vector before = body.Sweep.Centre;
        body.Sweep.LocalCentre = centre;
        body.Sweep.Centre = body.Transform * centre;
        body.Sweep.StartCentre = body.Sweep.Centre;
        body.LinearVelocity += Vector.Cross(body.AngularVelocity, body.Sweep.Centre - before);
    }

    private void DestroyJoint(int index)
    {
        ref JointState joint = ref joints[index];
        if (joint.Previous != None) joints[joint.Previous].Next = joint.Next;
        if (joint.Next != None) joints[joint.Next].Previous = joint.Previous;
        if (firstJoint == index) firstJoint = joint.Next;
        bodies[joint.BodyA].Wake();
        bodies[joint.BodyB].Wake();
        Link.Remove(jointLinks, ref bodies[joint.BodyA].FirstJointLink, 2 * index);
        Link.Remove(jointLinks, ref bodies[joint.BodyB].FirstJointLink, (2 * index) + 1);
        joints.Release(index);
        RefilterContacts(joint.BodyA, joint.BodyB);
    }

    private void RefilterContacts(int bodyA, int bodyB)
    {
        for (int link = bodies[bodyB].FirstContactLink; link != None; link = contactLinks[link].Next)
        {
            if (contactLinks[link].Other == bodyA) contacts[link >> 1].Refilter = 1;
        }
    }

    private void FitLinks()
    {
        if (2 * joints.Used > jointLinks.Length) Array.Resize(ref jointLinks, 4 * joints.Used);
        if (2 * contacts.Used > contactLinks.Length) Array.Resize(ref contactLinks, 4 * contacts.Used);
    }
}
