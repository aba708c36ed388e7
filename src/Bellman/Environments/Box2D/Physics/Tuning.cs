namespace Bellman.Environments.Box2D.Physics;

/// <summary>Box2D 2.3's tolerances and limits: metres, radians, seconds.</summary>
internal static class Tuning
{
    public const float Pi = 3.14159265359f;

    /// <summary>The distance from 1 to the next float.</summary>
    public const float Epsilon = 1.1920929e-7f;

    /// <summary>Penetration and joint error that are tolerated, so that resting contacts persist.</summary>
    public const float LinearSlop = 0.005f;

    public const float AngularSlop = 2.0f / 180.0f * Pi;

    /// <summary>The skin of polygons and edges.</summary>
    public const float PolygonRadius = 2.0f * LinearSlop;

    public const int MaxPolygonVertices = 8;

    /// <summary>How far a box in the tree exceeds what it holds, so that small motions leave the tree alone.</summary>
    public const float BoundsMargin = 0.1f;

    /// <summary>A box in the tree reaches ahead by this many displacements.</summary>
    public const float BoundsLookahead = 2.0f;

    /// <summary>Impacts slower than this are inelastic, metres per second.</summary>
    public const float BounceThreshold = 1.0f;

    public const float MaxLinearCorrection = 0.2f;
    public const float MaxAngularCorrection = 8.0f / 180.0f * Pi;

    /// <summary>How far a body may move and turn in one step.</summary>
    public const float MaxTranslation = 2.0f;

    public const float MaxRotation = 0.5f * Pi;

    /// <summary>The share of a position error that is corrected per iteration, in a step and at a time of impact.</summary>
    public const float CorrectionRate = 0.2f;

    public const float ImpactCorrectionRate = 0.75f;

    /// <summary>How long a group of bodies must be still before it sleeps.</summary>
    public const float TimeToSleep = 0.5f;

    public const float LinearSleepTolerance = 0.01f;
    public const float AngularSleepTolerance = 2.0f / 180.0f * Pi;

    /// <summary>How many impacts of one contact are resolved within a step.</summary>
    public const int MaxImpactsPerContact = 8;

    /// <summary>How many contacts are solved together at an impact.</summary>
    public const int MaxImpactContacts = 32;

    public const int ImpactPositionIterations = 20;

    /// <summary>How often the search for a time of impact pushes the deepest point back.</summary>
    public const int MaxPushBacks = 16;

    public static float Clamp(float value, float low, float high)
    {
        float capped = value < high ? value : high;
        return low > capped ? low : capped;
    }
}
