namespace Bellman.Environments.Box2D.Physics;

public sealed partial class World
{
    /// <summary>
    /// Continuous collision: takes the impacts within the step in the order of their times, moves the bodies that meet back to
    /// their meeting, and solves the rest of their step from there, so that nothing passes through the ground.
    /// </summary>
    private void SolveImpacts(in TimeStep step)
    {
        for (int body = firstBody; body != None; body = bodies[body].Next)
        {
            bodies[body].InIsland = 0;
            bodies[body].Sweep.StartTime = 0;
        }

        for (int contact = firstContact; contact != None; contact = contacts[contact].Next)
        {
            contacts[contact].InIsland = 0;
            contacts[contact].HasImpactTime = 0;
            contacts[contact].Impacts = 0;
            contacts[contact].ImpactTime = 1;
        }

        while (true)
        {
            int first = FirstImpact(out float time);
            if (first == None || 1.0f - (10.0f * Tuning.Epsilon) < time) return;
            if (!GatherImpact(first, time)) continue;
            SolveImpact(step, time);
        }
    }

    private int FirstImpact(out float time)
    {
        int first = None;
        time = 1;
        for (int index = firstContact; index != None; index = contacts[index].Next)
        {
            ref ContactState contact = ref contacts[index];
            if (contact.Enabled == 0 || contact.Impacts > Tuning.MaxImpactsPerContact) continue;
            if (contact.HasImpactTime == 0)
            {
                // Two moving bodies may overlap for a step; only what does not move must not be passed through.
                if (!IsActive(contact.BodyA) && !IsActive(contact.BodyB)) continue;
                if (bodies[contact.BodyA].IsDynamic && bodies[contact.BodyB].IsDynamic) continue;
                contact.ImpactTime = FindImpact(contact);
                contact.HasImpactTime = 1;
            }

            if (contact.ImpactTime < time)
            {
                first = index;
                time = contact.ImpactTime;
            }
        }

        return first;
    }

    private float FindImpact(in ContactState contact)
    {
        ref Sweep sweepA = ref bodies[contact.BodyA].Sweep;
        ref Sweep sweepB = ref bodies[contact.BodyB].Sweep;
        float start = sweepA.StartTime;
        if (sweepA.StartTime < sweepB.StartTime)
        {
            start = sweepB.StartTime;
            sweepA.AdvanceStart(start);
        }
        else if (sweepB.StartTime < sweepA.StartTime)
        {
            sweepB.AdvanceStart(start);
        }

        ref Shape shapeA = ref fixtures[contact.FixtureA].Shape;
        ref Shape shapeB = ref fixtures[contact.FixtureB].Shape;
        if (!TimeOfImpact.Find(shapeA, sweepA, shapeB, sweepB, out float share)) return 1;
        float time = start + ((1.0f - start) * share);
        return time < 1 ? time : 1;
    }

    // Moves the two bodies to their impact and gathers what else they touch there.
    private bool GatherImpact(int first, float time)
    {
        ref ContactState contact = ref contacts[first];
        int bodyA = contact.BodyA;
        int bodyB = contact.BodyB;
        Sweep backupA = bodies[bodyA].Sweep;
        Sweep backupB = bodies[bodyB].Sweep;
        bodies[bodyA].PlaceAt(time);
        bodies[bodyB].PlaceAt(time);
        UpdateContact(ref contact);
        contact.HasImpactTime = 0;
        contact.Impacts++;
        if (contact.Touching == 0)
        {
            contact.Enabled = 0;
            Restore(bodyA, backupA);
            Restore(bodyB, backupB);
            return false;
        }

        bodies[bodyA].Wake();
        bodies[bodyB].Wake();
        island.Clear();
        island.AddBody(bodyA);
        island.AddBody(bodyB);
        island.AddContact(first);
        bodies[bodyA].InIsland = 1;
        bodies[bodyB].InIsland = 1;
        contact.InIsland = 1;
        GatherTouching(bodyA, time);
        GatherTouching(bodyB, time);
        return true;
    }

    private void GatherTouching(int body, float time)
    {
        if (!bodies[body].IsDynamic) return;
        for (int link = bodies[body].FirstContactLink; link != None; link = contactLinks[link].Next)
        {
            if (island.Bodies.Length == 2 * Tuning.MaxImpactContacts || island.ContactCount == Tuning.MaxImpactContacts) return;
            ref ContactState contact = ref contacts[link >> 1];
            int other = contactLinks[link].Other;
            if (contact.InIsland != 0 || bodies[other].IsDynamic) continue;

            Sweep backup = bodies[other].Sweep;
            if (bodies[other].InIsland == 0) bodies[other].PlaceAt(time);
            UpdateContact(ref contact);
            if (contact.Touching == 0)
            {
                Restore(other, backup);
                continue;
            }

            contact.InIsland = 1;
            island.AddContact(link >> 1);
            if (bodies[other].InIsland != 0) continue;
            bodies[other].InIsland = 1;
            island.AddBody(other);
        }
    }

    private void SolveImpact(in TimeStep step, float time)
    {
        float rest = (1.0f - time) * step.Duration;
        island.SolveImpact(new TimeStep(
            rest, Ratio: 1, step.VelocityIterations, Tuning.ImpactPositionIterations, WarmStart: false));
        foreach (int member in island.Bodies)
        {
            ref BodyState body = ref bodies[member];
            body.InIsland = 0;
            if (!body.IsDynamic) continue;
            MoveBounds(ref body);

            // The body's other impacts are no longer where they were.
            for (int link = body.FirstContactLink; link != None; link = contactLinks[link].Next)
            {
                contacts[link >> 1].HasImpactTime = 0;
                contacts[link >> 1].InIsland = 0;
            }
        }

        FindNewContacts();
    }

    private void Restore(int body, in Sweep sweep)
    {
        bodies[body].Sweep = sweep;
        bodies[body].PlaceAtEnd();
    }
}
