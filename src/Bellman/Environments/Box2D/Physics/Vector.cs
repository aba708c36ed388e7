namespace Bellman.Environments.Box2D.Physics;

/// <summary>A point or direction in the plane, metres unless said otherwise.</summary>
/// <remarks>
/// Every operation rounds to float32 once per multiplication and addition, in the order written. The results of the whole room
/// depend on that order, so nothing here is to be rearranged, fused or vectorised.
/// </remarks>
public readonly record struct Vector(float X, float Y)
{
    public float LengthSquared => (X * X) + (Y * Y);

    public float Length => MathF.Sqrt((X * X) + (Y * Y));

    public static Vector operator +(Vector a, Vector b) => new(a.X + b.X, a.Y + b.Y);

    public static Vector operator -(Vector a, Vector b) => new(a.X - b.X, a.Y - b.Y);

    public static Vector operator -(Vector a) => new(-a.X, -a.Y);

    public static Vector operator *(float scale, Vector a) => new(scale * a.X, scale * a.Y);

    public static float Dot(Vector a, Vector b) => (a.X * b.X) + (a.Y * b.Y);

    /// <summary>The third component of a × b: positive where b lies to the left of a.</summary>
    public static float Cross(Vector a, Vector b) => (a.X * b.Y) - (a.Y * b.X);

    /// <summary>The velocity that a rotation gives to a point at <paramref name="arm"/> from its centre.</summary>
    public static Vector Cross(float rotation, Vector arm) => new(-rotation * arm.Y, rotation * arm.X);

    public static Vector Min(Vector a, Vector b) => new(a.X < b.X ? a.X : b.X, a.Y < b.Y ? a.Y : b.Y);

    public static Vector Max(Vector a, Vector b) => new(a.X > b.X ? a.X : b.X, a.Y > b.Y ? a.Y : b.Y);

    public static float Distance(Vector a, Vector b) => (a - b).Length;

    /// <summary>A quarter turn to the right: the outward normal of an edge that runs counter-clockwise.</summary>
    public Vector TurnRight() => new(Y, -X);

    /// <summary>A quarter turn to the left.</summary>
    public Vector TurnLeft() => new(-Y, X);

    /// <summary>The unit vector of this direction; the vector itself where it is too short to have one.</summary>
    public Vector Normalized() => Normalized(out _);

    /// <param name="length">The length before; 0 where the vector was too short to be scaled.</param>
    public Vector Normalized(out float length)
    {
        length = Length;
        if (length < Tuning.Epsilon)
        {
            length = 0;
            return this;
        }

        float scale = 1.0f / length;
        return new Vector(X * scale, Y * scale);
    }
}
