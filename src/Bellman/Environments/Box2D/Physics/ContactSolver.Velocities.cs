using System.Runtime.CompilerServices;

namespace Bellman.Environments.Box2D.Physics;

internal sealed partial class ContactSolver
{
    /// <summary>One pass over all contacts.</summary>
    public void SolveVelocities()
    {
        for (int i = 0; i < count; i++)
        {
            ref readonly ContactConstraint constraint = ref constraints[i];
            ref ContactImpulses impulse = ref impulses[i];
            BodyVelocity a = island.Velocities[constraint.IndexA];
            BodyVelocity b = island.Velocities[constraint.IndexB];
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

            island.Velocities[constraint.IndexA] = a;
            island.Velocities[constraint.IndexB] = b;
        }
    }

    // How fast point B moves away from point A.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector RelativeVelocity(in ConstraintPoint point, in BodyVelocity a, in BodyVelocity b) =>
        b.Linear + Vector.Cross(b.Angular, point.ArmB) - a.Linear - Vector.Cross(a.Angular, point.ArmA);

    private static void SolveFriction(
        in ContactConstraint constraint,
        in ConstraintPoint point,
        float normalImpulse,
        ref float tangentImpulse,
        ref BodyVelocity a,
        ref BodyVelocity b)
    {
        Vector tangent = constraint.Normal.TurnRight();
        float speed = Vector.Dot(RelativeVelocity(point, a, b), tangent);
        float most = constraint.Friction * normalImpulse;
        float total = Tuning.Clamp(tangentImpulse + (point.TangentMass * -speed), -most, most);
        float change = total - tangentImpulse;
        tangentImpulse = total;
        Push(constraint, point, change * tangent, ref a, ref b);
    }

    private static void SolveNormal(
        in ContactConstraint constraint,
        in ConstraintPoint point,
        ref float normalImpulse,
        ref BodyVelocity a,
        ref BodyVelocity b)
    {
        float speed = Vector.Dot(RelativeVelocity(point, a, b), constraint.Normal);
        float total = normalImpulse + (-point.NormalMass * (speed - point.Bounce));
        if (!(total > 0)) total = 0;
        float change = total - normalImpulse;
        normalImpulse = total;
        Push(constraint, point, change * constraint.Normal, ref a, ref b);
    }

    // Finds impulses x ≥ 0 and speeds v = K·x + b ≥ 0 with x·v = 0 by trying which of the two are zero.
    private static void SolveBlock(
        in ContactConstraint constraint, ref ContactImpulses impulse, ref BodyVelocity a, ref BodyVelocity b)
    {
        ref readonly ConstraintPoint first = ref constraint.Points[0];
        ref readonly ConstraintPoint second = ref constraint.Points[1];
        float old1 = impulse.Normal1;
        float old2 = impulse.Normal2;
        float b1 = Vector.Dot(RelativeVelocity(first, a, b), constraint.Normal) - first.Bounce;
        float b2 = Vector.Dot(RelativeVelocity(second, a, b), constraint.Normal) - second.Bounce;
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
        Vector push1 = (x1 - old1) * constraint.Normal;
        Vector push2 = (x2 - old2) * constraint.Normal;
        Vector both = push1 + push2;
        a.Linear -= constraint.InverseMassA * both;
        a.Angular -= constraint.InverseInertiaA * (Vector.Cross(first.ArmA, push1) + Vector.Cross(second.ArmA, push2));
        b.Linear += constraint.InverseMassB * both;
        b.Angular += constraint.InverseInertiaB * (Vector.Cross(first.ArmB, push1) + Vector.Cross(second.ArmB, push2));
        impulse.Normal1 = x1;
        impulse.Normal2 = x2;
    }
}
