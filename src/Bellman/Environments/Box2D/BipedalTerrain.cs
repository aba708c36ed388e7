using Bellman.Environments.Box2D.Physics;
using Bellman.Neural.Random;
using Bellman.Neural.State;

namespace Bellman.Environments.Box2D;

/// <summary>
/// The ground of <see cref="BipedalWalker"/>: 200 points of a random walk, and in the hardcore variant stumps, stairs and pits.
/// </summary>
internal sealed class BipedalTerrain : IStateful
{
    /// <summary>Points of the ground.</summary>
    public const int Length = 200;

    /// <summary>Metres between two points.</summary>
    public const double Spacing = 14 / BipedalWalker.Scale;

    /// <summary>The height at which the ground begins.</summary>
    public const double BaseHeight = 400 / BipedalWalker.Scale / 4;

    /// <summary>The ground is without obstacles for at least half of and less than so many points.</summary>
    public const int Grass = 10;

    /// <summary>The points that are flat at the start.</summary>
    public const int StartPad = 20;

    public const int Clouds = Length / 20;
    public const int CloudCorners = 5;

    private const float Friction = 2.5f;

    private readonly double[] heights = new double[Length];
    private readonly double[] clouds = new double[2 * CloudCorners * Clouds];
    private int[] bodies = new int[Length];
    private int bodyCount;
    private int obstacleCount;

    private enum Ground
    {
        Grass,
        Stump,
        Stairs,
        Pit,
    }

    /// <summary>Metres, of each point.</summary>
    public ReadOnlySpan<double> Heights => heights;

    /// <summary>Five corners (x, y) for each cloud, metres.</summary>
    public ReadOnlySpan<double> CloudCoordinates => clouds;

    /// <summary>The stumps, stairs and pit walls as bodies of the world.</summary>
    public ReadOnlySpan<int> Obstacles => bodies.AsSpan(0, obstacleCount);

    public void Generate(World world, Pcg64 random, bool hardcore)
    {
        bodyCount = 0;
        var state = Ground.Grass;
        bool begins = false;
        int counter = StartPad;
        double velocity = 0;
        double height = BaseHeight;
        double originalHeight = 0;
        Stairs stairs = default;
        for (int i = 0; i < Length; i++)
        {
            double x = i * Spacing;
            switch (state, begins)
            {
                case (Ground.Grass, false):
                    velocity = (0.8 * velocity) + (0.01 * Math.Sign(BaseHeight - height));
                    if (i > StartPad) velocity += random.Uniform(-1, 1) / BipedalWalker.Scale;
                    height += velocity;
                    break;
                case (Ground.Pit, true):
                    counter = (int)random.Integers(3, 5);
                    BuildBox(world, x, height, x + Spacing, height - (4 * Spacing));
                    BuildBox(world, x + (Spacing * counter), height, x + Spacing + (Spacing * counter), height - (4 * Spacing));
                    counter += 2;
                    originalHeight = height;
                    break;
                case (Ground.Pit, false):
                    height = originalHeight;
                    if (counter > 1) height -= 4 * Spacing;
                    break;
                case (Ground.Stump, true):
                    counter = (int)random.Integers(1, 3);
                    BuildBox(world, x, height, x + (counter * Spacing), height + (counter * Spacing));
                    break;
                case (Ground.Stairs, true):
                    stairs = Stairs.Draw(random);
                    originalHeight = height;
                    BuildStairs(world, stairs, x, height);
                    counter = stairs.Steps * stairs.Width;
                    break;
                case (Ground.Stairs, false):
                    double step = (double)((stairs.Steps * stairs.Width) - counter - stairs.Height) / stairs.Width;
                    height = originalHeight + (step * stairs.Height * Spacing);
                    break;
            }

            begins = false;
            heights[i] = height;
            counter--;
            if (counter == 0)
            {
                counter = (int)random.Integers(Grass / 2, Grass);
                state = state == Ground.Grass && hardcore ? (Ground)random.Integers(1, 4) : Ground.Grass;
                begins = true;
            }
        }

        obstacleCount = bodyCount;
        BuildGround(world);
    }

    public void DrawClouds(Pcg64 random)
    {
        const double Spread = 5 * Spacing;
        for (int i = 0; i < Clouds; i++)
        {
            double x = random.Uniform(0, Length) * Spacing;
            const double Y = 400 / BipedalWalker.Scale * 3 / 4;
            for (int corner = 0; corner < CloudCorners; corner++)
            {
                double angle = 3.14 * 2 * corner / 5;
                int index = 2 * ((i * CloudCorners) + corner);
                clouds[index] = x + (15 * Spacing * Math.Sin(angle)) + random.Uniform(0, Spread);
                clouds[index + 1] = Y + (5 * Spacing * Math.Cos(angle)) + random.Uniform(0, Spread);
            }
        }
    }

    /// <summary>Takes the ground out of the world, from the far end.</summary>
    public void Destroy(World world)
    {
        for (int i = bodyCount - 1; i >= 0; i--) world.Destroy(world.BodyAt(bodies[i]));
        bodyCount = 0;
        obstacleCount = 0;
    }

    public void Visit(IStateVisitor state)
    {
        state.Values(nameof(heights), heights.AsSpan());
        state.Values(nameof(clouds), clouds.AsSpan());
        state.Value(nameof(bodyCount), ref bodyCount);
        state.Value(nameof(obstacleCount), ref obstacleCount);
        if (bodyCount > bodies.Length) Array.Resize(ref bodies, bodyCount);
        state.Values(nameof(bodies), bodies.AsSpan(0, bodyCount));
    }

    private void BuildGround(World world)
    {
        for (int i = 0; i + 1 < Length; i++)
        {
            var start = new Vector((float)(i * Spacing), (float)heights[i]);
            var end = new Vector((float)((i + 1) * Spacing), (float)heights[i + 1]);
            Build(world, Shape.Edge(start, end));
        }
    }

    private void BuildStairs(World world, Stairs stairs, double x, double y)
    {
        for (int s = 0; s < stairs.Steps; s++)
        {
            BuildBox(
                world,
                x + (s * stairs.Width * Spacing),
                y + (s * stairs.Height * Spacing),
                x + ((1 + s) * stairs.Width * Spacing),
                y + ((-1 + (s * stairs.Height)) * Spacing));
        }
    }

    private void BuildBox(World world, double left, double y1, double right, double y2) => Build(world, Shape.Polygon(
    [
        new Vector((float)left, (float)y1),
        new Vector((float)right, (float)y1),
        new Vector((float)right, (float)y2),
        new Vector((float)left, (float)y2),
    ]));

    private void Build(World world, in Shape shape)
    {
        Body body = world.CreateBody(new BodyDefinition(BodyKind.Static));
        body.Attach(new FixtureDefinition(shape) { Friction = Friction });
        if (bodyCount == bodies.Length) Array.Resize(ref bodies, 2 * bodyCount);
        bodies[bodyCount++] = body.Index;
    }

    /// <param name="Height">1 up, −1 down.</param>
    /// <param name="Width">Points per step.</param>
    /// <param name="Steps">How many.</param>
    private readonly record struct Stairs(int Height, int Width, int Steps)
    {
        public static Stairs Draw(Pcg64 random)
        {
            int height = random.NextDouble() > 0.5 ? 1 : -1;
            int width = (int)random.Integers(4, 5);
            return new Stairs(height, width, (int)random.Integers(3, 5));
        }
    }
}
