namespace Bellman.Environments.Box2D.Physics;

public sealed partial class World
{
    /// <summary>Moves everything on.</summary>
    /// <param name="duration">Seconds.</param>
    /// <param name="velocityIterations">Passes of the velocity solver.</param>
    /// <param name="positionIterations">Passes of the position solver, at most.</param>
    public void Step(float duration, int velocityIterations, int positionIterations)
    {
        if (hasNewFixtures != 0)
        {
            FindNewContacts();
            hasNewFixtures = 0;
        }

        float ratio = latestDuration > 0 ? 1.0f / latestDuration * duration : 0;
        var step = new TimeStep(duration, ratio, velocityIterations, positionIterations, WarmStart: true);
        UpdateContacts();
        SolveIslands(step);
        SolveImpacts(step);
        latestDuration = duration;
        ClearForces();
    }

    /// <summary>How far a ray gets before it meets an edge or a polygon of certain categories.</summary>
    /// <returns>The fraction of the way; 1 where nothing is met.</returns>
    public float CastRay(Vector from, Vector to, int categories)
    {
        var nearest = new NearestHit(this, from, to, categories);
        broadPhase.Tree.Cast(from, to, ref nearest);
        return nearest.Fraction;
    }

    private void SolveIslands(in TimeStep step)
    {
        for (int body = firstBody; body != None; body = bodies[body].Next) bodies[body].InIsland = 0;
        for (int contact = firstContact; contact != None; contact = contacts[contact].Next) contacts[contact].InIsland = 0;
        for (int joint = firstJoint; joint != None; joint = joints[joint].Next) joints[joint].InIsland = 0;

        for (int seed = firstBody; seed != None; seed = bodies[seed].Next)
        {
            ref BodyState body = ref bodies[seed];
            if (body.InIsland != 0 || !body.IsAwake || !body.IsDynamic) continue;
            GatherIsland(seed);
            island.Solve(step);

            // Static bodies take part in any number of islands.
            foreach (int member in island.Bodies)
            {
                if (!bodies[member].IsDynamic) bodies[member].InIsland = 0;
            }
        }

        for (int body = firstBody; body != None; body = bodies[body].Next)
        {
            if (bodies[body].InIsland != 0 && bodies[body].IsDynamic) MoveBounds(ref bodies[body]);
        }

        FindNewContacts();
    }

    // Depth first over contacts and joints; static bodies are taken along but not passed through.
    private void GatherIsland(int seed)
    {
        island.Clear();
        pending.Clear();
        pending.Push(seed);
        bodies[seed].InIsland = 1;
        while (pending.Count > 0)
        {
            int index = pending.Pop();
            ref BodyState body = ref bodies[index];
            island.AddBody(index);
            body.Wake();
            if (!body.IsDynamic) continue;
            for (int link = body.FirstContactLink; link != None; link = contactLinks[link].Next)
            {
                ref ContactState contact = ref contacts[link >> 1];
                if (contact.InIsland != 0 || contact.Enabled == 0 || contact.Touching == 0) continue;
                contact.InIsland = 1;
                island.AddContact(link >> 1);
                Reach(contactLinks[link].Other);
            }

            for (int link = body.FirstJointLink; link != None; link = jointLinks[link].Next)
            {
                ref JointState joint = ref joints[link >> 1];
                if (joint.InIsland != 0) continue;
                joint.InIsland = 1;
                island.AddJoint(link >> 1);
                Reach(jointLinks[link].Other);
            }
        }
    }

    private void Reach(int body)
    {
        if (bodies[body].InIsland != 0) return;
        bodies[body].InIsland = 1;
        pending.Push(body);
    }

    // The boxes in the broad phase hold the fixtures at both ends of the body's motion.
    private void MoveBounds(ref BodyState body)
    {
        var start = Transform.Around(body.Sweep.StartCentre, body.Sweep.StartAngle, body.Sweep.LocalCentre);
        for (int index = body.FirstFixture; index != None; index = fixtures[index].Next)
        {
            ref FixtureState fixture = ref fixtures[index];
            var bounds = Bounds.Around(fixture.Shape.BoundsAt(start), fixture.Shape.BoundsAt(body.Transform));
            broadPhase.Move(fixture.Leaf, bounds, body.Transform.Position - start.Position);
        }
    }

    private void ClearForces()
    {
        for (int body = firstBody; body != None; body = bodies[body].Next)
        {
            bodies[body].Force = default;
            bodies[body].Torque = 0;
        }
    }

    private struct NearestHit(World world, Vector from, Vector to, int categories) : IRayVisitor
    {
        public float Fraction { get; private set; } = 1;

        public float Visit(int fixture, float limit)
        {
            ref FixtureState state = ref world.fixtures[fixture];
            if ((state.Filter.Category & categories) == 0) return limit;
            ref Transform transform = ref world.bodies[state.Body].Transform;
            if (!RayCast.Hits(state.Shape, transform, from, to, limit, out float fraction)) return limit;
            Fraction = fraction;
            return fraction;
        }
    }
}
