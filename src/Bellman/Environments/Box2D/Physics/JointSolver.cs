using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bellman.Environments.Box2D.Physics;

/// <summary>Sequential impulses for hinges: motor first, then the point constraint together with the limit.</summary>
internal sealed class JointSolver(World world, Island island)
{
    private JointConstraint[] constraints = [];
    private JointTurns[] turns = [];
    private Vector[] pushes = [];

    // [pass of a round, joint]: what each pass took off the pushes.
    private Vector[] changes = [];
    private int count;

    /// <summary>The impulses accumulated so far, as far as later passes depend on them.</summary>
    public Span<JointTurns> Turns => turns.AsSpan(0, count);

    // Two joints are four floats, one vector.
    private int Stride => (count + 1) & ~1;

    /// <summary>Takes up the joints of an island and applies the latest step's impulses.</summary>
    public void Prepare(ReadOnlySpan<int> joints, in TimeStep step)
    {
        count = joints.Length;
        if (count > constraints.Length)
        {
            constraints = new JointConstraint[count];
            turns = new JointTurns[count];
            pushes = new Vector[Stride];
            changes = new Vector[Stride * CycleDetector.LongestRound];
        }

        for (int i = 0; i < count; i++)
        {
            ref JointState joint = ref world.Joints[joints[i]];
            ref JointConstraint constraint = ref constraints[i];
            constraint.Joint = joints[i];
            TakeBodies(ref constraint, joint);
            constraint.SetMatrix();
            constraint.MotorSpeed = joint.MotorSpeed;
            constraint.MaxMotorImpulse = step.Duration * joint.MaxMotorTorque;

            JointImpulses impulses = joint.Impulses;
            bool motorTurns = joint.HasMotor != 0 && constraint.K33 != 0;
            if (!motorTurns) impulses.Motor = 0;
            UpdateLimit(ref joint, constraint, ref impulses);
            constraint.Limit = joint.Limit;
            constraint.HasMotor = motorTurns && joint.Limit != LimitState.Equal;
            constraint.ReferenceAngle = joint.ReferenceAngle;
            constraint.LowerAngle = joint.LowerAngle;
            constraint.UpperAngle = joint.UpperAngle;
            WarmStart(constraint, impulses, step.Ratio, out pushes[i], out turns[i]);
        }
    }

    /// <summary>One pass over all joints.</summary>
    /// <param name="pass">Its number in a round that will be repeated.</param>
    public void SolveVelocities(int pass = 0)
    {
        if (count == 0) return;
        Span<BodyVelocity> velocities = island.Velocities;
        Span<Vector> taken = changes.AsSpan(pass * Stride, count);

        // The time goes into waiting for one result after the other, so a body that several joints in a row hold, the hull of
        // a walker, stays out of memory meanwhile.
        int held = constraints[0].IndexA;
        BodyVelocity a = velocities[held];
        for (int i = 0; i < count; i++)
        {
            ref readonly JointConstraint constraint = ref constraints[i];
            if (constraint.IndexA != held)
            {
                velocities[held] = a;
                held = constraint.IndexA;
                a = velocities[held];
            }

            BodyVelocity b = velocities[constraint.IndexB];
            if (constraint.HasMotor) SolveMotor(constraint, ref turns[i], ref a, ref b);
            float slipX = b.Linear.X - (b.Angular * constraint.ArmB.Y) - a.Linear.X + (a.Angular * constraint.ArmA.Y);
            float slipY = b.Linear.Y + (b.Angular * constraint.ArmB.X) - a.Linear.Y - (a.Angular * constraint.ArmA.X);
            var slip = new Vector(slipX, slipY);
            Vector change = constraint.Limit == LimitState.Free
                ? SolvePoint(constraint, slip, ref a, ref b)
                : SolvePointAndLimit(constraint, slip, ref turns[i], ref a, ref b);
            pushes[i] -= change;
            taken[i] = change;
            velocities[constraint.IndexB] = b;
        }

        velocities[held] = a;
    }

