using System.Runtime.CompilerServices;

namespace Bellman.Environments.Box2D.Physics;

/// <summary>What a fixture is made of.</summary>
public enum ShapeKind
{
    Circle,
    Edge,
    Polygon,
}

/// <summary>A convex polygon, a line or a disc, in its body's coordinates.</summary>
public struct Shape
{
    internal ShapeKind Kind;
    internal int Count;

    /// <summary>The skin around the vertices; a disc's whole radius.</summary>
    internal float Radius;

    internal Vector Centroid;
    internal ShapeVertices Vertices;

    /// <summary>A polygon's outward normals: of the edge from vertex i to the next.</summary>
    internal ShapeVertices Normals;

    /// <summary>The convex hull of the points, counter-clockwise from the rightmost (lowest where tied).</summary>
    public static Shape Polygon(ReadOnlySpan<Vector> points)
    {
        if (points.Length is < 3 or > Tuning.MaxPolygonVertices)
        {
            throw new ArgumentException(
                $"A polygon has 3 to {Tuning.MaxPolygonVertices} vertices; got {points.Length}.", nameof(points));
        }

        Shape shape = new() { Kind = ShapeKind.Polygon, Radius = Tuning.PolygonRadius };
        shape.Count = WrapHull(points, shape.Vertices);
        for (int i = 0; i < shape.Count; i++)
        {
            Vector next = shape.Vertices[i + 1 < shape.Count ? i + 1 : 0];
            shape.Normals[i] = (next - shape.Vertices[i]).TurnRight().Normalized();
        }

        shape.Centroid = PolygonCentroid(shape.Vertices[..shape.Count]);
        return shape;
    }

    /// <summary>A box about the body's origin.</summary>
    public static Shape Rectangle(float halfWidth, float halfHeight)
    {
        Shape shape = new() { Kind = ShapeKind.Polygon, Count = 4, Radius = Tuning.PolygonRadius };
        shape.Vertices[0] = new Vector(-halfWidth, -halfHeight);
        shape.Vertices[1] = new Vector(halfWidth, -halfHeight);
        shape.Vertices[2] = new Vector(halfWidth, halfHeight);
        shape.Vertices[3] = new Vector(-halfWidth, halfHeight);
        shape.Normals[0] = new Vector(0, -1);
        shape.Normals[1] = new Vector(1, 0);
        shape.Normals[2] = new Vector(0, 1);
        shape.Normals[3] = new Vector(-1, 0);
        return shape;
    }

    /// <summary>A line without mass; both sides collide.</summary>
    public static Shape Edge(Vector start, Vector end)
    {
        Shape shape = new() { Kind = ShapeKind.Edge, Count = 2, Radius = Tuning.PolygonRadius };
        shape.Vertices[0] = start;
        shape.Vertices[1] = end;
        return shape;
    }

    /// <summary>A disc about the body's origin.</summary>
    public static Shape Circle(float radius) => new() { Kind = ShapeKind.Circle, Count = 1, Radius = radius };

    internal readonly Bounds BoundsAt(in Transform transform)
    {
        Vector lower = transform * Vertices[0];
        Vector upper = lower;
        for (int i = 1; i < Count; i++)
        {
            Vector vertex = transform * Vertices[i];
            lower = Vector.Min(lower, vertex);
            upper = Vector.Max(upper, vertex);
        }

        return new Bounds(lower, upper).Grow(Radius);
    }

    // Gift wrapping: from each hull vertex to the point that has all others on its left.
    private static int WrapHull(ReadOnlySpan<Vector> points, Span<Vector> hull)
    {
        int first = 0;
        for (int i = 1; i < points.Length; i++)
        {
            if (points[i].X > points[first].X || (points[i].X == points[first].X && points[i].Y < points[first].Y))
            {
                first = i;
            }
        }

        int count = 0;
        int current = first;
        do
        {
            if (count == points.Length) throw new ArgumentException("The points do not span a convex polygon.", nameof(points));
            hull[count++] = points[current];
            current = NextOnHull(points, current);
        }
        while (current != first);
        return count;
    }

    private static int NextOnHull(ReadOnlySpan<Vector> points, int current)
    {
        int next = 0;
        for (int i = 1; i < points.Length; i++)
        {
            if (next == current)
            {
                next = i;
                continue;
            }

            Vector best = points[next] - points[current];
            Vector candidate = points[i] - points[current];
            float side = Vector.Cross(best, candidate);
            if (side < 0 || (side == 0 && candidate.LengthSquared > best.LengthSquared)) next = i;
        }

        return next;
    }

    private static Vector PolygonCentroid(ReadOnlySpan<Vector> vertices)
    {
        const float Third = 1.0f / 3.0f;
        Vector centre = default;
        float area = 0;
        for (int i = 0; i < vertices.Length; i++)
        {
            Vector a = vertices[i];
            Vector b = vertices[i + 1 < vertices.Length ? i + 1 : 0];
            float triangle = 0.5f * Vector.Cross(a, b);
            area += triangle;
            centre += triangle * Third * (a + b);
        }

        return (1.0f / area) * centre;
    }
}

[InlineArray(Tuning.MaxPolygonVertices)]
internal struct ShapeVertices
{
    private Vector first;
}
