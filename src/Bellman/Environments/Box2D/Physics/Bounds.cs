namespace Bellman.Environments.Box2D.Physics;

/// <summary>A box along the axes.</summary>
internal readonly record struct Bounds(Vector Lower, Vector Upper)
{
    public Vector Centre => 0.5f * (Lower + Upper);

    public Vector HalfSize => 0.5f * (Upper - Lower);

    public float Perimeter
    {
        get
        {
            float width = Upper.X - Lower.X;
            float height = Upper.Y - Lower.Y;
            return 2.0f * (width + height);
        }
    }

    public static Bounds Around(Bounds a, Bounds b) => new(Vector.Min(a.Lower, b.Lower), Vector.Max(a.Upper, b.Upper));

    public static bool Overlap(in Bounds a, in Bounds b) =>
        !(b.Lower.X - a.Upper.X > 0 || b.Lower.Y - a.Upper.Y > 0 ||
          a.Lower.X - b.Upper.X > 0 || a.Lower.Y - b.Upper.Y > 0);

    public bool Contains(in Bounds other) =>
        Lower.X <= other.Lower.X && Lower.Y <= other.Lower.Y &&
        other.Upper.X <= Upper.X && other.Upper.Y <= Upper.Y;

    public Bounds Grow(float margin)
    {
        var border = new Vector(margin, margin);
        return new Bounds(Lower - border, Upper + border);
    }
}
