namespace Bellman.Environments.Box2D.Physics;

public sealed partial class World
{
    private void FindNewContacts()
    {
        foreach (ulong pair in broadPhase.TakePairs())
        {
            (int leafA, int leafB) = BroadPhase.Split(pair);
            int fixtureA = broadPhase.Tree.FixtureOf(leafA);
            int fixtureB = broadPhase.Tree.FixtureOf(leafB);
            if (MayTouch(fixtureA, fixtureB) && !HasContact(fixtureA, fixtureB)) CreateContact(fixtureA, fixtureB);
        }
    }

    private bool MayTouch(int fixtureA, int fixtureB)
    {
        ref FixtureState a = ref fixtures[fixtureA];
        ref FixtureState b = ref fixtures[fixtureB];
        return a.Body != b.Body && BodiesCollide(a.Body, b.Body) && CollisionFilter.Collide(a.Filter, b.Filter);
    }

    // One of two bodies must move, and no joint may hold them together.
    private bool BodiesCollide(int bodyA, int bodyB)
    {
        if (!bodies[bodyA].IsDynamic && !bodies[bodyB].IsDynamic) return false;
        for (int link = bodies[bodyB].FirstJointLink; link != None; link = jointLinks[link].Next)
        {
            if (jointLinks[link].Other == bodyA) return false;
        }

        return true;
    }

    private bool HasContact(int fixtureA, int fixtureB)
    {
        int bodyA = fixtures[fixtureA].Body;
        for (int link = bodies[fixtures[fixtureB].Body].FirstContactLink; link != None; link = contactLinks[link].Next)
        {
            if (contactLinks[link].Other != bodyA) continue;
            ref ContactState contact = ref contacts[link >> 1];
            if (contact.FixtureA == fixtureA && contact.FixtureB == fixtureB) return true;
            if (contact.FixtureA == fixtureB && contact.FixtureB == fixtureA) return true;
        }

        return false;
    }

    private void CreateContact(int fixtureA, int fixtureB)
    {
        ShapeKind kindA = fixtures[fixtureA].Shape.Kind;
        ShapeKind kindB = fixtures[fixtureB].Shape.Kind;
        if (!ContactState.Exists(kindA, kindB))
        {
            if (!ContactState.Exists(kindB, kindA)) return;
            (fixtureA, fixtureB) = (fixtureB, fixtureA);
        }

        int index = contacts.Take();
        FitLinks();
        ref FixtureState a = ref fixtures[fixtureA];
        ref FixtureState b = ref fixtures[fixtureB];
        contacts[index] = new ContactState
        {
            FixtureA = fixtureA,
            FixtureB = fixtureB,
            BodyA = a.Body,
            BodyB = b.Body,
            Previous = None,
            Next = firstContact,
            Enabled = 1,
            Friction = MathF.Sqrt(a.Friction * b.Friction),
            Restitution = a.Restitution > b.Restitution ? a.Restitution : b.Restitution,
        };
        if (firstContact != None) contacts[firstContact].Previous = index;
        firstContact = index;
        Link.PushFront(contactLinks, ref bodies[a.Body].FirstContactLink, 2 * index, b.Body);
        Link.PushFront(contactLinks, ref bodies[b.Body].FirstContactLink, (2 * index) + 1, a.Body);
        bodies[a.Body].Wake();
        bodies[b.Body].Wake();
    }

    private void DestroyContact(int index)
    {
        ref ContactState contact = ref contacts[index];
        if (contact.Touching != 0) ContactListener?.EndContact(new Body(this, contact.BodyA), new Body(this, contact.BodyB));
        if (contact.Previous != None) contacts[contact.Previous].Next = contact.Next;
        if (contact.Next != None) contacts[contact.Next].Previous = contact.Previous;
        if (firstContact == index) firstContact = contact.Next;
        Link.Remove(contactLinks, ref bodies[contact.BodyA].FirstContactLink, 2 * index);
        Link.Remove(contactLinks, ref bodies[contact.BodyB].FirstContactLink, (2 * index) + 1);
        if (contact.Manifold.Count > 0)
        {
            bodies[contact.BodyA].Wake();
            bodies[contact.BodyB].Wake();
        }

        contacts.Release(index);
    }

    // Drops the contacts whose boxes have parted and finds out where the others touch.
    private void UpdateContacts()
    {
        int next;
        for (int index = firstContact; index != None; index = next)
        {
            ref ContactState contact = ref contacts[index];
            next = contact.Next;
            if (contact.Refilter != 0)
            {
                if (!MayTouch(contact.FixtureA, contact.FixtureB))
                {
                    DestroyContact(index);
                    continue;
                }

                contact.Refilter = 0;
            }

            if (!IsActive(contact.BodyA) && !IsActive(contact.BodyB)) continue;
            if (broadPhase.Overlap(fixtures[contact.FixtureA].Leaf, fixtures[contact.FixtureB].Leaf))
            {
                UpdateContact(ref contact);
            }
            else
            {
                DestroyContact(index);
            }
        }
    }

    private bool IsActive(int body) => bodies[body].IsAwake && bodies[body].IsDynamic;

    private void UpdateContact(ref ContactState contact)
    {
        ManifoldPoints oldPoints = contact.Manifold.Points;
        int oldCount = contact.Manifold.Count;
        bool wasTouching = contact.Touching != 0;
        contact.Enabled = 1;

        Collide(ref contact);
        ref Manifold manifold = ref contact.Manifold;
        for (int i = 0; i < manifold.Count; i++)
        {
            ref ManifoldPoint point = ref manifold.Points[i];
            point.NormalImpulse = 0;
            point.TangentImpulse = 0;
            for (int j = 0; j < oldCount; j++)
            {
                if (oldPoints[j].Feature != point.Feature) continue;
                point.NormalImpulse = oldPoints[j].NormalImpulse;
                point.TangentImpulse = oldPoints[j].TangentImpulse;
                break;
            }
        }

        bool touches = manifold.Count > 0;
        contact.Touching = touches ? 1 : 0;
        if (touches == wasTouching) return;
        bodies[contact.BodyA].Wake();
        bodies[contact.BodyB].Wake();
        if (touches)
        {
            ContactListener?.BeginContact(new Body(this, contact.BodyA), new Body(this, contact.BodyB));
        }
        else
        {
            ContactListener?.EndContact(new Body(this, contact.BodyA), new Body(this, contact.BodyB));
        }
    }

    private void Collide(ref ContactState contact)
    {
        ref Shape a = ref fixtures[contact.FixtureA].Shape;
        ref Shape b = ref fixtures[contact.FixtureB].Shape;
        ref Transform transformA = ref bodies[contact.BodyA].Transform;
        ref Transform transformB = ref bodies[contact.BodyB].Transform;
        if (a.Kind == ShapeKind.Polygon)
        {
            PolygonCollision.WithPolygon(ref contact.Manifold, a, transformA, b, transformB);
        }
        else if (b.Kind == ShapeKind.Polygon)
        {
            EdgeCollision.WithPolygon(ref contact.Manifold, a, transformA, b, transformB);
        }
        else
        {
            EdgeCollision.WithCircle(ref contact.Manifold, a, transformA, b, transformB);
        }
    }
}
