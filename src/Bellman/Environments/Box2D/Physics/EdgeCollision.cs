namespace Bellman.Environments.Box2D.Physics;

/// <summary>Where an edge touches a polygon or a disc.</summary>
internal static class EdgeCollision
{
    private const float Radius = 2.0f * Tuning.PolygonRadius;

    public static void WithPolygon(
        ref Manifold manifold, in Shape edge, in Transform transformA, in Shape polygon, in Transform transformB)
    {
        // All of it happens in the coordinates of the edge's body.
        manifold.Count = 0;
        Transform frame = transformB.In(transformA);
        Vector start = edge.Vertices[0];
        Vector end = edge.Vertices[1];
        Vector right = (end - start).Normalized().TurnRight();
        bool front = Vector.Dot(right, (frame * polygon.Centroid) - start) >= 0;
        Vector normal = front ? right : -right;

        Span<Vector> vertices = stackalloc Vector[Tuning.MaxPolygonVertices];
        Span<Vector> normals = stackalloc Vector[Tuning.MaxPolygonVertices];
        vertices = vertices[..polygon.Count];
        normals = normals[..polygon.Count];
        for (int i = 0; i < vertices.Length; i++)
        {
            vertices[i] = frame * polygon.Vertices[i];
            normals[i] = frame.Rotation * polygon.Normals[i];
        }

        float edgeSeparation = EdgeSeparation(vertices, start, normal);
        if (edgeSeparation > Radius) return;
        int face = DeepestFace(vertices, normals, start, end, normal, out float faceSeparation);
        if (face >= 0 && faceSeparation > Radius) return;

        // The edge is preferred, so that the choice does not flicker.
        if (face >= 0 && faceSeparation > (0.98f * edgeSeparation) + 0.001f)
        {
            ClipEdge(ref manifold, polygon, face, vertices, normals, start, end);
        }
        else
        {
            ClipPolygon(ref manifold, frame, vertices, normals, start, end, normal, front);
        }
    }

    public static void WithCircle(
        ref Manifold manifold, in Shape edge, in Transform transformA, in Shape circle, in Transform transformB)
    {
        manifold.Count = 0;
        Vector centre = transformA.Undo(transformB * circle.Vertices[0]);
        Vector start = edge.Vertices[0];
        Vector end = edge.Vertices[1];
        Vector way = end - start;
        float beforeEnd = Vector.Dot(way, end - centre);
        float afterStart = Vector.Dot(way, centre - start);
        float radius = edge.Radius + circle.Radius;

        if (afterStart <= 0 || beforeEnd <= 0)
        {
            bool atStart = afterStart <= 0;
            Vector corner = atStart ? start : end;
            if ((centre - corner).LengthSquared > radius * radius) return;
            manifold.Kind = ManifoldKind.Points;
            manifold.LocalNormal = default;
            manifold.LocalPoint = corner;
            SetOnlyPoint(ref manifold, circle, new ContactFeature((byte)(atStart ? 0 : 1), 0, FeatureKind.Vertex, FeatureKind.Vertex));
            return;
        }

        Vector nearest = (1.0f / Vector.Dot(way, way)) * ((beforeEnd * start) + (afterStart * end));
        if ((centre - nearest).LengthSquared > radius * radius) return;
        Vector normal = way.TurnLeft();
        if (Vector.Dot(normal, centre - start) < 0) normal = -normal;
        manifold.Kind = ManifoldKind.FaceA;
        manifold.LocalNormal = normal.Normalized();
        manifold.LocalPoint = start;
        SetOnlyPoint(ref manifold, circle, new ContactFeature(0, 0, FeatureKind.Face, FeatureKind.Vertex));
    }

    private static void SetOnlyPoint(ref Manifold manifold, in Shape circle, ContactFeature feature)
    {
        manifold.Count = 1;
        manifold.Points[0].LocalPoint = circle.Vertices[0];
        manifold.Points[0].Feature = feature;
    }

    private static float EdgeSeparation(ReadOnlySpan<Vector> vertices, Vector start, Vector normal)
    {
        float least = float.MaxValue;
        foreach (Vector vertex in vertices)
        {
            float separation = Vector.Dot(normal, vertex - start);
            if (separation < least) least = separation;
        }

        return least;
    }

