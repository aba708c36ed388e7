namespace Bellman.Environments.Box2D.Physics;

/// <summary>A rotation as sine and cosine.</summary>
internal readonly record struct Rotation(float Sine, float Cosine)
{
    public static Rotation FromAngle(float angle)
    {
        (float sine, float cosine) = MathF.SinCos(angle);
        return new Rotation(sine, cosine);
    }

    public static Vector operator *(Rotation q, Vector v) =>
        new((q.Cosine * v.X) - (q.Sine * v.Y), (q.Sine * v.X) + (q.Cosine * v.Y));

    /// <summary>Turns back.</summary>
    public Vector Undo(Vector v) => new((Cosine * v.X) + (Sine * v.Y), (-Sine * v.X) + (Cosine * v.Y));

    /// <summary>This rotation seen from the frame of <paramref name="frame"/>.</summary>
    public Rotation In(Rotation frame) => new(
        (frame.Cosine * Sine) - (frame.Sine * Cosine),
        (frame.Cosine * Cosine) + (frame.Sine * Sine));
}

/// <summary>Where a body's own coordinates lie in the world.</summary>
internal readonly record struct Transform(Vector Position, Rotation Rotation)
{
    /// <summary>From a body's coordinates to the world's.</summary>
    public static Vector operator *(Transform t, Vector v) => new(
        (t.Rotation.Cosine * v.X) - (t.Rotation.Sine * v.Y) + t.Position.X,
        (t.Rotation.Sine * v.X) + (t.Rotation.Cosine * v.Y) + t.Position.Y);

    /// <summary>From the world's coordinates to the body's.</summary>
    public Vector Undo(Vector v) => Rotation.Undo(v - Position);

    /// <summary>This transform seen from <paramref name="frame"/>.</summary>
    public Transform In(Transform frame) =>
        new(frame.Rotation.Undo(Position - frame.Position), Rotation.In(frame.Rotation));

    /// <summary>The frame of a body that turns about its centre of mass.</summary>
    public static Transform Around(Vector centre, float angle, Vector localCentre)
    {
        var rotation = Rotation.FromAngle(angle);
        return new Transform(centre - (rotation * localCentre), rotation);
    }
}

/// <summary>The motion of a centre of mass over a step, from its start (or the latest impact) to its end.</summary>
internal struct Sweep
{
    /// <summary>The centre of mass in the body's coordinates.</summary>
    public Vector LocalCentre;

    public Vector StartCentre;
    public Vector Centre;
    public float StartAngle;
    public float Angle;

    /// <summary>The fraction of the step at which the start lies.</summary>
    public float StartTime;

    /// <param name="time">0 at the start, 1 at the end.</param>
    public readonly Transform At(float time)
    {
        Vector centre = ((1.0f - time) * StartCentre) + (time * Centre);
        float angle = ((1.0f - time) * StartAngle) + (time * Angle);
        return Transform.Around(centre, angle, LocalCentre);
    }

    /// <summary>Moves the start to a later fraction of the step.</summary>
    public void AdvanceStart(float time)
    {
        float share = (time - StartTime) / (1.0f - StartTime);
        StartCentre = ((1.0f - share) * StartCentre) + (share * Centre);
        StartAngle = ((1.0f - share) * StartAngle) + (share * Angle);
        StartTime = time;
    }

    /// <summary>Takes whole turns off, so that angles are interpolated near zero.</summary>
    public void Unwind()
    {
        const float Turn = 2.0f * Tuning.Pi;
        float turns = Turn * MathF.Floor(StartAngle / Turn);
        StartAngle -= turns;
        Angle -= turns;
    }
}
