using System.Runtime.CompilerServices;

namespace Bellman.Environments.Box2D.Physics;

/// <summary>A contact while its velocities and positions are solved.</summary>
internal struct ContactConstraint
{
    public int Contact;
    public int IndexA;
    public int IndexB;
    public float InverseMassA;
    public float InverseMassB;
    public float InverseInertiaA;
    public float InverseInertiaB;
    public Vector LocalCentreA;
    public Vector LocalCentreB;
    public float Friction;
    public float Restitution;
    public float RadiusA;
    public float RadiusB;

    /// <summary>In the world, from A to B.</summary>
    public Vector Normal;

    /// <summary>How many points the velocity solver takes: one where two would be nearly the same.</summary>
    public int Count;

    public ConstraintPoints Points;

    /// <summary>The 2 × 2 matrix by which normal impulses change normal velocities; it is symmetric.</summary>
    public float K11;

    public float K12;
    public float K22;

    /// <summary>The inverse of K, by columns.</summary>
    public float Inverse11;

    public float Inverse21;
    public float Inverse12;
    public float Inverse22;
}

/// <summary>A point of a contact while its velocity is solved.</summary>
internal struct ConstraintPoint
{
    /// <summary>From A's centre of mass.</summary>
    public Vector ArmA;

    public Vector ArmB;
    public float NormalMass;
    public float TangentMass;

    /// <summary>The rebound speed that is asked for, m/s.</summary>
    public float Bounce;
}

[InlineArray(2)]
internal struct ConstraintPoints
{
    private ConstraintPoint first;
}

/// <summary>The impulses of a contact's points that a solver accumulates, newton seconds.</summary>
internal struct ContactImpulses
{
    public float Normal1;
    public float Tangent1;
    public float Normal2;
    public float Tangent2;
}

/// <summary>Where a body is while an island is solved.</summary>
internal struct BodyPosition
{
    public Vector Centre;
    public float Angle;
}

/// <summary>How a body moves while an island is solved.</summary>
internal struct BodyVelocity
{
    public Vector Linear;
    public float Angular;
}

/// <summary>The length and the way of a step.</summary>
/// <param name="Duration">Seconds.</param>
/// <param name="Ratio">This duration by that of the step before; 0 at the first, which has no impulses to start from.</param>
/// <param name="VelocityIterations">Passes over all joints and contacts.</param>
/// <param name="PositionIterations">At most so many passes.</param>
/// <param name="WarmStart">Whether the latest step's impulses are the first guess.</param>
internal readonly record struct TimeStep(
    float Duration, float Ratio, int VelocityIterations, int PositionIterations, bool WarmStart);