    /// <summary>
    /// Makes a round of passes again and again, after which velocities and turns are what they were. No pass reads the pushes, so
    /// of all that a pass computes only their changes are left to do, in the same order.
    /// </summary>
    /// <param name="passes">In the round; each was made with its number.</param>
    /// <param name="times">How often the round is repeated.</param>
    public void Repeat(int passes, int times)
    {
        Span<Vector128<float>> sums = MemoryMarshal.Cast<Vector, Vector128<float>>(pushes.AsSpan());
        ReadOnlySpan<Vector128<float>> taken = MemoryMarshal.Cast<Vector, Vector128<float>>(changes);
        int pairs = Stride / 2;
        for (int pair = 0; pair < pairs; pair++)
        {
            Vector128<float> sum = sums[pair];
            for (int round = 0; round < times; round++)
            {
                Vector128<float> before = sum;
                for (int pass = 0; pass < passes; pass++) sum -= taken[(pass * pairs) + pair];
                if (sum == before) break;
            }

            sums[pair] = sum;
        }
    }

    /// <summary>Leaves the impulses with the joints, for the next step.</summary>
    public void StoreImpulses()
    {
        for (int i = 0; i < count; i++)
        {
            world.Joints[constraints[i].Joint].Impulses = new JointImpulses
            {
                X = pushes[i].X,
                Y = pushes[i].Y,
                Limit = turns[i].Limit,
                Motor = turns[i].Motor,
            };
        }
    }