    // The polygon's side with the largest separation, or the first that separates; -1 where none faces the edge.
    private static int DeepestFace(
        ReadOnlySpan<Vector> vertices, ReadOnlySpan<Vector> normals, Vector start, Vector end, Vector edgeNormal, out float best)
    {
        int face = -1;
        best = -float.MaxValue;
        Vector limit = -edgeNormal;
        for (int i = 0; i < vertices.Length; i++)
        {
            Vector normal = -normals[i];
            float toStart = Vector.Dot(normal, vertices[i] - start);
            float toEnd = Vector.Dot(normal, vertices[i] - end);
            float separation = toStart < toEnd ? toStart : toEnd;
            if (separation > Radius)
            {
                best = separation;
                return i;
            }

            // Sides that face along the edge are not to push across it.
            if (Vector.Dot(normal - limit, edgeNormal) < -Tuning.AngularSlop) continue;
            if (separation > best)
            {
                best = separation;
                face = i;
            }
        }

        return face;
    }

    // The edge is the reference; the polygon's side that opposes it most is clipped.
    private static void ClipPolygon(
        ref Manifold manifold,
        in Transform frame,
        ReadOnlySpan<Vector> vertices,
        ReadOnlySpan<Vector> normals,
        Vector start,
        Vector end,
        Vector normal,
        bool front)
    {
        int opposing = 0;
        float least = Vector.Dot(normal, normals[0]);
        for (int i = 1; i < normals.Length; i++)
        {
            float value = Vector.Dot(normal, normals[i]);
            if (value < least)
            {
                least = value;
                opposing = i;
            }
        }

        int next = opposing + 1 < vertices.Length ? opposing + 1 : 0;
        var first = new ClipPoint(
            vertices[opposing], new ContactFeature(0, (byte)opposing, FeatureKind.Face, FeatureKind.Vertex));
        var second = new ClipPoint(
            vertices[next], new ContactFeature(0, (byte)next, FeatureKind.Face, FeatureKind.Vertex));
        (Vector origin, Vector far) = front ? (start, end) : (end, start);
        if (!ClipSides(ref first, ref second, normal, origin, far, front ? 0 : 1, front ? 1 : 0)) return;

        manifold.Kind = ManifoldKind.FaceA;
        manifold.LocalNormal = normal;
        manifold.LocalPoint = origin;
        AddIfTouching(ref manifold, normal, origin, first.Point, frame.Undo(first.Point), first.Feature);
        AddIfTouching(ref manifold, normal, origin, second.Point, frame.Undo(second.Point), second.Feature);
    }

    // A side of the polygon is the reference; the edge is clipped.
    private static void ClipEdge(
        ref Manifold manifold,
        in Shape polygon,
        int face,
        ReadOnlySpan<Vector> vertices,
        ReadOnlySpan<Vector> normals,
        Vector start,
        Vector end)
    {
        int next = face + 1 < vertices.Length ? face + 1 : 0;
        var feature = new ContactFeature(0, (byte)face, FeatureKind.Vertex, FeatureKind.Face);
        var first = new ClipPoint(start, feature);
        var second = new ClipPoint(end, feature);
        Vector normal = normals[face];
        Vector origin = vertices[face];
        if (!ClipSides(ref first, ref second, normal, origin, vertices[next], face, next)) return;

        manifold.Kind = ManifoldKind.FaceB;
        manifold.LocalNormal = polygon.Normals[face];
        manifold.LocalPoint = polygon.Vertices[face];
        AddIfTouching(ref manifold, normal, origin, first.Point, first.Point, first.Feature.Swapped);
        AddIfTouching(ref manifold, normal, origin, second.Point, second.Point, second.Feature.Swapped);
    }

    private static bool ClipSides(
        ref ClipPoint first, ref ClipPoint second, Vector normal, Vector origin, Vector far, int originIndex, int farIndex)
    {
        Vector side = normal.TurnRight();
        Vector otherSide = -side;
        return ClipPoint.Clip(ref first, ref second, side, Vector.Dot(side, origin), originIndex)
            && ClipPoint.Clip(ref first, ref second, otherSide, Vector.Dot(otherSide, far), farIndex);
    }

    private static void AddIfTouching(
        ref Manifold manifold, Vector normal, Vector origin, Vector point, Vector local, ContactFeature feature)
    {
        float separation = Vector.Dot(normal, point - origin);
        if (!(separation <= Radius)) return;
        manifold.Points[manifold.Count].LocalPoint = local;
        manifold.Points[manifold.Count].Feature = feature;
        manifold.Count++;
    }
}
