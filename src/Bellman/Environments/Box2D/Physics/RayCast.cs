namespace Bellman.Environments.Box2D.Physics;

/// <summary>Where a ray first meets a shape.</summary>
internal static class RayCast
{
    /// <param name="shape">Edges and polygons; rays pass through discs.</param>
    /// <param name="transform">Of the shape's body.</param>
    /// <param name="from">In the world.</param>
    /// <param name="to">In the world.</param>
    /// <param name="limit">The fraction of the way beyond which nothing counts.</param>
    /// <param name="fraction">0 at <paramref name="from"/>, 1 at <paramref name="to"/>.</param>
    public static bool Hits(
        in Shape shape, in Transform transform, Vector from, Vector to, float limit, out float fraction)
    {
        Vector start = transform.Rotation.Undo(from - transform.Position);
        Vector end = transform.Rotation.Undo(to - transform.Position);
        fraction = 0;
        return shape.Kind switch
        {
            ShapeKind.Edge => HitsEdge(shape.Vertices[0], shape.Vertices[1], start, end - start, limit, out fraction),
            ShapeKind.Polygon => HitsPolygon(shape, start, end - start, limit, out fraction),
            _ => false,
        };
    }

    private static bool HitsEdge(
        Vector first, Vector second, Vector start, Vector way, float limit, out float fraction)
    {
        fraction = 0;
        Vector edge = second - first;
        Vector normal = edge.TurnRight().Normalized();
        float numerator = Vector.Dot(normal, first - start);
        float denominator = Vector.Dot(normal, way);
        if (denominator == 0) return false;

        float time = numerator / denominator;
        if (time < 0 || limit < time) return false;

        Vector point = start + (time * way);
        float square = Vector.Dot(edge, edge);
        if (square == 0) return false;

        float along = Vector.Dot(point - first, edge) / square;
        if (along < 0 || 1.0f < along) return false;
        fraction = time;
        return true;
    }

    // Clips the ray against each side; it enters through the last of those that it meets from outside.
    private static bool HitsPolygon(in Shape shape, Vector start, Vector way, float limit, out float fraction)
    {
        fraction = 0;
        float enter = 0;
        float leave = limit;
        bool entered = false;
        for (int i = 0; i < shape.Count; i++)
        {
            Vector normal = shape.Normals[i];
            float numerator = Vector.Dot(normal, shape.Vertices[i] - start);
            float denominator = Vector.Dot(normal, way);
            if (denominator == 0)
            {
                if (numerator < 0) return false;
            }
            else if (denominator < 0 && numerator < enter * denominator)
            {
                enter = numerator / denominator;
                entered = true;
            }
            else if (denominator > 0 && numerator < leave * denominator)
            {
                leave = numerator / denominator;
            }

            if (leave < enter) return false;
        }

        fraction = enter;
        return entered;
    }
}