    /// <summary>One pass that puts hinges together and angles into their limits.</summary>
    /// <returns>True where no error is worth another pass.</returns>
    public bool SolvePositions()
    {
        bool solved = true;
        for (int i = 0; i < count; i++)
        {
            ref readonly JointConstraint constraint = ref constraints[i];
            BodyPosition a = island.Positions[constraint.IndexA];
            BodyPosition b = island.Positions[constraint.IndexB];
            float angularError = constraint.Limit == LimitState.Free ? 0 : CorrectAngle(constraint, ref a, ref b);
            float positionError = CorrectPoint(constraint, ref a, ref b);
            island.Positions[constraint.IndexA] = a;
            island.Positions[constraint.IndexB] = b;
            solved &= positionError <= Tuning.LinearSlop && angularError <= Tuning.AngularSlop;
        }

        return solved;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SolveMotor(
        in JointConstraint constraint, ref JointTurns turns, ref BodyVelocity a, ref BodyVelocity b)
    {
        float slip = b.Angular - a.Angular - constraint.MotorSpeed;
        float old = turns.Motor;
        float total = Tuning.Clamp(
            old - (constraint.MotorMass * slip), -constraint.MaxMotorImpulse, constraint.MaxMotorImpulse);
        float change = total - old;
        turns.Motor = total;
        a.Angular -= constraint.InverseInertiaA * change;
        b.Angular += constraint.InverseInertiaB * change;
    }

    // Both return what is to be taken off the joint's push: signs do not round, so that subtractions are Box2D's additions.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector SolvePoint(in JointConstraint constraint, Vector slip, ref BodyVelocity a, ref BodyVelocity b)
    {
        Vector change = Solve2(constraint, slip);
        a.Angular += constraint.InverseInertiaA * Vector.Cross(constraint.ArmA, change);
        b.Angular -= constraint.InverseInertiaB * Vector.Cross(constraint.ArmB, change);
        a.Linear += constraint.InverseMassA * change;
        b.Linear -= constraint.InverseMassB * change;
        return change;
    }

    private static Vector SolvePointAndLimit(
        in JointConstraint constraint, Vector slip, ref JointTurns turns, ref BodyVelocity a, ref BodyVelocity b)
    {
        float turn = b.Angular - a.Angular;
        Vector change = Solve3(constraint, slip, turn, out float limit);
        float total = turns.Limit - limit;

        // A limit pushes only one way: where it would pull, its impulse goes to zero and the point is solved alone.
        bool pulls = (constraint.Limit == LimitState.AtLower && total < 0)
            || (constraint.Limit == LimitState.AtUpper && total > 0);
        if (pulls)
        {
            float rightX = (turns.Limit * constraint.K13) - slip.X;
            float rightY = (turns.Limit * constraint.K23) - slip.Y;
            change = new Vector(
                -(constraint.InverseDeterminant2 * ((constraint.K22 * rightX) - (constraint.K12 * rightY))),
                -(constraint.InverseDeterminant2 * ((constraint.K11 * rightY) - (constraint.K12 * rightX))));
            limit = turns.Limit;
            total = 0;
        }

        turns.Limit = total;
        a.Linear += constraint.InverseMassA * change;
        a.Angular += constraint.InverseInertiaA * (Vector.Cross(constraint.ArmA, change) + limit);
        b.Linear -= constraint.InverseMassB * change;
        b.Angular -= constraint.InverseInertiaB * (Vector.Cross(constraint.ArmB, change) + limit);
        return change;
    }

    private static Vector Solve2(in JointConstraint k, Vector right) => new(
        k.InverseDeterminant2 * ((k.K22 * right.X) - (k.K12 * right.Y)),
        k.InverseDeterminant2 * ((k.K11 * right.Y) - (k.K12 * right.X)));

    // Cramer's rule.
    private static Vector Solve3(in JointConstraint k, Vector right, float turn, out float limit)
    {
        float x = (right.X * k.Cross1) + (right.Y * k.Cross2) + (turn * k.Cross3);
        float y = (k.K11 * ((right.Y * k.K33) - (turn * k.K23)))
            + (k.K12 * ((turn * k.K13) - (right.X * k.K33)))
            + (k.K13 * ((right.X * k.K23) - (right.Y * k.K13)));
        float z = (k.K11 * ((k.K22 * turn) - (k.K23 * right.Y)))
            + (k.K12 * ((k.K23 * right.X) - (k.K12 * turn)))
            + (k.K13 * ((k.K12 * right.Y) - (k.K22 * right.X)));
        limit = k.InverseDeterminant3 * z;
        return new Vector(k.InverseDeterminant3 * x, k.InverseDeterminant3 * y);
    }

    private static float CorrectAngle(in JointConstraint constraint, ref BodyPosition a, ref BodyPosition b)
    {
        float angle = b.Angle - a.Angle - constraint.ReferenceAngle;
        float error;
        float correction;
        switch (constraint.Limit)
        {
            case LimitState.AtLower:
                error = constraint.LowerAngle - angle;
                correction = Tuning.Clamp(
                    angle - constraint.LowerAngle + Tuning.AngularSlop, -Tuning.MaxAngularCorrection, 0);
                break;
            case LimitState.AtUpper:
                error = angle - constraint.UpperAngle;
                correction = Tuning.Clamp(error - Tuning.AngularSlop, 0, Tuning.MaxAngularCorrection);
                break;
            default:
                correction = Tuning.Clamp(
                    angle - constraint.LowerAngle, -Tuning.MaxAngularCorrection, Tuning.MaxAngularCorrection);
                error = MathF.Abs(correction);
                break;
        }

        float impulse = -constraint.MotorMass * correction;
        a.Angle -= constraint.InverseInertiaA * impulse;
        b.Angle += constraint.InverseInertiaB * impulse;
        return error;
    }

    private static float CorrectPoint(in JointConstraint constraint, ref BodyPosition a, ref BodyPosition b)
    {
        Vector armA = Rotation.FromAngle(a.Angle) * constraint.LocalArmA;
        Vector armB = Rotation.FromAngle(b.Angle) * constraint.LocalArmB;
        Vector error = b.Centre + armB - a.Centre - armA;

        float mA = constraint.InverseMassA, mB = constraint.InverseMassB;
        float iA = constraint.InverseInertiaA, iB = constraint.InverseInertiaB;
        float k11 = mA + mB + (iA * armA.Y * armA.Y) + (iB * armB.Y * armB.Y);
        float k12 = (-iA * armA.X * armA.Y) - (iB * armB.X * armB.Y);
        float k22 = mA + mB + (iA * armA.X * armA.X) + (iB * armB.X * armB.X);
        float determinant = (k11 * k22) - (k12 * k12);
        if (determinant != 0) determinant = 1.0f / determinant;
        Vector impulse = -new Vector(
            determinant * ((k22 * error.X) - (k12 * error.Y)), determinant * ((k11 * error.Y) - (k12 * error.X)));

        a.Centre -= mA * impulse;
        a.Angle -= iA * Vector.Cross(armA, impulse);
        b.Centre += mB * impulse;
        b.Angle += iB * Vector.Cross(armB, impulse);
        return error.Length;
    }

    private void TakeBodies(ref JointConstraint constraint, in JointState joint)
    {
        ref BodyState a = ref world.Bodies[joint.BodyA];
        ref BodyState b = ref world.Bodies[joint.BodyB];
        constraint.IndexA = a.IslandIndex;
        constraint.IndexB = b.IslandIndex;
        constraint.InverseMassA = a.InverseMass;
        constraint.InverseMassB = b.InverseMass;
        constraint.InverseInertiaA = a.InverseInertia;
        constraint.InverseInertiaB = b.InverseInertia;
        constraint.LocalArmA = joint.LocalAnchorA - a.Sweep.LocalCentre;
        constraint.LocalArmB = joint.LocalAnchorB - b.Sweep.LocalCentre;
        constraint.ArmA = Rotation.FromAngle(island.Positions[constraint.IndexA].Angle) * constraint.LocalArmA;
        constraint.ArmB = Rotation.FromAngle(island.Positions[constraint.IndexB].Angle) * constraint.LocalArmB;
    }

    private void UpdateLimit(ref JointState joint, in JointConstraint constraint, ref JointImpulses impulse)
    {
        float angle = island.Positions[constraint.IndexB].Angle - island.Positions[constraint.IndexA].Angle
            - joint.ReferenceAngle;
        LimitState before = joint.Limit;
        if (joint.HasLimits == 0 || constraint.K33 == 0)
        {
            joint.Limit = LimitState.Free;
        }
        else if (MathF.Abs(joint.UpperAngle - joint.LowerAngle) < 2.0f * Tuning.AngularSlop)
        {
            joint.Limit = LimitState.Equal;
        }
        else
        {
            joint.Limit = angle <= joint.LowerAngle ? LimitState.AtLower
                : angle >= joint.UpperAngle ? LimitState.AtUpper
                : LimitState.Free;
            if (joint.Limit != before || joint.Limit == LimitState.Free) impulse.Limit = 0;
        }
    }

    private void WarmStart(
        in JointConstraint constraint, in JointImpulses impulses, float ratio, out Vector push, out JointTurns turns)
    {
        push = new Vector(impulses.X * ratio, impulses.Y * ratio);
        turns = new JointTurns { Limit = impulses.Limit * ratio, Motor = impulses.Motor * ratio };
        ref BodyVelocity a = ref island.Velocities[constraint.IndexA];
        ref BodyVelocity b = ref island.Velocities[constraint.IndexB];
        a.Linear -= constraint.InverseMassA * push;
        a.Angular -= constraint.InverseInertiaA * (Vector.Cross(constraint.ArmA, push) + turns.Motor + turns.Limit);
        b.Linear += constraint.InverseMassB * push;
        b.Angular += constraint.InverseInertiaB * (Vector.Cross(constraint.ArmB, push) + turns.Motor + turns.Limit);
    }
}
