namespace Bellman.Environments.Box2D.Physics;

/// <summary>Where two polygons touch: separating axes, then clipping.</summary>
internal static class PolygonCollision
{
    public static void WithPolygon(
        ref Manifold manifold, in Shape a, in Transform transformA, in Shape b, in Transform transformB)
    {
        manifold.Count = 0;
        float radius = a.Radius + b.Radius;
        float separationA = MaxSeparation(a, transformA, b, transformB, out int faceA);
        if (separationA > radius) return;
        float separationB = MaxSeparation(b, transformB, a, transformA, out int faceB);
        if (separationB > radius) return;

        // The first polygon is preferred, so that the choice does not flicker.
        if (separationB > (0.98f * separationA) + 0.001f)
        {
            Clip(ref manifold, b, transformB, faceB, a, transformA, radius, swap: true);
        }
        else
        {
            Clip(ref manifold, a, transformA, faceA, b, transformB, radius, swap: false);
        }
    }

    // Starts at the face nearest to the other centroid and climbs to its better neighbours.
    private static float MaxSeparation(
        in Shape own, in Transform ownTransform, in Shape other, in Transform otherTransform, out int face)
    {
        Vector toOther = ownTransform.Rotation.Undo((otherTransform * other.Centroid) - (ownTransform * own.Centroid));
        int edge = 0;
        float largest = -float.MaxValue;
        for (int i = 0; i < own.Count; i++)
        {
            float dot = Vector.Dot(own.Normals[i], toOther);
            if (dot > largest)
            {
                largest = dot;
                edge = i;
            }
        }

        float separation = Separation(own, ownTransform, edge, other, otherTransform);
        int previous = edge >= 1 ? edge - 1 : own.Count - 1;
        int next = edge + 1 < own.Count ? edge + 1 : 0;
        float separationPrevious = Separation(own, ownTransform, previous, other, otherTransform);
        float separationNext = Separation(own, ownTransform, next, other, otherTransform);
        bool backwards = separationPrevious > separation && separationPrevious > separationNext;
        if (!backwards && !(separationNext > separation))
        {
            face = edge;
            return separation;
        }

        face = backwards ? previous : next;
        float best = backwards ? separationPrevious : separationNext;
        while (true)
        {
            edge = backwards ? (face >= 1 ? face - 1 : own.Count - 1) : (face + 1 < own.Count ? face + 1 : 0);
            separation = Separation(own, ownTransform, edge, other, otherTransform);
            if (!(separation > best)) return best;
            best = separation;
            face = edge;
        }
    }

    // How far the other polygon's deepest vertex is in front of a face.
    private static float Separation(
        in Shape own, in Transform ownTransform, int edge, in Shape other, in Transform otherTransform)
    {
        Vector normal = ownTransform.Rotation * own.Normals[edge];
        Vector normalInOther = otherTransform.Rotation.Undo(normal);
        int deepest = 0;
        float least = float.MaxValue;
        for (int i = 0; i < other.Count; i++)
        {
            float dot = Vector.Dot(other.Vertices[i], normalInOther);
            if (dot < least)
            {
                least = dot;
                deepest = i;
            }
        }

        Vector onFace = ownTransform * own.Vertices[edge];
        Vector vertex = otherTransform * other.Vertices[deepest];
        return Vector.Dot(vertex - onFace, normal);
    }

    private static void Clip(
        ref Manifold manifold,
        in Shape reference,
        in Transform transform,
        int face,
        in Shape incident,
        in Transform incidentTransform,
        float radius,
        bool swap)
    {
        FindIncidentEdge(
            reference, transform, face, incident, incidentTransform, out ClipPoint first, out ClipPoint second);
        int next = face + 1 < reference.Count ? face + 1 : 0;
        Vector localStart = reference.Vertices[face];
        Vector localEnd = reference.Vertices[next];
        Vector localTangent = (localEnd - localStart).Normalized();
        Vector tangent = transform.Rotation * localTangent;
        Vector normal = tangent.TurnRight();
        Vector start = transform * localStart;
        Vector end = transform * localEnd;

        float frontOffset = Vector.Dot(normal, start);
        float startOffset = -Vector.Dot(tangent, start) + radius;
        float endOffset = Vector.Dot(tangent, end) + radius;
        if (!ClipPoint.Clip(ref first, ref second, -tangent, startOffset, face)) return;
        if (!ClipPoint.Clip(ref first, ref second, tangent, endOffset, next)) return;

        manifold.Kind = swap ? ManifoldKind.FaceB : ManifoldKind.FaceA;
        manifold.LocalNormal = localTangent.TurnRight();
        manifold.LocalPoint = 0.5f * (localStart + localEnd);
        foreach (ClipPoint point in (ReadOnlySpan<ClipPoint>)[first, second])
        {
            float separation = Vector.Dot(normal, point.Point) - frontOffset;
            if (!(separation <= radius)) continue;
            manifold.Points[manifold.Count].LocalPoint = incidentTransform.Undo(point.Point);
            manifold.Points[manifold.Count].Feature = swap ? point.Feature.Swapped : point.Feature;
            manifold.Count++;
        }
    }

    // The side of the incident polygon that opposes the reference face most.
    private static void FindIncidentEdge(
        in Shape reference,
        in Transform transform,
        int face,
        in Shape incident,
        in Transform incidentTransform,
        out ClipPoint first,
        out ClipPoint second)
    {
        Vector normal = incidentTransform.Rotation.Undo(transform.Rotation * reference.Normals[face]);
        int edge = 0;
        float least = float.MaxValue;
        for (int i = 0; i < incident.Count; i++)
        {
            float dot = Vector.Dot(normal, incident.Normals[i]);
            if (dot < least)
            {
                least = dot;
                edge = i;
            }
        }

        int next = edge + 1 < incident.Count ? edge + 1 : 0;
        first = new ClipPoint(
            incidentTransform * incident.Vertices[edge],
            new ContactFeature((byte)face, (byte)edge, FeatureKind.Face, FeatureKind.Vertex));
        second = new ClipPoint(
            incidentTransform * incident.Vertices[next],
            new ContactFeature((byte)face, (byte)next, FeatureKind.Face, FeatureKind.Vertex));
    }
}
