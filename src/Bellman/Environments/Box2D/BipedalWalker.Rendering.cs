using Bellman.Environments.Box2D.Physics;
using Bellman.Environments.Rendering;

namespace Bellman.Environments.Box2D;

/// <content>The picture.</content>
public sealed partial class BipedalWalker : IRenderable
{
    private static readonly Vector[] HullCorners = [Metres(-30, 9), Metres(-30, -8), Metres(34, -8), Metres(34, 1), Metres(6, 9)];
    private static readonly Vector[] UpperCorners = Limb(LegWidth);
    private static readonly Vector[] LowerCorners = Limb(0.8 * LegWidth);
    private static readonly Rgb HullFill = new(127, 51, 229);
    private static readonly Rgb HullEdge = new(76, 76, 127);

    private int frames;

    int IRenderable.Width => BipedalWalkerRenderer.Width;

    int IRenderable.Height => BipedalWalkerRenderer.Height;

    int IRenderable.FramesPerSecond => (int)FramesPerSecondOfTask;

    public void Render(Span<byte> pixels)
    {
        Body hull = world.BodyAt(parts.Hull);
        var renderer = new BipedalWalkerRenderer(pixels, hull.Position.X - (Width / 5));
        for (int cloud = 0; cloud < BipedalTerrain.Clouds; cloud++)
        {
            const int Numbers = 2 * BipedalTerrain.CloudCorners;
            renderer.DrawCloud(terrain.CloudCoordinates.Slice(cloud * Numbers, Numbers));
        }

        renderer.DrawMeadow(terrain.Heights);
        DrawRay(renderer, hull.Position);
        foreach (int obstacle in terrain.Obstacles)
        {
            Shape shape = world.ShapeOf(obstacle);
            Draw(renderer, world.BodyAt(obstacle), shape.Vertices[..shape.Count], Rgb.White, new Rgb(153, 153, 153));
        }

        renderer.DrawGround(terrain.Heights);
        DrawLeg(renderer, parts.FirstUpper, parts.FirstLower, shade: 25);
        DrawLeg(renderer, parts.SecondUpper, parts.SecondLower, shade: -25);
        Draw(renderer, hull, HullCorners, HullFill, HullEdge);
        renderer.DrawFlag();
    }

    private static Vector[] Limb(double width) =>
    [
        new((float)(-width / 2), (float)(-LegHeight / 2)), new((float)(width / 2), (float)(-LegHeight / 2)),
        new((float)(width / 2), (float)(LegHeight / 2)), new((float)(-width / 2), (float)(LegHeight / 2)),
    ];

    private static void Draw(in BipedalWalkerRenderer renderer, Body body, ReadOnlySpan<Vector> corners, Rgb fill, Rgb edge)
    {
        Span<Point> places = stackalloc Point[corners.Length];
        for (int i = 0; i < corners.Length; i++)
        {
            Vector place = body.ToWorld(corners[i]);
            places[i] = new Point(place.X, place.Y);
        }

        renderer.DrawPart(places, fill, edge);
    }

    private void DrawLeg(in BipedalWalkerRenderer renderer, int upper, int lower, int shade)
    {
        var fill = new Rgb((byte)(153 + shade), (byte)(76 + shade), (byte)(127 + shade));
        var edge = new Rgb((byte)(102 + shade), (byte)(51 + shade), (byte)(76 + shade));
        Draw(renderer, world.BodyAt(upper), UpperCorners, fill, edge);
        Draw(renderer, world.BodyAt(lower), LowerCorners, fill, edge);
    }

    // One ray a frame, there and back, then a pause: the lidar seems to sweep.
    private void DrawRay(in BipedalWalkerRenderer renderer, Vector position)
    {
        frames = (frames + 1) % 100;
        if (frames >= 2 * LidarRays) return;
        int ray = frames < LidarRays ? frames : (2 * LidarRays) - frames - 1;
        (double x, double y) = RayDirections[ray];
        renderer.DrawRay(
            new Point(position.X, position.Y),
            new Point(position.X + (x * lidar[ray]), position.Y - (y * lidar[ray])));
    }
}
