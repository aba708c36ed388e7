namespace Bellman.Environments.Box2D.Physics;

/// <summary>When two moving shapes first touch: conservative advancement with root finding (Catto 2013).</summary>
internal static class TimeOfImpact
{
    private const int MaxIterations = 20;
    private const int MaxRootIterations = 50;

    /// <returns>True where the shapes come to touch; <paramref name="time"/> is then the fraction of the sweep.</returns>
    public static bool Find(in Shape shapeA, Sweep sweepA, in Shape shapeB, Sweep sweepB, out float time)
    {
        var pointsA = new PointCloud(shapeA.Vertices[..shapeA.Count]);
        var pointsB = new PointCloud(shapeB.Vertices[..shapeB.Count]);
        sweepA.Unwind();
        sweepB.Unwind();

        float radius = shapeA.Radius + shapeB.Radius;
        float target = MathF.Max(Tuning.LinearSlop, radius - (3.0f * Tuning.LinearSlop));
        const float Tolerance = 0.25f * Tuning.LinearSlop;
        SimplexCache cache = default;
        time = 0;
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            Transform transformA = sweepA.At(time);
            Transform transformB = sweepB.At(time);
            float distance = Distance.Between(pointsA, transformA, pointsB, transformB, ref cache);
            if (distance <= 0) return false;
            if (distance < target + Tolerance) return true;

            var separation = new SeparationFunction(
                pointsA, sweepA, transformA, pointsB, sweepB, transformB, cache);
            Progress progress = Advance(separation, target, Tolerance, ref time);
            if (progress != Progress.Continue) return progress == Progress.Touching;
        }

        return false;
    }

    private enum Progress
    {
        Continue,
        Touching,
        NoImpact,
    }

    // Moves on to where the deepest points of the current axis reach the target; pushes back while others are deeper.
    private static Progress Advance(in SeparationFunction separation, float target, float tolerance, ref float time)
    {
        float end = 1;
        for (int pushBack = 0; pushBack < Tuning.MaxPushBacks; pushBack++)
        {
            float atEnd = separation.Least(end, out int indexA, out int indexB);
            if (atEnd > target + tolerance) return Progress.NoImpact;
            if (atEnd > target - tolerance)
            {
                time = end;
                return Progress.Continue;
            }

            float atStart = separation.At(time, indexA, indexB);
            if (atStart < target - tolerance) return Progress.NoImpact;
            if (atStart <= target + tolerance) return Progress.Touching;
            end = FindRoot(separation, indexA, indexB, target, tolerance, time, end, atStart, atEnd);
        }

        return Progress.Continue;
    }

    // Alternates bisection and the secant rule.
    private static float FindRoot(
        in SeparationFunction separation,
        int indexA,
        int indexB,
        float target,
        float tolerance,
        float low,
        float high,
        float atLow,
        float atHigh)
    {
        float end = high;
        for (int iteration = 0; iteration < MaxRootIterations; iteration++)
        {
            float middle = (iteration & 1) != 0
                ? low + ((target - atLow) * (high - low) / (atHigh - atLow))
                : 0.5f * (low + high);
            float value = separation.At(middle, indexA, indexB);
            if (MathF.Abs(value - target) < tolerance) return middle;
            if (value > target)
            {
                low = middle;
                atLow = value;
            }
            else
            {
                high = middle;
                atHigh = value;
            }
        }

        return end;
    }
}

/// <summary>The distance of two moving shapes along an axis that one of them carries.</summary>
internal readonly ref struct SeparationFunction
{
    private readonly PointCloud pointsA;
    private readonly PointCloud pointsB;
    private readonly Sweep sweepA;
    private readonly Sweep sweepB;
    private readonly ManifoldKind kind;
    private readonly Vector localPoint;
    private readonly Vector axis;

    public SeparationFunction(
        in PointCloud pointsA,
        in Sweep sweepA,
        in Transform transformA,
        in PointCloud pointsB,
        in Sweep sweepB,
        in Transform transformB,
        in SimplexCache cache)
    {
        this.pointsA = pointsA;
        this.pointsB = pointsB;
        this.sweepA = sweepA;
        this.sweepB = sweepB;
        if (cache.Count == 1)
        {
            kind = ManifoldKind.Points;
            Vector pointA = transformA * pointsA[cache.IndexA(0)];
            Vector pointB = transformB * pointsB[cache.IndexB(0)];
            axis = (pointB - pointA).Normalized();
        }
        else if (cache.IndexA(0) == cache.IndexA(1))
        {
            kind = ManifoldKind.FaceB;
            Face(pointsB[cache.IndexB(0)], pointsB[cache.IndexB(1)], out axis, out localPoint);
            Vector other = transformA * pointsA[cache.IndexA(0)];
            if (Vector.Dot(other - (transformB * localPoint), transformB.Rotation * axis) < 0) axis = -axis;
        }
        else
        {
            kind = ManifoldKind.FaceA;
            Face(pointsA[cache.IndexA(0)], pointsA[cache.IndexA(1)], out axis, out localPoint);
            Vector other = transformB * pointsB[cache.IndexB(0)];
            if (Vector.Dot(other - (transformA * localPoint), transformA.Rotation * axis) < 0) axis = -axis;
        }
    }

    /// <summary>The separation of the deepest points at a time, and which they are (−1 for the face's side).</summary>
    public float Least(float time, out int indexA, out int indexB)
    {
        Transform transformA = sweepA.At(time);
        Transform transformB = sweepB.At(time);
        indexA = -1;
        indexB = -1;
        switch (kind)
        {
            case ManifoldKind.Points:
                indexA = pointsA.Furthest(transformA.Rotation.Undo(axis));
                indexB = pointsB.Furthest(transformB.Rotation.Undo(-axis));
                break;
            case ManifoldKind.FaceA:
                indexB = pointsB.Furthest(transformB.Rotation.Undo(-(transformA.Rotation * axis)));
                break;
            default:
                indexA = pointsA.Furthest(transformA.Rotation.Undo(-(transformB.Rotation * axis)));
                break;
        }

        return Between(transformA, transformB, indexA, indexB);
    }

    /// <summary>The separation of given points at a time.</summary>
    public float At(float time, int indexA, int indexB) => Between(sweepA.At(time), sweepB.At(time), indexA, indexB);

    private static void Face(Vector start, Vector end, out Vector axis, out Vector middle)
    {
        axis = (end - start).TurnRight().Normalized();
        middle = 0.5f * (start + end);
    }

    private float Between(in Transform transformA, in Transform transformB, int indexA, int indexB)
    {
        switch (kind)
        {
            case ManifoldKind.Points:
                return Vector.Dot((transformB * pointsB[indexB]) - (transformA * pointsA[indexA]), axis);
            case ManifoldKind.FaceA:
                return Vector.Dot(
                    (transformB * pointsB[indexB]) - (transformA * localPoint), transformA.Rotation * axis);
            default:
                return Vector.Dot(
                    (transformA * pointsA[indexA]) - (transformB * localPoint), transformB.Rotation * axis);
        }
    }
}
