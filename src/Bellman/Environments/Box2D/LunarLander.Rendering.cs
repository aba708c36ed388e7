using Bellman.Environments.Box2D.Physics;
using Bellman.Environments.Rendering;

namespace Bellman.Environments.Box2D;

/// <content>The picture. Smoke is drawn, not simulated with the rest: it never touches the lander.</content>
public sealed partial class LunarLander : IRenderable
{
    private const int MaxPuffs = 16;
    private const double PuffAging = 0.15;   // of a life, per step

    private static readonly Vector[] HullCorners =
        [Metres(-14, 17), Metres(-17, 0), Metres(-17, -10), Metres(17, -10), Metres(17, 0), Metres(14, 17)];

    private static readonly Vector[] LegCorners = [Metres(-2, -8), Metres(2, -8), Metres(2, 8), Metres(-2, 8)];

    private readonly Puff[] puffs = new Puff[MaxPuffs];
    private int nextPuff;

    int IRenderable.Width => LunarLanderRenderer.Width;

    int IRenderable.Height => LunarLanderRenderer.Height;

    int IRenderable.FramesPerSecond => (int)FramesPerSecondOfTask;

    public void Render(Span<byte> pixels)
    {
        var renderer = new LunarLanderRenderer(pixels, ground);
        for (int i = 0; i < MaxPuffs; i++)
        {
            Puff puff = puffs[(nextPuff + i) % MaxPuffs];
            if (puff.Life > 0) renderer.DrawPuff(new Point(puff.X, puff.Y), puff.Life);
        }

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

    /// <summary>A puff leaves the engine with the impulse that the lander gets, the other way.</summary>
    private void AddPuff(Vector point, double impulseX, double impulseY, double density, double life)
    {
        const double Area = Math.PI * (2 / Scale) * (2 / Scale);
        double mass = density * Area;
        puffs[nextPuff] = new Puff(point.X, point.Y, impulseX / mass, impulseY / mass, life);
        nextPuff = (nextPuff + 1) % MaxPuffs;
    }

    private void MovePuffs()
    {
        const double Duration = 1 / FramesPerSecondOfTask;
        foreach (ref Puff puff in puffs.AsSpan())
        {
            if (puff.Life <= 0) continue;
            double fall = puff.SpeedY + (options.Gravity * Duration);
            puff = new Puff(puff.X + (puff.SpeedX * Duration), puff.Y + (fall * Duration), puff.SpeedX, fall, puff.Life - PuffAging);
        }
    }

    /// <summary>Smoke: place (m), speed (m/s) and what is left of its life.</summary>
    private readonly record struct Puff(double X, double Y, double SpeedX, double SpeedY, double Life);
}
