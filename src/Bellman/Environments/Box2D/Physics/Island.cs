namespace Bellman.Environments.Box2D.Physics;

/// <summary>Bodies that touch or hang together, which are solved, and fall asleep, as one.</summary>
internal sealed class Island
{
    private readonly World world;
    private readonly ContactSolver contactSolver;
    private readonly JointSolver jointSolver;
    private readonly CycleDetector cycles = new();
    private readonly IndexList bodies = new();
    private readonly IndexList contacts = new();
    private readonly IndexList joints = new();
    private BodyPosition[] positions = new BodyPosition[8];
    private BodyVelocity[] velocities = new BodyVelocity[8];

    public Island(World world)
    {
        this.world = world;
        contactSolver = new ContactSolver(world, this);
        jointSolver = new JointSolver(world, this);
    }

    public BodyPosition[] Positions => positions;

    public BodyVelocity[] Velocities => velocities;

    public ReadOnlySpan<int> Bodies => bodies.Items;

    public int ContactCount => contacts.Count;

    public void Clear()
    {
        bodies.Clear();
        contacts.Clear();
        joints.Clear();
    }

    public void AddBody(int body)
    {
        world.Bodies[body].IslandIndex = bodies.Count;
        bodies.Add(body);
        if (bodies.Count <= positions.Length) return;
        Array.Resize(ref positions, 2 * positions.Length);
        Array.Resize(ref velocities, 2 * velocities.Length);
    }

    public void AddContact(int contact) => contacts.Add(contact);

    public void AddJoint(int joint) => joints.Add(joint);

    /// <summary>One step: forces, velocities, positions, sleep.</summary>
    public void Solve(in TimeStep step)
    {
        ApplyForces(step.Duration);
        contactSolver.Prepare(contacts.Items, step);
        contactSolver.Initialize();
        contactSolver.WarmStart();
        jointSolver.Prepare(joints.Items, step);
        SolveVelocities(step.VelocityIterations);
        jointSolver.StoreImpulses();
        contactSolver.StoreImpulses();
        Move(step.Duration);
        bool solved = SolvePositions(step.PositionIterations);
        for (int i = 0; i < bodies.Count; i++)
        {
            StoreMotion(i);
        }

        UpdateSleep(step.Duration, solved);
    }

    /// <summary>The rest of a step after the first two bodies have met.</summary>
    public void SolveImpact(in TimeStep step)
    {
        for (int i = 0; i < bodies.Count; i++)
        {
            TakeMotion(i);
        }

        contactSolver.Prepare(contacts.Items, step);
        jointSolver.Prepare([], step);
        for (int i = 0; i < step.PositionIterations; i++)
        {
            if (contactSolver.SolveImpactPositions(0, 1)) break;
        }

        // From here on the two start at the corrected place.
        for (int i = 0; i < 2; i++)
        {
            ref Sweep sweep = ref world.Bodies[bodies.Items[i]].Sweep;
            sweep.StartCentre = positions[i].Centre;
            sweep.StartAngle = positions[i].Angle;
        }

        contactSolver.Initialize();
        SolveVelocities(step.VelocityIterations);

        // The impulses of an impact are large and say nothing about the next step, so they are not stored.
        Move(step.Duration);
        for (int i = 0; i < bodies.Count; i++)
        {
            StoreMotion(i);
        }
    }

    private void ApplyForces(float duration)
    {
        Vector gravity = world.Gravity;
        for (int i = 0; i < bodies.Count; i++)
        {
            TakeMotion(i);
            ref BodyState body = ref world.Bodies[bodies.Items[i]];
            body.Sweep.StartCentre = body.Sweep.Centre;
            body.Sweep.StartAngle = body.Sweep.Angle;
            if (!body.IsDynamic) continue;
            velocities[i].Linear += duration * ((body.GravityScale * gravity) + (body.InverseMass * body.Force));
            velocities[i].Angular += duration * body.InverseInertia * body.Torque;
        }
    }

