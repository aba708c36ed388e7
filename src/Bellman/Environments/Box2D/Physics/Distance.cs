namespace Bellman.Environments.Box2D.Physics;

/// <summary>A shape's vertices, without its skin.</summary>
internal readonly ref struct PointCloud(ReadOnlySpan<Vector> vertices)
{
    private readonly ReadOnlySpan<Vector> vertices = vertices;

    public Vector this[int index] => vertices[index];

    /// <summary>The vertex furthest along a direction, the first of several.</summary>
    public int Furthest(Vector direction)
    {
        int best = 0;
        float largest = Vector.Dot(vertices[0], direction);
        for (int i = 1; i < vertices.Length; i++)
        {
            float value = Vector.Dot(vertices[i], direction);
            if (value > largest)
            {
                best = i;
                largest = value;
            }
        }

        return best;
    }
}

/// <summary>A vertex of one shape seen from a vertex of the other.</summary>
internal struct SimplexVertex
{
    public int IndexA;
    public int IndexB;
    public Vector PointA;
    public Vector PointB;

    /// <summary>From A to B.</summary>
    public Vector Difference;

    /// <summary>The share in the point that is closest to the origin.</summary>
    public float Weight;

    public readonly int Key => (IndexA << 8) | IndexB;
}

/// <summary>The pairs of vertices with which a search ended, where the next one starts.</summary>
internal struct SimplexCache
{
    public int Count;

    /// <summary>Length or area: tells whether the cached simplex still is of the same size.</summary>
    public float Size;

    public int Key1;
    public int Key2;
    public int Key3;

    public readonly int IndexA(int vertex) => (vertex == 0 ? Key1 : Key2) >> 8;

    public readonly int IndexB(int vertex) => (vertex == 0 ? Key1 : Key2) & 0xFF;
}

/// <summary>The distance of two convex shapes: Gilbert, Johnson and Keerthi 1988, with barycentric weights after Ericson.</summary>
internal static class Distance
{
    private const int MaxIterations = 20;

    public static float Between(
        in PointCloud a, in Transform transformA, in PointCloud b, in Transform transformB, ref SimplexCache cache)
    {
        var simplex = Simplex.FromCache(cache, a, transformA, b, transformB);
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            // Reduction may drop vertices; they still count as seen.
            int seen = simplex.Count;
            int key1 = simplex.First.Key;
            int key2 = simplex.Second.Key;
            int key3 = simplex.Third.Key;
            simplex.Reduce();
            if (simplex.Count == 3) break;

            Vector direction = simplex.TowardsOrigin();
            if (direction.LengthSquared < Tuning.Epsilon * Tuning.Epsilon) break;
            int indexA = a.Furthest(transformA.Rotation.Undo(-direction));
            int indexB = b.Furthest(transformB.Rotation.Undo(direction));
            SimplexVertex vertex = Simplex.Vertex(indexA, indexB, a, transformA, b, transformB);
            simplex.SetNext(vertex);
            int key = vertex.Key;
            if (key == key1 || (seen > 1 && key == key2) || (seen > 2 && key == key3)) break;
            simplex.Count++;
        }

        simplex.ToCache(ref cache);
        return simplex.Distance();
    }
}

/// <summary>One to three vertices around the point of the difference of two shapes that is closest to the origin.</summary>
internal struct Simplex
{
    public SimplexVertex First;
    public SimplexVertex Second;
    public SimplexVertex Third;
    public int Count;

    private readonly float Size => Count switch
    {
        2 => Vector.Distance(First.Difference, Second.Difference),
        3 => Vector.Cross(Second.Difference - First.Difference, Third.Difference - First.Difference),
        _ => 0,
    };

    public static Simplex FromCache(
        in SimplexCache cache, in PointCloud a, in Transform transformA, in PointCloud b, in Transform transformB)
    {
        Simplex simplex = new() { Count = cache.Count };
        if (cache.Count > 0) simplex.First = Vertex(cache.Key1 >> 8, cache.Key1 & 0xFF, a, transformA, b, transformB);
        if (cache.Count > 1) simplex.Second = Vertex(cache.Key2 >> 8, cache.Key2 & 0xFF, a, transformA, b, transformB);
        if (cache.Count > 2) simplex.Third = Vertex(cache.Key3 >> 8, cache.Key3 & 0xFF, a, transformA, b, transformB);
        if (cache.Count > 1)
        {
            float size = simplex.Size;
            if (size < 0.5f * cache.Size || 2.0f * cache.Size < size || size < Tuning.Epsilon) simplex.Count = 0;
        }

        if (simplex.Count == 0)
        {
            simplex.First = Vertex(0, 0, a, transformA, b, transformB);
            simplex.First.Weight = 1;
            simplex.Count = 1;
        }

        return simplex;
    }

