using System.Runtime.CompilerServices;

namespace Bellman.Environments.Box2D.Physics;

internal sealed partial class ContactSolver
{
    /// <summary>One pass over all contacts.</summary>
    public void SolveVelocities()
    {
        Span<BodyVelocity> velocities = island.Velocities;
        for (int i = 0; i < count; i++)
        {
            ref readonly ContactConstraint constraint = ref constraints[i];
            ref ContactImpulses impulse = ref impulses[i];
            BodyVelocity a = velocities[constraint.IndexA];
            BodyVelocity b = velocities[constraint.IndexB];
            ref readonly ConstraintPoint first = ref constraint.Points[0];

            // Friction first: what must not slide matters less than what must not sink in.
            SolveFriction(constraint, first, impulse.Normal1, ref impulse.Tangent1, ref a, ref b);
            if (constraint.Count == 1)
            {
                SolveNormal(constraint, first, ref impulse.Normal1, ref a, ref b);
            }
            else
            {
                SolveFriction(constraint, constraint.Points[1], impulse.Normal2, ref impulse.Tangent2, ref a, ref b);
                SolveBlock(constraint, ref impulse, ref a, ref b);
            }

            velocities[constraint.IndexA] = a;
            velocities[constraint.IndexB] = b;
        }
    }

    // How fast point B moves away from point A along a direction. Here and below every operation is written out in scalars: as
    // operators of vectors they are too many for the compiler to keep in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SpeedAlong(in ConstraintPoint point, float x, float y, in BodyVelocity a, in BodyVelocity b)
    {
        float speedX = b.Linear.X - (b.Angular * point.ArmB.Y) - a.Linear.X + (a.Angular * point.ArmA.Y);
        float speedY = b.Linear.Y + (b.Angular * point.ArmB.X) - a.Linear.Y - (a.Angular * point.ArmA.X);
        return (speedX * x) + (speedY * y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Push(
        in ContactConstraint constraint, in ConstraintPoint point, float x, float y, ref BodyVelocity a, ref BodyVelocity b)
    {
        a.Angular -= constraint.InverseInertiaA * ((point.ArmA.X * y) - (point.ArmA.Y * x));
        a.Linear = new Vector(a.Linear.X - (constraint.InverseMassA * x), a.Linear.Y - (constraint.InverseMassA * y));
        b.Angular += constraint.InverseInertiaB * ((point.ArmB.X * y) - (point.ArmB.Y * x));
        b.Linear = new Vector(b.Linear.X + (constraint.InverseMassB * x), b.Linear.Y + (constraint.InverseMassB * y));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SolveFriction(
        in ContactConstraint constraint,
        in ConstraintPoint point,
        float normalImpulse,
        ref float tangentImpulse,
        ref BodyVelocity a,
        ref BodyVelocity b)
    {
        // The tangent lies to the right of the normal.
        float x = constraint.Normal.Y;
        float y = -constraint.Normal.X;
        float old = tangentImpulse;
        float most = constraint.Friction * normalImpulse;
        float total = Tuning.Clamp(old - (point.TangentMass * SpeedAlong(point, x, y, a, b)), -most, most);
        float change = total - old;
        tangentImpulse = total;
        Push(constraint, point, change * x, change * y, ref a, ref b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SolveNormal(
        in ContactConstraint constraint,
        in ConstraintPoint point,
        ref float normalImpulse,
        ref BodyVelocity a,
        ref BodyVelocity b)
    {
        float x = constraint.Normal.X;
        float y = constraint.Normal.Y;
        float old = normalImpulse;
        float total = old - (point.NormalMass * (SpeedAlong(point, x, y, a, b) - point.Bounce));
        if (!(total > 0)) total = 0;
        float change = total - old;
        normalImpulse = total;
        Push(constraint, point, change * x, change * y, ref a, ref b);
    }

    // Finds impulses x ≥ 0 and speeds v = K·x + b ≥ 0 with x·v = 0 by trying which of the two are zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SolveBlock(
        in ContactConstraint constraint, ref ContactImpulses impulse, ref BodyVelocity a, ref BodyVelocity b)
    {
        ref readonly ConstraintPoint first = ref constraint.Points[0];
        ref readonly ConstraintPoint second = ref constraint.Points[1];
        float old1 = impulse.Normal1;
        float old2 = impulse.Normal2;
        float x = constraint.Normal.X;
        float y = constraint.Normal.Y;
        float b1 = SpeedAlong(first, x, y, a, b) - first.Bounce;
        float b2 = SpeedAlong(second, x, y, a, b) - second.Bounce;
        b1 -= (constraint.K11 * old1) + (constraint.K12 * old2);
        b2 -= (constraint.K12 * old1) + (constraint.K22 * old2);

        float x1 = -((constraint.Inverse11 * b1) + (constraint.Inverse12 * b2));
        float x2 = -((constraint.Inverse21 * b1) + (constraint.Inverse22 * b2));
        bool solved = x1 >= 0 && x2 >= 0;
        if (!solved)
        {
            x1 = -first.NormalMass * b1;
            x2 = 0;
            solved = x1 >= 0 && (constraint.K12 * x1) + b2 >= 0;
        }

        if (!solved)
        {
            x1 = 0;
            x2 = -second.NormalMass * b2;
            solved = x2 >= 0 && (constraint.K12 * x2) + b1 >= 0;
        }

        if (!solved)
        {
            x2 = 0;
            solved = b1 >= 0 && b2 >= 0;
        }

        // Rounding may leave no solution; then the impulses stay as they are.
        if (!solved) return;
        float push1X = (x1 - old1) * x, push1Y = (x1 - old1) * y;
        float push2X = (x2 - old2) * x, push2Y = (x2 - old2) * y;
        float pushX = push1X + push2X;
        float pushY = push1Y + push2Y;
        float turnA = ((first.ArmA.X * push1Y) - (first.ArmA.Y * push1X)) + ((second.ArmA.X * push2Y) - (second.ArmA.Y * push2X));
        float turnB = ((first.ArmB.X * push1Y) - (first.ArmB.Y * push1X)) + ((second.ArmB.X * push2Y) - (second.ArmB.Y * push2X));
        a.Linear = new Vector(a.Linear.X - (constraint.InverseMassA * pushX), a.Linear.Y - (constraint.InverseMassA * pushY));
        a.Angular -= constraint.InverseInertiaA * turnA;
        b.Linear = new Vector(b.Linear.X + (constraint.InverseMassB * pushX), b.Linear.Y + (constraint.InverseMassB * pushY));
        b.Angular += constraint.InverseInertiaB * turnB;
        impulse.Normal1 = x1;
        impulse.Normal2 = x2;
    }
}