    // Once the velocities and impulses repeat, the passes that are left only go round: one more round is made, and of the others
    // what is not the same again. The result is that of all passes, bit for bit.
    private void SolveVelocities(int iterations)
    {
        cycles.Begin();
        int left = iterations;
        for (; left > 0; left--)
        {
            int round = cycles.FindRound(Moving, jointSolver.Turns, contactSolver.Impulses);
            if (round > 0 && left >= 2 * round)
            {
                for (int pass = 0; pass < round; pass++) SolveVelocitiesOnce(pass);
                jointSolver.Repeat(round, (left / round) - 1);
                left %= round;
                break;
            }

            SolveVelocitiesOnce(pass: 0);
        }

        for (; left > 0; left--) SolveVelocitiesOnce(pass: 0);
    }

    private void SolveVelocitiesOnce(int pass)
    {
        jointSolver.SolveVelocities(pass);
        contactSolver.SolveVelocities();
    }

    private Span<BodyVelocity> Moving => velocities.AsSpan(0, bodies.Count);

    private bool SolvePositions(int iterations)
    {
        for (int i = 0; i < iterations; i++)
        {
            bool contactsSolved = contactSolver.SolvePositions();
            bool jointsSolved = jointSolver.SolvePositions();
            if (contactsSolved && jointsSolved) return true;
        }

        return false;
    }

    private void Move(float duration)
    {
        for (int i = 0; i < bodies.Count; i++)
        {
            ref BodyVelocity velocity = ref velocities[i];
            Vector translation = duration * velocity.Linear;
            if (translation.LengthSquared > Tuning.MaxTranslation * Tuning.MaxTranslation)
            {
                velocity.Linear = (Tuning.MaxTranslation / translation.Length) * velocity.Linear;
            }

            float rotation = duration * velocity.Angular;
            if (rotation * rotation > Tuning.MaxRotation * Tuning.MaxRotation)
            {
                velocity.Angular *= Tuning.MaxRotation / MathF.Abs(rotation);
            }

            positions[i].Centre += duration * velocity.Linear;
            positions[i].Angle += duration * velocity.Angular;
        }
    }

    private void TakeMotion(int index)
    {
        ref BodyState body = ref world.Bodies[bodies.Items[index]];
        positions[index] = new BodyPosition { Centre = body.Sweep.Centre, Angle = body.Sweep.Angle };
        velocities[index] = new BodyVelocity { Linear = body.LinearVelocity, Angular = body.AngularVelocity };
    }

    private void StoreMotion(int index)
    {
        ref BodyState body = ref world.Bodies[bodies.Items[index]];
        body.Sweep.Centre = positions[index].Centre;
        body.Sweep.Angle = positions[index].Angle;
        body.LinearVelocity = velocities[index].Linear;
        body.AngularVelocity = velocities[index].Angular;
        body.PlaceAtEnd();
    }

    private void UpdateSleep(float duration, bool solved)
    {
        const float LinearTolerance = Tuning.LinearSleepTolerance * Tuning.LinearSleepTolerance;
        const float AngularTolerance = Tuning.AngularSleepTolerance * Tuning.AngularSleepTolerance;
        float shortest = float.MaxValue;
        foreach (int index in bodies.Items)
        {
            ref BodyState body = ref world.Bodies[index];
            if (!body.IsDynamic) continue;
            bool moves = body.AngularVelocity * body.AngularVelocity > AngularTolerance
                || body.LinearVelocity.LengthSquared > LinearTolerance;
            body.SleepTime = moves ? 0 : body.SleepTime + duration;
            if (body.SleepTime < shortest) shortest = body.SleepTime;
        }

        if (!(shortest >= Tuning.TimeToSleep && solved)) return;
        foreach (int index in bodies.Items)
        {
            world.Bodies[index].Sleep();
        }
    }
}

/// <summary>A list of numbers that keeps its memory.</summary>
internal sealed class IndexList
{
    private int[] items = new int[16];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Items => items.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(int item)
    {
        if (Count == items.Length) Array.Resize(ref items, 2 * Count);
        items[Count++] = item;
    }

    public void Push(int item) => Add(item);

    public int Pop() => items[--Count];
}