    public static SimplexVertex Vertex(
        int indexA, int indexB, in PointCloud a, in Transform transformA, in PointCloud b, in Transform transformB)
    {
        Vector pointA = transformA * a[indexA];
        Vector pointB = transformB * b[indexB];
        return new SimplexVertex
        {
            IndexA = indexA,
            IndexB = indexB,
            PointA = pointA,
            PointB = pointB,
            Difference = pointB - pointA,
        };
    }

    public readonly void ToCache(ref SimplexCache cache)
    {
        cache.Size = Size;
        cache.Count = Count;
        cache.Key1 = First.Key;
        cache.Key2 = Second.Key;
        cache.Key3 = Third.Key;
    }

    /// <summary>Puts a vertex behind the last one without counting it yet.</summary>
    public void SetNext(in SimplexVertex vertex)
    {
        if (Count == 1)
        {
            Second = vertex;
        }
        else
        {
            Third = vertex;
        }
    }

    public readonly Vector TowardsOrigin()
    {
        if (Count == 1) return -First.Difference;
        Vector edge = Second.Difference - First.Difference;
        float side = Vector.Cross(edge, -First.Difference);
        return side > 0 ? edge.TurnLeft() : edge.TurnRight();
    }

    /// <summary>Between the closest points of the two shapes.</summary>
    public readonly float Distance()
    {
        if (Count == 1) return Vector.Distance(First.PointA, First.PointB);
        if (Count == 3) return 0;
        Vector pointA = (First.Weight * First.PointA) + (Second.Weight * Second.PointA);
        Vector pointB = (First.Weight * First.PointB) + (Second.Weight * Second.PointB);
        return Vector.Distance(pointA, pointB);
    }

    /// <summary>Keeps the vertices that span the closest point and weighs them.</summary>
    public void Reduce()
    {
        if (Count == 2) ReduceSegment();
        if (Count == 3) ReduceTriangle();
    }

    private void ReduceSegment()
    {
        Vector edge = Second.Difference - First.Difference;
        float towardsSecond = -Vector.Dot(First.Difference, edge);
        if (towardsSecond <= 0)
        {
            KeepVertex(First);
            return;
        }

        float towardsFirst = Vector.Dot(Second.Difference, edge);
        if (towardsFirst <= 0)
        {
            KeepVertex(Second);
            return;
        }

        KeepEdge(First, Second, towardsFirst, towardsSecond);
    }

    // The regions of a triangle: beyond a vertex, beyond an edge, or inside.
    private void ReduceTriangle()
    {
        Vector w1 = First.Difference;
        Vector w2 = Second.Difference;
        Vector w3 = Third.Difference;
        Vector e12 = w2 - w1;
        Vector e13 = w3 - w1;
        Vector e23 = w3 - w2;
        float d12Of1 = Vector.Dot(w2, e12);
        float d12Of2 = -Vector.Dot(w1, e12);
        float d13Of1 = Vector.Dot(w3, e13);
        float d13Of3 = -Vector.Dot(w1, e13);
        float d23Of2 = Vector.Dot(w3, e23);
        float d23Of3 = -Vector.Dot(w2, e23);
        float area = Vector.Cross(e12, e13);
        float area1 = area * Vector.Cross(w2, w3);
        float area2 = area * Vector.Cross(w3, w1);
        float area3 = area * Vector.Cross(w1, w2);

        if (d12Of2 <= 0 && d13Of3 <= 0)
        {
            KeepVertex(First);
        }
        else if (d12Of1 > 0 && d12Of2 > 0 && area3 <= 0)
        {
            KeepEdge(First, Second, d12Of1, d12Of2);
        }
        else if (d13Of1 > 0 && d13Of3 > 0 && area2 <= 0)
        {
            KeepEdge(First, Third, d13Of1, d13Of3);
        }
        else if (d12Of1 <= 0 && d23Of3 <= 0)
        {
            KeepVertex(Second);
        }
        else if (d13Of1 <= 0 && d23Of2 <= 0)
        {
            KeepVertex(Third);
        }
        else if (d23Of2 > 0 && d23Of3 > 0 && area1 <= 0)
        {
            // Box2D keeps the third vertex in the first place here; the order decides later ties.
            KeepEdge(Third, Second, d23Of3, d23Of2);
        }
        else
        {
            float scale = 1.0f / (area1 + area2 + area3);
            First.Weight = area1 * scale;
            Second.Weight = area2 * scale;
            Third.Weight = area3 * scale;
        }
    }

    private void KeepVertex(SimplexVertex vertex)
    {
        First = vertex;
        First.Weight = 1;
        Count = 1;
    }

    private void KeepEdge(SimplexVertex first, SimplexVertex second, float firstShare, float secondShare)
    {
        float scale = 1.0f / (firstShare + secondShare);
        First = first;
        Second = second;
        First.Weight = firstShare * scale;
        Second.Weight = secondShare * scale;
        Count = 2;
    }
}
