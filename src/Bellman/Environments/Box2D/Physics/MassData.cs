namespace Bellman.Environments.Box2D.Physics;

/// <summary>What a shape weighs.</summary>
/// <param name="Mass">Kilograms.</param>
/// <param name="Centre">In the body's coordinates.</param>
/// <param name="Inertia">About the body's origin, kg·m².</param>
internal readonly record struct MassData(float Mass, Vector Centre, float Inertia)
{
    /// <param name="shape">Edges have no mass.</param>
    /// <param name="density">kg/m².</param>
    public static MassData Of(in Shape shape, float density) => shape.Kind switch
    {
        ShapeKind.Polygon => OfPolygon(shape.Vertices[..shape.Count], density),
        ShapeKind.Circle => OfCircle(shape.Radius, density),
        _ => new MassData(0, 0.5f * (shape.Vertices[0] + shape.Vertices[1]), 0),
    };

    private static MassData OfCircle(float radius, float density)
    {
        float mass = density * Tuning.Pi * radius * radius;
        return new MassData(mass, default, mass * (0.5f * radius * radius));
    }

    // Sums over the triangles between the mean vertex and each edge.
    private static MassData OfPolygon(ReadOnlySpan<Vector> vertices, float density)
    {
        const float Third = 1.0f / 3.0f;
        Vector apex = default;
        foreach (Vector vertex in vertices) apex += vertex;
        apex = (1.0f / vertices.Length) * apex;

        Vector centre = default;
        float area = 0;
        float inertia = 0;
        for (int i = 0; i < vertices.Length; i++)
        {
            Vector a = vertices[i] - apex;
            Vector b = vertices[i + 1 < vertices.Length ? i + 1 : 0] - apex;
            float cross = Vector.Cross(a, b);
            float triangle = 0.5f * cross;
            area += triangle;
            centre += triangle * Third * (a + b);

            float squaresX = (a.X * a.X) + (b.X * a.X) + (b.X * b.X);
            float squaresY = (a.Y * a.Y) + (b.Y * a.Y) + (b.Y * b.Y);
            inertia += 0.25f * Third * cross * (squaresX + squaresY);
        }

        float mass = density * area;
        centre = (1.0f / area) * centre;
        Vector shifted = centre + apex;
        float about = density * inertia;
        about += mass * (Vector.Dot(shifted, shifted) - Vector.Dot(centre, centre));
        return new MassData(mass, shifted, about);
    }
}
