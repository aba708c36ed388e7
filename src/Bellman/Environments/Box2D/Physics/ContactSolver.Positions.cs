namespace Bellman.Environments.Box2D.Physics;

internal sealed partial class ContactSolver
{
    /// <summary>One pass that pushes overlapping bodies apart.</summary>
    /// <returns>True where no overlap is worth another pass.</returns>
    public bool SolvePositions()
    {
        float least = 0;
        for (int i = 0; i < count; i++)
        {
            ref readonly ContactConstraint constraint = ref constraints[i];
            var weights = new InverseMasses(
                constraint.InverseMassA, constraint.InverseInertiaA, constraint.InverseMassB, constraint.InverseInertiaB);
            Separate(constraint, weights, Tuning.CorrectionRate, ref least);
        }

        return least >= -3.0f * Tuning.LinearSlop;
    }

    /// <summary>The same at an impact, where only the two bodies that meet may move.</summary>
    public bool SolveImpactPositions(int islandIndexA, int islandIndexB)
    {
        float least = 0;
        for (int i = 0; i < count; i++)
        {
            ref readonly ContactConstraint constraint = ref constraints[i];
            bool movesA = constraint.IndexA == islandIndexA || constraint.IndexA == islandIndexB;
            bool movesB = constraint.IndexB == islandIndexA || constraint.IndexB == islandIndexB;
            var weights = new InverseMasses(
                movesA ? constraint.InverseMassA : 0,
                movesA ? constraint.InverseInertiaA : 0,
                movesB ? constraint.InverseMassB : 0,
                movesB ? constraint.InverseInertiaB : 0);
            Separate(constraint, weights, Tuning.ImpactCorrectionRate, ref least);
        }

        return least >= -1.5f * Tuning.LinearSlop;
    }

    private readonly record struct InverseMasses(float MassA, float InertiaA, float MassB, float InertiaB);

    private void Separate(in ContactConstraint constraint, InverseMasses inverse, float rate, ref float least)
    {
        ref readonly Manifold manifold = ref world.Contacts[constraint.Contact].Manifold;
        BodyPosition a = island.Positions[constraint.IndexA];
        BodyPosition b = island.Positions[constraint.IndexB];
        for (int j = 0; j < manifold.Count; j++)
        {
            var transformA = Transform.Around(a.Centre, a.Angle, constraint.LocalCentreA);
            var transformB = Transform.Around(b.Centre, b.Angle, constraint.LocalCentreB);
            float separation = Measure(constraint, manifold, transformA, transformB, j, out Vector normal, out Vector point);
            if (separation < least) least = separation;

            Vector armA = point - a.Centre;
            Vector armB = point - b.Centre;
            float correction = Tuning.Clamp(
                rate * (separation + Tuning.LinearSlop), -Tuning.MaxLinearCorrection, 0);
            float leverA = Vector.Cross(armA, normal);
            float leverB = Vector.Cross(armB, normal);
            float mass = inverse.MassA + inverse.MassB
                + (inverse.InertiaA * leverA * leverA) + (inverse.InertiaB * leverB * leverB);
            Vector impulse = (mass > 0 ? -correction / mass : 0) * normal;
            a.Centre -= inverse.MassA * impulse;
            a.Angle -= inverse.InertiaA * Vector.Cross(armA, impulse);
            b.Centre += inverse.MassB * impulse;
            b.Angle += inverse.InertiaB * Vector.Cross(armB, impulse);
        }

        island.Positions[constraint.IndexA] = a;
        island.Positions[constraint.IndexB] = b;
    }

    private static float Measure(
        in ContactConstraint constraint,
        in Manifold manifold,
        in Transform transformA,
        in Transform transformB,
        int index,
        out Vector normal,
        out Vector point)
    {
        if (manifold.Kind == ManifoldKind.Points)
        {
            Vector centreA = transformA * manifold.LocalPoint;
            Vector centreB = transformB * manifold.Points[0].LocalPoint;
            normal = (centreB - centreA).Normalized();
            point = 0.5f * (centreA + centreB);
            return Vector.Dot(centreB - centreA, normal) - constraint.RadiusA - constraint.RadiusB;
        }

        manifold.Locate(transformA, transformB, index, out normal, out Vector plane, out point);
        float separation = Vector.Dot(point - plane, normal) - constraint.RadiusA - constraint.RadiusB;
        if (manifold.Kind == ManifoldKind.FaceB) normal = -normal;
        return separation;
    }
}
