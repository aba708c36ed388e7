using Bellman.Environments.Box2D.Physics;
using Bellman.Environments.Rendering;

namespace Bellman.Environments.Box2D;

/// <content>
/// The picture. Smoke touches the ground alone, so it has a world of its own, which is played when a picture is asked for: steps only
/// remember what left the engines.
/// </content>
public sealed partial class LunarLander : IRenderable
{
    private const int MaxPuffs = 16;
    private const double PuffRadius = 2;      // pixels
    private const double PuffAging = 0.15;    // of a life, per picture; pictures count as taken after every step

    private static readonly Vector[] HullCorners =
        [Metres(-14, 17), Metres(-17, 0), Metres(-17, -10), Metres(17, -10), Metres(17, 0), Metres(14, 17)];

    private static readonly Vector[] LegCorners = [Metres(-2, -8), Metres(2, -8), Metres(2, 8), Metres(-2, 8)];

    private readonly Puff[] puffs = new Puff[MaxPuffs];
    private int nextPuff;
    private long steps;

    int IRenderable.Width => LunarLanderRenderer.Width;

    int IRenderable.Height => LunarLanderRenderer.Height;

    int IRenderable.FramesPerSecond => (int)FramesPerSecondOfTask;

    public void Render(Span<byte> pixels)
    {
        var renderer = new LunarLanderRenderer(pixels, ground);
        DrawSmoke(renderer);
        Draw(renderer, hull, HullCorners);
        Draw(renderer, leftLeg, LegCorners);
        Draw(renderer, rightLeg, LegCorners);
    }

    private static void Draw(in LunarLanderRenderer renderer, Body body, ReadOnlySpan<Vector> corners)
    {
        Span<Point> places = stackalloc Point[corners.Length];
        for (int i = 0; i < corners.Length; i++)
        {
            Vector place = body.ToWorld(corners[i]);
            places[i] = new Point(place.X, place.Y);
        }

        renderer.DrawPart(places);
    }

    private void AddPuff(in Puff puff)
    {
        puffs[nextPuff] = puff;
        nextPuff = (nextPuff + 1) % MaxPuffs;
    }

    // Puffs go in the order in which they came: a short-lived one stays, dark, until those before it are gone.
    private void DrawSmoke(in LunarLanderRenderer renderer)
    {
        int first = 0;
        while (first < MaxPuffs && LifeLeft(PuffAt(first)) < 0) first++;
        if (first == MaxPuffs) return;

        var smoke = new World(world.Gravity);
        BuildGround(smoke);
        Span<Body> bodies = new Body[MaxPuffs];
        int released = first;
        for (long step = PuffAt(first).Step; step <= steps; step++)
        {
            for (; released < MaxPuffs && PuffAt(released).Step == step; released++)
            {
                bodies[released] = Release(PuffAt(released), smoke);
            }

            smoke.Step(StepDuration, VelocityIterations, PositionIterations);
        }

        for (int i = first; i < MaxPuffs; i++)
        {
            Vector place = bodies[i].Position;
            renderer.DrawPuff(new Point(place.X, place.Y), LifeLeft(PuffAt(i)));
        }
    }

    /// <param name="index">0 for the oldest.</param>
    private ref Puff PuffAt(int index) => ref puffs[(nextPuff + index) % MaxPuffs];

    private double LifeLeft(in Puff puff)
    {
        if (puff.Life == 0) return -1;
        double life = puff.Life;
        for (long step = puff.Step; step <= steps && life >= 0; step++) life -= PuffAging;
        return life;
    }

    // It gets the impulse that the lander gets, the other way.
    private static Body Release(in Puff puff, World smoke)
    {
        Body body = smoke.CreateBody(new BodyDefinition(BodyKind.Dynamic, puff.Place));
        body.Attach(new FixtureDefinition(Shape.Circle((float)(PuffRadius / Scale)), puff.Density)
        {
            Friction = 0.1f,
            Restitution = 0.3f,
            Filter = new CollisionFilter(Category: 0x100, Mask: 1),
        });
        body.ApplyImpulse(puff.Impulse, puff.Place);
        return body;
    }

    /// <summary>Smoke as it leaves an engine.</summary>
    /// <param name="Place">Metres.</param>
    /// <param name="Impulse">Newton seconds.</param>
    /// <param name="Density">kg/m².</param>
    /// <param name="Life">The throttle, 0.5 to 1; 0 for no puff at all.</param>
    /// <param name="Step">The number of the step in which it left.</param>
    private readonly record struct Puff(Vector Place, Vector Impulse, float Density, double Life, long Step);
}
