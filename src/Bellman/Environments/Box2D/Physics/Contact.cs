namespace Bellman.Environments.Box2D.Physics;

/// <summary>Is told when fixtures begin and cease to touch. Must not change the world.</summary>
public interface IContactListener
{
    void BeginContact(Body a, Body b);

    void EndContact(Body a, Body b);
}

/// <summary>Two fixtures whose boxes overlap, and how they touch. An edge always comes first.</summary>
internal struct ContactState
{
    public int FixtureA;
    public int FixtureB;
    public int BodyA;
    public int BodyB;
    public int Previous;
    public int Next;
    public int Touching;

    /// <summary>0 after an impact of this step turned out not to happen.</summary>
    public int Enabled;

    /// <summary>1 where a new or lost joint may have changed whether the bodies collide.</summary>
    public int Refilter;

    public int InIsland;

    /// <summary>1 where <see cref="ImpactTime"/> is known.</summary>
    public int HasImpactTime;

    /// <summary>The fraction of the step at which the fixtures come to touch, or 1.</summary>
    public float ImpactTime;

    /// <summary>How many impacts of this step have been resolved.</summary>
    public int Impacts;

    public float Friction;
    public float Restitution;
    public Manifold Manifold;

    /// <summary>Whether there is a rule for where such shapes touch; edges pass through each other.</summary>
    public static bool Exists(ShapeKind a, ShapeKind b) =>
        (a == ShapeKind.Polygon && b == ShapeKind.Polygon) || (a == ShapeKind.Edge && b != ShapeKind.Edge);
}
