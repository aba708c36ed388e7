using System.Runtime.CompilerServices;

namespace Bellman.Environments.Box2D.Physics;

/// <summary>What the manifold's normal belongs to.</summary>
internal enum ManifoldKind
{
    /// <summary>Two points: the normal joins them.</summary>
    Points,

    /// <summary>A face of the first shape.</summary>
    FaceA,

    /// <summary>A face of the second shape.</summary>
    FaceB,
}

internal enum FeatureKind : byte
{
    Vertex,
    Face,
}

/// <summary>Which vertex or face of each shape made a contact point: it names the point from one step to the next.</summary>
internal readonly record struct ContactFeature(byte IndexA, byte IndexB, FeatureKind KindA, FeatureKind KindB)
{
    public ContactFeature Swapped => new(IndexB, IndexA, KindB, KindA);
}

/// <summary>A point at which two shapes touch.</summary>
internal struct ManifoldPoint
{
    /// <summary>In the coordinates of the body that does not own the face.</summary>
    public Vector LocalPoint;

    /// <summary>Newton seconds at the end of the latest step, from which the next one starts.</summary>
    public float NormalImpulse;

    public float TangentImpulse;
    public ContactFeature Feature;
}

[InlineArray(2)]
internal struct ManifoldPoints
{
    private ManifoldPoint first;
}

/// <summary>How two shapes touch: up to two points along one face, in local coordinates that outlive the step.</summary>
internal struct Manifold
{
    public ManifoldKind Kind;
    public int Count;
    public Vector LocalNormal;

    /// <summary>A point of the face.</summary>
    public Vector LocalPoint;

    public ManifoldPoints Points;

    /// <summary>The face's plane and a contact point, in the world.</summary>
    public readonly void Locate(
        in Transform transformA, in Transform transformB, int point, out Vector normal, out Vector plane, out Vector other)
    {
        Vector local = Points[point].LocalPoint;
        if (Kind == ManifoldKind.FaceA)
        {
            normal = transformA.Rotation * LocalNormal;
            plane = transformA * LocalPoint;
            other = transformB * local;
        }
        else
        {
            normal = transformB.Rotation * LocalNormal;
            plane = transformB * LocalPoint;
            other = transformA * local;
        }
    }
}

/// <summary>A contact point while it is being clipped.</summary>
internal readonly record struct ClipPoint(Vector Point, ContactFeature Feature)
{
    /// <summary>Cuts the segment at the line dot(normal, x) = offset and keeps what is behind.</summary>
    /// <returns>False where fewer than two points are left.</returns>
    public static bool Clip(ref ClipPoint first, ref ClipPoint second, Vector normal, float offset, int vertex)
    {
        float distance1 = Vector.Dot(normal, first.Point) - offset;
        float distance2 = Vector.Dot(normal, second.Point) - offset;
        bool keepsFirst = distance1 <= 0;
        bool keepsSecond = distance2 <= 0;
        if (keepsFirst && keepsSecond) return true;
        if (!(distance1 * distance2 < 0)) return false;

        float share = distance1 / (distance1 - distance2);
        var cut = new ClipPoint(
            first.Point + (share * (second.Point - first.Point)),
            new ContactFeature((byte)vertex, first.Feature.IndexB, FeatureKind.Vertex, FeatureKind.Face));
        if (!keepsFirst) first = second;
        second = cut;
        return true;
    }
}
